"""An image of a crate: its Dockerfile, what it is built from, and what runs in it."""
