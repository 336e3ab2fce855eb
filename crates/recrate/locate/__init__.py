"""Find a crate by path, address or DOI, and bring it here whole and verified."""
