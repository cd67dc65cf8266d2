; In vim mode: `]]` goes to the next visit, `]m` to the next block of treatment.

(visit) @class.around
(visit
  (visit_heading)
  (_)* @class.inside)

(modality) @function.around
(modality
  [(field) (text)]+ @function.inside)

(comment)+ @comment.around
