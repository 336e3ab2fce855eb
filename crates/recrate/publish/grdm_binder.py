"""What NII's Binder reads in a project: `.binder/`, made from a crate's lock and data references.

The launcher of GakuNin RDM marks the files it wrote with a hash of the rest in the first line. A
file whose mark does not fit was edited by a person, and neither it nor we touch it again.

Source: https://github.com/RCOSDP/RDM-ember-osf-web (the mark), and
https://github.com/RCOSDP/CS-repo2docker, repo2docker/contentproviders/rdm/README.md (`paths.yaml`)
"""

import hashlib
import re
from dataclasses import dataclass

import yaml

from recrate.model.environment import Lock, plain_requirements
from recrate.model.study import DataReference
from recrate.outside.archive import complaint_of

FOLDER = ".binder"
PATHS = "paths.yaml"
REQUIREMENTS = "requirements.txt"
RUNTIME = "runtime.txt"
APT = "apt.txt"
STRONGER = ("Dockerfile", "environment.yml")
"""Files that repo2docker obeys instead of `requirements.txt`, where they are there too."""
DEFAULT_STORAGE_PATH = "$default_storage_path"
_MARK = re.compile(r"# rdm-binderhub:hash:([a-z0-9]+)")
_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SPACE += "\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What `trim` of ECMAScript takes off: the mark is of the text without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Something of the project's storages that a session finds in its home folder.

    kind:   `copy`, or `link`: not copied, and read from the project itself
    source: `/provider/path`, or `$default_storage_path/path`
    target: relative to the home folder, `.` or beginning with `./`
    """

    kind: str
    source: str
    target: str


def marked(body: str) -> bytes:
    """Return a file with its mark: `# rdm-binderhub:hash:`, the MD5 of the body, then the body."""
    return f"# rdm-binderhub:hash:{_hash(body)}\n{body}".encode()


def was_edited(content: bytes) -> bool:
    """Say whether a person wrote or edited a file: its mark is not there, or does not fit."""
    text = content.decode("utf-8", "replace")
    first, _, body = text.partition("\n")
    if not text.strip(_SPACE):
        return False
    mark = _MARK.fullmatch(first)
    return mark is None or mark[1] != _hash(body)


def _hash(body: str) -> str:
    plain = body.strip(_SPACE).encode()
    return hashlib.md5(plain, usedforsecurity=False).hexdigest()


def environment_files(lock: Lock | None) -> dict[str, bytes]:
    """Return name → content of the files that repo2docker builds the environment from.

    `runtime.txt` has no mark, for its first line is read; who wrote `requirements.txt` wrote it.
    Empty for a study without Python.
    """
    if lock is None or lock.language != "python" or not lock.python:
        return {}
    minor = ".".join(lock.python.split(".")[:2])
    files = {
        REQUIREMENTS: marked(plain_requirements(lock.requirements)),
        RUNTIME: f"python-{minor}\n".encode(),
    }
    if lock.system_packages:
        files[APT] = marked("".join(f"{name}\n" for name in lock.system_packages))
    return files


def crate_mount(provider: str, folder: tuple[str, ...], *, is_default: bool) -> Mount:
    """Return how the crate's files come into the home folder: copied, so that a run may write."""
    storage = DEFAULT_STORAGE_PATH if is_default else f"/{provider}"
    return Mount(kind="copy", source="/".join((storage, *folder)), target=".")


def data_mount(reference: DataReference, provider: str, path: str) -> Mount | None:
    """Return how an input that lies in the project is linked to where the notebooks read it.

    path: of names in the storage. None where a path is not plain: it could lead elsewhere.
    """
    source = path.strip("/")
    for one in (reference.path, source):
        if complaint_of(one) or one.endswith("/") or DEFAULT_STORAGE_PATH in one:
            return None
    return Mount(kind="link", source=f"/{provider}/{source}", target=f"./{reference.path}")


def paths_file(mounts: tuple[Mount, ...]) -> bytes:
    """Return `paths.yaml`: only what it names is in a session, in place of the whole storage."""
    document = {
        "override": True,
        "paths": [{"type": one.kind, "source": one.source, "target": one.target} for one in mounts],
    }
    return marked(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1 << 30))
