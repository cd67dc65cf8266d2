; Capture names of Zed's themes. Where several patterns match a node, the last one counts.

(visit_key) @title
(section_name) @title
(date) @string.special

(key) @property

(procedure_code) @function
(modifier) @attribute
(clock_range) @number
(duration) @number
(unit_claim) @number
(diagnosis_pointer) @label

["," ";" ":" "-"] @punctuation.delimiter
["(" ")" "[" "]"] @punctuation.bracket

(comment) @comment
