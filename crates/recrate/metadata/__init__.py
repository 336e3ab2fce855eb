"""What people say of a study, merged from its own metadata files: title, people, licence, sources.

The doors are `metadata.describe.describe` and `metadata.references.refer`.
"""
