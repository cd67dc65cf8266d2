; `]t` goes to the next visit, `]f` to the next block of treatment, `]e` to the next field;
; `maf` selects a block, `mif` its details.

(visit) @class.around
(visit
  (visit_heading)
  (_)+ @class.inside)

(modality) @function.around
(modality
  [(field) (text)]+ @function.inside)

(field) @entry.around
(field
  value: (value) @entry.inside)

(comment) @comment.inside
(comment)+ @comment.around
