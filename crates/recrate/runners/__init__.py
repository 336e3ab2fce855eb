"""Places that run: each starts `python -m recrate.worker FOLDER` somewhere, and says when it ends."""
