"""What the tests of the server share: a Jupyter Server in the test's own process."""

from pytest_jupyter.jupyter_server import *  # noqa: F403  fixtures and the hook that runs async tests
