"""papermill's own client, held to what one replay may take in."""

from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine
from nbclient.exceptions import CellExecutionError


class ReplayClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of one notebook in a kernel that is already there."""


class ReplayEngine(Engine):  # type: ignore[misc]
    """papermill's engine around a kernel of ours."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run the cells; `kernel` and the client's own options come as keywords."""
        kernel = kwargs.pop("kernel")
        kwargs.pop("log_output", None)
        kwargs.pop("input_path", None)
        client = ReplayClient(nb_man, km=kernel, **kwargs)
        client.kc = kernel.client
        client.reset_execution_trackers()
        client.papermill_execute_cells()
        if kernel.info:
            client.nb.metadata["language_info"] = kernel.info["language_info"]
        client.set_widgets_metadata()


_ = CellExecutionError
