"""Open a crate in a JupyterLab: sessions on this machine, and what every other target is."""
