//! What the world says: codes, pairs, limits and vocabularies, each table with its source and date.
