"""What one attempt's container is given: its folders, its limits, and a worker's environment."""

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recrate.crate.read import read_crate
from recrate.flow.tasks import TaskOrder, read_order
from recrate.model.errors import BadInput, RecrateError
from recrate.model.runner import Attempt
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.grants import usual_memory_bytes
from recrate.runners.local import usable_processors
from recrate.runners.runner import MODULE
from recrate_binder.container.runner_image import own_minor
from recrate_binder.container.runner_walls import Box

WORKER_BYTES = 512 << 20
"""What a worker and its tools take beside the kernel whose memory it watches itself."""
LEAST_BYTES = 64 << 20
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,100}")
_MINOR = re.compile(r"3\.\d{1,2}")
_PASSED = (
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"),
    *("UV_INDEX_STRATEGY", "UV_PYTHON_INSTALL_MIRROR", "UV_HTTP_TIMEOUT", "TZ"),
)
"""Where packages are fetched from, and how; cells see none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What all containers of a pool have in common.

    python:  interpreter that runs recrate inside; network: of the worker, not of cells
    mounts:  more to read; bundle: of authorities, mounted where the image has none of its own
    user:    (uid, gid) of workers inside
    """

    campaign: str
    owner: str
    cache: Path
    kept: Path
    python: str
    network: bool
    mounts: tuple[Path, ...] = ()
    gpus: str = ""
    bundle: Path | None = None
    user: tuple[int, int] = (0, 0)

    @property
    def variables(self) -> Path:
        """The file that holds the workers' environment."""
        return self.kept / "variables"

    @property
    def configuration(self) -> Path:
        """The folder where a worker finds what is configured, when its order says nothing else."""
        return self.kept / "configuration"


def write_terms(terms: Terms, outer: Mapping[str, str]) -> None:
    """Write the environment and the configuration of the pool's workers.

    outer: the process environment; of it only proxies and package indexes are handed on
    """
    told = {name: outer[name] for name in _PASSED if outer.get(name) and "\n" not in outer[name]}
    told |= {"HOME": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108 - the container's own
    told |= {"JUPYTER_CONFIG_DIR": str(terms.configuration.resolve())}
    if terms.bundle is not None:
        names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
        told |= dict.fromkeys(names, str(terms.bundle.resolve()))
    with disk_errors(terms.kept):
        terms.kept.mkdir(parents=True, exist_ok=True)
        terms.cache.mkdir(parents=True, exist_ok=True)
        terms.variables.touch(mode=0o600)
    write_text(terms.variables, "".join(f"{name}={value}\n" for name, value in told.items()))
    terms.variables.chmod(0o600)
    configured = {"Recrate": {"cache": str(terms.cache)}}
    write_text(terms.configuration / "recrate_config.json", json.dumps(configured))


def check_attempt(attempt: Attempt) -> None:
    """Raise BadInput for an attempt that no container can be named or made for."""
    if not _ID.fullmatch(attempt.id):
        raise BadInput(
            "is no name of an attempt",
            where=repr(attempt.id[:100]),
            hint="letters, digits, dots, dashes and underscores make a container's name",
        )
    if attempt.memory_bytes is not None and attempt.memory_bytes < LEAST_BYTES:
        raise BadInput(
            f"nothing runs within {attempt.memory_bytes} bytes of memory",
            where=attempt.id,
            hint="give it 1G or more",
        )


def order_of(attempt: Attempt) -> TaskOrder | None:
    """Return what the attempt is told; None where its worker will find nothing it can do."""
    try:
        return read_order(Path(attempt.folder))
    except RecrateError:
        return None


def minor_of(order: TaskOrder | None) -> str:
    """Return the minor version of the Python of the lock; ours where there is none."""
    try:
        lock = read_crate(Path(order.crate)).lock if order else None
    except (RecrateError, OSError):  # the worker will say what is wrong with it
        return own_minor()
    found = _MINOR.match(lock.python) if lock and lock.language.lower() == "python" else None
    return found[0] if found else own_minor()


def box_of(attempt: Attempt, order: TaskOrder | None, terms: Terms, image: str) -> Box:
    """Return the container for an attempt; its replay's folder is made, so that it can be seen."""
    folder = Path(attempt.folder)
    readable = [*terms.mounts, terms.configuration]
    writable = [folder, terms.cache]
    if order is not None:
        destination = Path(order.destination)
        with disk_errors(destination):
            destination.mkdir(parents=True, exist_ok=True)
        readable += [Path(one) for one in (order.crate, order.config) if one and Path(one).exists()]
        writable += [destination, *([Path(order.cache)] if order.cache else [])]
    if terms.bundle is not None:
        readable.append(terms.bundle)
    return Box(
        name=name_of(terms.campaign, attempt.id),
        campaign=terms.campaign,
        owner=terms.owner,
        image=image,
        readable=tuple(readable),
        writable=tuple(writable),
        memory_bytes=memory_of(attempt, order),
        processors=min(max(1, attempt.processors), usable_processors()),
        seconds=attempt.seconds,
        network=terms.network or bool(order and order.options.allow_network),
        variables=terms.variables,
        inner=(terms.python, "-m", MODULE, str(folder)),
        hostname=f"{platform.node().partition('.')[0][:40]}-container",
        gpus=terms.gpus,
        user=terms.user,
    )


def name_of(campaign: str, attempt: str) -> str:
    """Return the name of an attempt's container."""
    return f"recrate-{campaign}-{attempt}"


def memory_of(attempt: Attempt, order: TaskOrder | None) -> int:
    """Return the bytes that the container may take.

    The worker watches its kernel's memory and says so when it is used up, which is a verdict. If
    the container were no larger, the kernel would be killed before that, and nobody would know why.
    """
    kernel = order.limits.memory_bytes if order else None
    if attempt.memory_bytes is None and kernel is None:
        return usual_memory_bytes() + WORKER_BYTES
    return max(attempt.memory_bytes or 0, kernel + WORKER_BYTES if kernel else 0)
