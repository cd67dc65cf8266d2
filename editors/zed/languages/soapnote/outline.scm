; Visits, their sections, and the blocks of treatment.

(visit
  (visit_heading
    (visit_key) @context
    (date) @name)) @item

; A visit without a date that can be read: its heading's own words name it.
(visit
  (visit_heading
    (visit_key) @context
    .
    (text) @name)) @item

(visit
  (visit_heading
    (visit_key) @name
    .)) @item

(section
  (section_heading
    (section_name) @name)) @item

(modality
  code: (procedure_code) @name) @item
