"""Target `container`: a crate's image is built once, and run with limits, without the network."""
