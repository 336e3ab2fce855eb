"""The only windows: disk, archives, the web, processes and the sandbox around them."""
