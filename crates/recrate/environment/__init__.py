"""Say what a study needs in order to run (a lock), and have it again (an environment).

A lock comes from the author's running kernel, from what the study declares, or from what its
imports let us infer, in this order of trust; `realise` rebuilds it from the configured indexes.
"""
