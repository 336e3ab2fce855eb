"""Single changes to real outputs, each labelled real or benign: what the comparison is held to.

Outputs come from the real libraries; one change is made at a time. `tools/single_changes.py` runs
all of it and writes docs/single-changes.md; tests/properties runs a sample.
"""
