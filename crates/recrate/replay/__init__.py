"""Replay: run a study's notebooks again within walls, and write down everything that was seen."""
