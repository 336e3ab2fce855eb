"""Many crates: lists of them, the journal of what became of each, and what is tried again."""
