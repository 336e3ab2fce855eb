"""The image that a crate's image begins with, with this machine's own authorities where it has any.

Where certificates are checked by an authority that only this machine knows, nothing could be
fetched inside a build. So its bundle goes into an image between the base and the crate's.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from recrate.model.errors import BadInput, OutsideFailed
from recrate.outside.disk import scratch_folder, write_text
from recrate_binder.container.engine import Engine, last_line

BASE = "python:{python}-slim"
REPOSITORY = "localhost/recrate-base"
INSIDE = "/etc/ssl/certs/recrate-bundle.crt"
_TOLD_BY = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
LIMIT_BYTES = 8 << 20


def bundle_of(answer: str, variables: Mapping[str, str]) -> Path | None:
    """Return the bundle of authorities to build with: the answer's, else the environment's.

    `no` as the answer: none, whatever the environment says. Raises BadInput where a file is named
    that is not there, or that holds no certificate.
    """
    if answer == "no":
        return None
    told = answer or next((variables[name] for name in _TOLD_BY if variables.get(name)), "")
    if not told:
        return None
    path = Path(told)
    if not path.is_file() or path.stat().st_size > LIMIT_BYTES:
        if not answer:
            return None
        raise BadInput("no such bundle of certificates", where=told, hint="--set ca FILE")
    if b"-----BEGIN CERTIFICATE-----" not in path.read_bytes():
        raise BadInput("holds no certificate", where=told, hint="a bundle in PEM is wanted")
    return path


def trusting(base: str, bundle: Path | None) -> str:
    """Return the name of the image like `base` that trusts a bundle, whether it is there or not."""
    if bundle is None:
        return base
    told = hashlib.sha256(b"\n".join((base.encode(), bundle.read_bytes()))).hexdigest()
    return f"{REPOSITORY}:{told[:24]}"


def make_trusting(base: str, bundle: Path | None, engine: Engine) -> None:
    """Make that image unless it is there; raises OutsideFailed where the base cannot be had."""
    name = trusting(base, bundle)
    if bundle is None or engine.has_image(name):
        return
    with scratch_folder() as folder:
        (folder / "bundle.crt").write_bytes(bundle.read_bytes())
        (folder / "bundle.crt").chmod(0o644)
        trusted = " ".join(f"{one}={INSIDE}" for one in _TOLD_BY)
        text = f"FROM {base}\nCOPY bundle.crt {INSIDE}\nENV {trusted}\n"
        write_text(folder / "Dockerfile", text)
        done = engine.run("build", "--tag", name, folder, timeout_seconds=1800)
    if done.code:
        raise OutsideFailed(
            f"the base image cannot be had: {last_line(done.error)}",
            where=base,
            hint="`--set base IMAGE` names another one",
        )
