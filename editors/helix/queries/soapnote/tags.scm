; What the symbol picker lists while the language server is not there.
(visit
  (visit_heading
    (date) @name)) @definition.class

(modality
  code: (procedure_code) @name) @definition.function
