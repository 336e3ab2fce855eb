"""What one pass over a study's folder finds: notebooks, what their code touches, and findings.

The door is `scan.inventory.take_inventory`; the codes of all findings stand in `scan.codes`.
Nothing of the study is run, and no file of it is changed.
"""
