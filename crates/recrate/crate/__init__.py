"""Crates: planned, written, read, unpacked and checked; and what a replay becomes."""
