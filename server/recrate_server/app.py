"""The application that Jupyter Server loads: its name, its settings, its routes."""

from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Integer, Unicode, default

from recrate_server.handlers.routes import routes
from recrate_server.i18n import translate_settings
from recrate_server.services import (
    SECTIONS,
    Limits,
    Services,
    core_settings,
    merged_configuration,
)


class RecrateServer(ExtensionApp):
    """Recrate's half in Jupyter Server."""

    name = "recrate_server"
    extension_url = "/recrate"
    load_other_extensions = True
    description = "Package, replay and review studies inside JupyterLab"
    classes = [*SECTIONS]  # noqa: RUF012  a trait of the base class

    data_folder = Unicode(
        help="Folder of jobs, their results and history. No cache: deleting it forgets them."
    ).tag(config=True)
    jobs_at_once = Integer(
        2, min=1, help="How many long jobs (pack, verify, replay) run at the same time; more wait."
    ).tag(config=True)
    jobs_per_user = Integer(
        20, min=1, help="How many jobs one person may have waiting or running."
    ).tag(config=True)
    end_jobs_with_server = Bool(
        False,
        help="Whether running jobs end when the server stops; else they go on and are found again.",
    ).tag(config=True)
    unsandboxed = Bool(
        False,
        help=(
            "Whether crates may run without a sandbox. Only for machines that are thrown away "
            "afterwards: a crate is a stranger's program."
        ),
    ).tag(config=True)

    @default("data_folder")
    def _in_jupyters_data_folder(self) -> str:
        return str(Path(jupyter_data_dir()) / "recrate")

    def initialize_settings(self) -> None:
        """Read the configuration and make what lives as long as the server."""
        translate_settings(self.log)
        assert self.serverapp is not None, "Jupyter Server links the extension before this"
        plain = merged_configuration(self.serverapp.config)
        self.settings["recrate"] = Services(
            log=self.log,
            data=Path(self.data_folder).absolute(),
            settings=core_settings(plain, unsandboxed=self.unsandboxed),
            limits=Limits(jobs_at_once=self.jobs_at_once, jobs_per_user=self.jobs_per_user),
            unsandboxed=self.unsandboxed,
        )

    def initialize_handlers(self) -> None:
        """Add the routes; Jupyter Server puts its base URL in front."""
        self.handlers.extend(routes())
