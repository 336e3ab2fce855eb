"""A crate on a BinderHub: links that work there, what will not, a badge, and our own provider."""
