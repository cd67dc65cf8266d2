; Capture names of tree-sitter and Neovim. Where several patterns match a node, the last one counts.

(visit_key) @markup.heading.1
(section_name) @markup.heading.2
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

; Only prose is worth a spelling check: not a key, not a code.
[(text) (value) (continuation) (word) (comment)] @spell

(comment) @comment
