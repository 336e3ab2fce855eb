"""Say whether a rerun repeats what was recorded: pure functions from notebooks to a verdict.

`judge` looks at a whole study, `cells` and `outputs` bring the two sides together, `kinds` picks
who compares an output (text, tables, markup, structures, pixels), `causes` says why a run stopped.
Nothing here opens a file, reads a clock or trusts what a notebook says of itself.
"""
