"""Target `container`: a crate's image on podman or docker, without the network, gone afterwards."""

import contextlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from recrate.launch.target import Cargo, Running, Workshop
from recrate.model.deposit import Option, OptionKind
from recrate.model.finding import Finding
from recrate.model.launch import AboutTarget, Launched, LaunchOrder, TargetCapabilities
from recrate.model.progress import Progress
from recrate.outside.disk import disk_errors
from recrate.outside.grants import usual_memory_bytes
from recrate_binder.container import checks
from recrate_binder.container.bases import BASE, bundle_of, make_trusting, trusting
from recrate_binder.container.builds import BuildOrder, build_image
from recrate_binder.container.engine import Engine, find_engine
from recrate_binder.container.images import (
    COMMAND,
    copied_of,
    python_of,
    recipe_versions,
    variables_of,
    write_configuration,
)
from recrate_binder.container.kept import (
    Kept,
    keeping,
    owner_now,
    reap_containers,
    reap_folders,
)
from recrate_binder.container.running import (
    InContainer,
    RunOrder,
    start_container,
)

OPTIONS = (
    Option(
        name="engine",
        label_en="Container engine",
        label_ja="コンテナエンジン",
        kind=OptionKind.CHOICE,
        choices=("", "podman", "docker"),
        help_en="Empty: podman where it is installed, else docker.",
        help_ja="空欄: podman があれば podman、なければ docker。",
    ),
    Option(
        name="base",
        label_en="Base image",
        label_ja="ベースイメージ",
        default=BASE,
        help_en="`{python}` stands for the version of the lock, 3.11.",
        help_ja="`{python}` はロックの Python のバージョン(3.11 など)に置き換わります。",
    ),
    Option(
        name="ca",
        label_en="Certificate authorities",
        label_ja="認証局の証明書",
        help_en="A bundle in PEM that builds trust; `no`: only what the base image trusts.",
        help_ja="ビルド時に信頼する PEM ファイル。`no`: ベースイメージのものだけ。",
    ),
)


@dataclass
class Container:
    """Builds the crate's image once, and opens it in a container."""

    answers: Mapping[str, str]
    workshop: Workshop

    about = AboutTarget(
        kind="container",
        title_en="A container (podman or docker)",
        title_ja="コンテナ(podman または docker)",
        capabilities=TargetCapabilities(
            starts=True, walls="container", limits=True, wants="crate", languages=checks.LANGUAGES
        ),
        options=OPTIONS,
    )

    def check(self, cargo: Cargo, order: LaunchOrder) -> tuple[Finding, ...]:
        """Say what would not work: no engine, no room, a language or machine that it cannot be."""
        return checks.check(cargo, order, engine=self._engine, build=lambda: self._build(cargo))

    def launch(self, cargo: Cargo, order: LaunchOrder, progress: Progress) -> Running:
        """Build the image unless it is there, run it, and return once JupyterLab answers."""
        began = time.monotonic()
        engine = self._engine()
        self._reap(engine)
        build = self._build(cargo)
        progress("image", 0, 0, build.base)
        built = build_image(
            build,
            engine,
            prepare=lambda folder: self._prepare(build, cargo, engine, folder),
            progress=progress,
        )
        with contextlib.ExitStack() as leave:
            folder, kept = self._new_session(engine)
            leave.enter_context(keeping(folder, kept))
            token = secrets.token_urlsafe(32)
            run = RunOrder(
                id=folder.name,
                owner=kept.owner,
                image=built.image,
                folder=folder,
                copied=copied_of(cargo),
                command=COMMAND,
                variables=variables_of(order, token),
                memory_bytes=order.memory_bytes or usual_memory_bytes(),
                processors=order.processors,
                network=order.network,
            )
            progress("start", 0, 1, "JupyterLab")
            inside = start_container(run, engine, token=token)
            progress("start", 1, 1, "JupyterLab")
            notebook = quote(order.notebook or cargo.crate.notebooks[0])
            launched = Launched(
                target="container",
                url=f"http://127.0.0.1:{inside.port}/lab/tree/{notebook}?token={token}",
                session=folder.name,
                waits=True,
                seconds=time.monotonic() - began,
            )
            return InContainer(launched=launched, inside=inside, leave=leave.pop_all())
        raise AssertionError  # an ExitStack hides no error

    def reap(self) -> tuple[str, ...]:
        """Take away containers, half-made images and folders of launches that were killed."""
        return self._reap(self._engine())

    def _reap(self, engine: Engine) -> tuple[str, ...]:
        folders = reap_folders(self._sessions, engine.variables)
        return folders + reap_containers(engine)

    def _base(self, cargo: Cargo) -> str:
        return (self._answer("base") or BASE).replace("{python}", python_of(cargo))

    def _bundle(self) -> Path | None:
        return bundle_of(self._answer("ca"), self.workshop.variables)

    def _build(self, cargo: Cargo) -> BuildOrder:
        return BuildOrder(
            crate=cargo.path,
            identity=cargo.crate.identity,
            base=trusting(self._base(cargo), self._bundle()),
            recipe=recipe_versions(self.workshop),
            folder=self.workshop.cache / "containers",
        )

    def _prepare(self, build: BuildOrder, cargo: Cargo, engine: Engine, folder: Path) -> None:
        make_trusting(self._base(cargo), self._bundle(), engine)
        write_configuration(folder, build.base, self.workshop)

    def _new_session(self, engine: Engine) -> tuple[Path, Kept]:
        name = secrets.token_hex(8)
        folder = self._sessions / name
        with disk_errors(folder):
            folder.mkdir(parents=True, mode=0o700)
        return folder, Kept(owner=owner_now(), engine=engine, container=f"recrate-{name}")

    @property
    def _sessions(self) -> Path:
        return self.workshop.data / "containers"

    def _engine(self) -> Engine:
        return find_engine(self._answer("engine"), self.workshop.variables)

    def _answer(self, name: str) -> str:
        return str(self.answers.get(name, ""))
