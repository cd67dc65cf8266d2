(visit_key) @keyword
(date) @string.special
(section_name) @markup.heading
(key) @property
(procedure_code) @function
(modifier) @attribute
(clock_range) @number
(duration) @number
(unit_claim) @number
(diagnosis_pointer) @label
(comment) @comment @spell
(text) @spell
(value) @spell
(continuation) @spell
