"""One record, written in the terms of each place that takes it: one file per form.

Every form starts from the same `model.record.Record`, so all of them say the same. `formats` lists
them; which field goes to which element stands in docs/metadata.md.
"""
