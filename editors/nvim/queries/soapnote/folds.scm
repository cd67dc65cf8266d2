; A chart folds into its visits, a visit into its sections, those into what has lines below it.
[
  (visit)
  (section)
  (modality)
  (field)
] @fold
