"""What the tests of `recrate_binder` share: podman and a base image."""

from containers import podman, python_base

__all__ = ["podman", "python_base"]
