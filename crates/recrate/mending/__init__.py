"""Mend: the edits that fixes are made of, each as small as it can be, and the way back.

Nothing here decides what is wrong; `flow.mending` puts findings and edits together.
"""
