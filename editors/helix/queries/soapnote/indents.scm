; Details stand below the code of their block, two blanks to the right.
(modality) @indent
