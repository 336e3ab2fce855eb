"""How uv is asked: its process environment, what its complaints mean, an index that is away."""

import re

from recrate.environment.settings import EnvironmentSettings
from recrate.model.errors import DiskFull, OutsideFailed
from recrate.outside.process import Finished

_UNREACHABLE = re.compile(
    r"error sending request|dns error|tcp connect|connection (?:refused|reset|closed)"
    r"|network is unreachable|operation timed out|invalid peer certificate"
    r"|http status server error|status code 50\d|network connectivity is disabled|os error 111",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"no space left on device|disk quota exceeded|os error (?:28|122)\b", re.IGNORECASE
)
_PLACE = re.compile(r"(?:file|directory|at|to) `([^`]{1,300})`")
_KEPT = re.compile(
    r"UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|INDEX_STRATEGY|KEYRING_PROVIDER"
    r"|INDEX_\w+_(USERNAME|PASSWORD)|CACHE_DIR|OFFLINE|HTTP_\w+|REQUEST_TIMEOUT|INSECURE_HOST"
    r"|NATIVE_TLS|SYSTEM_CERTS|CONFIG_FILE|NO_CONFIG|CONCURRENT_\w+|PYTHON_INSTALL_DIR"
    r"|PYTHON_INSTALL_MIRROR|CREDENTIALS_DIR)"
)
_OWN_INDEX = {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}
_UNFIT = re.compile(
    r"VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|PYTHON(PATH|HOME|STARTUP)|UV_.*|RUST_LOG"
)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def uv_variables(settings: EnvironmentSettings) -> dict[str, str]:
    """Return the process environment for uv: the person's, without what would change answers.

    Of uv's own variables those stay that say where packages come from; one that chooses versions
    would make the same study lock differently for different people. Pip's index counts where uv
    has none of its own: a mirror of the house is usually told to pip.
    """
    kept = {
        name: value
        for name, value in settings.variables.items()
        if _KEPT.fullmatch(name) or not _UNFIT.fullmatch(name)
    }
    if settings.variables.get("PIP_INDEX_URL") and not kept.keys() & _OWN_INDEX:
        kept["UV_DEFAULT_INDEX"] = settings.variables["PIP_INDEX_URL"]
    return {**kept, "UV_PREVIEW_FEATURES": "pylock", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}


def evidence_of(told: Finished) -> str:
    """Return what uv says is wrong, on one line, at most 600 characters, without secrets."""
    if told.timed_out:
        return "the time limit was reached"
    text = re.sub(r"[×╰─▶│]", " ", _ANSI.sub("", told.error or told.out))
    text = re.sub(r"(?m)^warning: .*$|^\s*(error|cause):\s*", "", text)
    text = re.sub(
        r"No solution found when resolving dependencies.*?(?=Because|$)", "", text, flags=re.DOTALL
    )
    return re.sub(r"//[^/@\s]+@", "//", " ".join(text.split()))[:600]


def raise_if_let_down(told: Finished) -> None:
    """Raise OutsideFailed when an index did not answer, DiskFull when uv had no space to write.

    Neither is ever taken for "these versions do not exist".
    """
    if _FULL.search(told.error):
        raise DiskFull(
            "the disk is full, or a quota is used up",
            where=_place_of(told.error),
            hint="free some space, or set c.Recrate.cache to another place",
        )
    if told.timed_out or _UNREACHABLE.search(told.error):
        raise OutsideFailed(
            f"the package index cannot be reached: {evidence_of(told)}",
            hint="look at the network and the configured index; `recrate pack --no-lock` asks none",
        )


def _place_of(text: str) -> str:
    """Return the path that uv complains of, if it names one."""
    found = _PLACE.search(text)
    return found[1] if found else ""
