"""Places that run: each starts `python -m recrate.worker FOLDER`, and says when it ended."""
