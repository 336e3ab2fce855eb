"""Run a crate somewhere else: repo2docker, containers, BinderHub and JupyterHub."""
