; What the symbol picker lists while the language server is not there.
(visit
  (visit_heading
    (date) @name)) @definition.class

; `Visit 3 - 11/20/2026`, which is one word of the grammar
(visit
  (visit_heading
    (visit_key) @name
    (#match? @name "\\d"))) @definition.class

(modality
  code: (procedure_code) @name) @definition.function
