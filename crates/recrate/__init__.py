"""Recrate: package a notebook study as an RO-Crate, replay it, and say whether it still holds.

The rooms, bottom to top: `model` (nouns), `outside` (the only windows to disk, network and
processes), then the siblings `scan`, `environment`, `metadata`, `crate`, `replay`, `compare` and
`report`, then `flow` (whole paths) and `cli` (one file per verb). ARCHITECTURE.md draws the house.
"""

__version__ = "0.1.0"
