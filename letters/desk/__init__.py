"""The desk's pages on letters: what was written, what became of it, what was reported, and the counts."""
