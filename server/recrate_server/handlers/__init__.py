"""One file per group of routes; what may be asked and by whom is in `openapi.yaml`."""
