; Scope names of Helix's themes. Where several patterns match a node, the last one counts.

(visit_key) @markup.heading.1
(section_name) @markup.heading.2
(date) @string.special

(key) @variable.other.member

(procedure_code) @function
(modifier) @attribute
(clock_range) @constant.numeric
(duration) @constant.numeric
(unit_claim) @constant.numeric
(diagnosis_pointer) @label

["," ";" ":" "-"] @punctuation.delimiter
["(" ")" "[" "]"] @punctuation.bracket

(comment) @comment.line
