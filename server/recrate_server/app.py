"""The application that Jupyter Server loads: its name, its settings, its routes."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Float, Integer, Unicode, default

from recrate.configuration import take_secrets
from recrate.flow.places import places
from recrate.flow.settings import Settings
from recrate.launch.lab import SESSION_VARIABLE
from recrate_server.handlers.routes import routes
from recrate_server.i18n import translate_settings
from recrate_server.jobs.model import Job, Kind
from recrate_server.jobs.settings import DeskSettings
from recrate_server.office import Office
from recrate_server.remembering import Memory
from recrate_server.services import (
    SECTIONS,
    Limits,
    Plain,
    Services,
    configured_tokens,
    core_settings,
    merged_configuration,
)
from recrate_server.session import SessionDoor
from recrate_server.tokens import NO_KEYRING, Tokens, only_typed


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
    light_jobs_at_once = Integer(
        2, min=1, help="How many scans, checks and judgings run at the same time."
    ).tag(config=True)
    jobs_per_user = Integer(
        20, min=1, help="How many jobs one person may have waiting or running."
    ).tag(config=True)
    end_jobs_with_server = Bool(
        False,
        help="Whether running jobs end when the server stops; else they go on and are found again.",
    ).tag(config=True)
    cancel_patience = Float(
        5.0, min=0, help="Seconds that a cancelled job has to save what it saw."
    ).tag(config=True)
    unsandboxed = Bool(
        False,
        help=(
            "Whether crates may run without a sandbox. Only for machines that are thrown away "
            "afterwards: a crate is a stranger's program."
        ),
    ).tag(config=True)

    session = Unicode(
        help="Folder of the session that this JupyterLab was opened in: what a reviewer's view is "
        "of. Set by `recrate launch` through RECRATE_SESSION."
    ).tag(config=True)

    @default("session")
    def _as_launched(self) -> str:
        return os.environ.get(SESSION_VARIABLE, "")

    @default("data_folder")
    def _in_jupyters_data_folder(self) -> str:
        return str(Path(jupyter_data_dir()) / "recrate")

    def initialize_settings(self) -> None:
        """Read the configuration and make what lives as long as the server."""
        translate_settings(self.log)
        server = self.serverapp
        assert server is not None, "Jupyter Server links the extension before this"
        assert server.event_logger is not None, "made before extensions are"
        plain = merged_configuration(server.config)
        plain.setdefault("Publish", {}).setdefault(
            "ledger", str(Path(self.data_folder).absolute() / "deposits")
        )
        if self.session:
            plain.get("Signing", {}).pop("key", None)
        settings = core_settings(plain, unsandboxed=self.unsandboxed)
        secrets = take_secrets()
        signing = {name: told for name, told in secrets.items() if "SIGNING" in name}
        if self.session:
            tokens, signing = only_typed(), dict(NO_KEYRING)
        else:
            tokens = Tokens(
                known=settings.publish.token, configured=configured_tokens(server.config)
            )
        self.office = Office(
            self.desk_settings(plain),
            variables=self.secrets_of_workers(settings, tokens, signing),
            events=server.event_logger,
            busy=lambda moment: self.settings["last_activity_times"].update(recrate=moment),
            log=self.log,
        )
        self.settings["recrate"] = Services(
            log=self.log,
            data=Path(self.data_folder).absolute(),
            settings=settings,
            limits=Limits(jobs_at_once=self.jobs_at_once, jobs_per_user=self.jobs_per_user),
            unsandboxed=self.unsandboxed,
            office=self.office,
            memory=Memory(folder=Path(self.data_folder).absolute()),
            tokens=tokens,
            door=SessionDoor(folder=self.session, log=self.log),
        )
        server.io_loop.add_callback(self.office.begin)

    def secrets_of_workers(
        self, settings: Settings, tokens: Tokens, signing: Mapping[str, str]
    ) -> Callable[[Job], Mapping[str, str]]:
        """Return what gives a worker its secrets: tokens to publish, else the signing key."""

        def variables(job: Job) -> Mapping[str, str]:
            if job.kind is not Kind.PUBLISH:
                return signing
            named = (one.name for one in places(settings))
            return (NO_KEYRING if self.session else {}) | tokens.variables(job.user, named)

        return variables

    def desk_settings(self, plain: Plain) -> DeskSettings:
        """Return what the desk is told; `plain` goes on to the workers."""
        return DeskSettings(
            folder=Path(self.data_folder).absolute(),
            at_once=self.jobs_at_once,
            light_at_once=self.light_jobs_at_once,
            per_user=self.jobs_per_user,
            workers=plain,
            unsandboxed=self.unsandboxed,
            end_workers=self.end_jobs_with_server,
            patience_seconds=self.cancel_patience,
        )

    def initialize_handlers(self) -> None:
        """Add the routes; Jupyter Server puts its base URL in front."""
        self.handlers.extend(routes())

    async def stop_extension(self) -> None:
        """Leave the jobs to the next server, or end them, as configured."""
        await self.office.close()
