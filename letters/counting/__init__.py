"""Counting: what was written, handed over, received and reported. Four numbers, never added up."""
