"""The front door for people without Jupyter: one file per verb, and the only place that prints."""
