[
  (visit)
  (section)
  (modality)
  (field)
] @fold
