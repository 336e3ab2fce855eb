"""Sign a replay: vouch for what its folder or zip file holds, with a key of one's own."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from recrate.crate.document import find_metadata, parse, read_document
from recrate.crate.metadata_text import to_bytes
from recrate.crate.names import NOT_PAYLOAD
from recrate.crate.read import read_opened
from recrate.crate.runs import with_signature
from recrate.crate.signature_check import is_run_crate, read_run
from recrate.crate.signing import SIGNATURE, UNFINISHED, run_identity, sign_run, signed_files
from recrate.crate.signing_keys import SigningSettings, read_signer
from recrate.flow.work import ReplayFolder
from recrate.model.crate import METADATA_NAME, CrateFile
from recrate.model.errors import BadInput, NotFound
from recrate.model.verdict import Verdict
from recrate.outside.archive import Archive, Member, write_zip
from recrate.outside.disk import (
    disk_errors,
    media_type_of,
    scratch_folder,
    sha256_of,
    writing,
)

_DAMAGE = frozenset({"file-missing", "undeclared-file", "crates-within"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A replay that was signed. `fingerprint`: of the key, for others to recognise it by."""

    location: Path
    fingerprint: str
    verdict: Verdict


def sign_replay(location: Path, settings: SigningSettings, *, now: str, agent: str) -> Signed:
    """Sign the run crate at `location`, a replay's folder or a zip file of one, in its place.

    now: ISO moment
    An earlier signature gives way. Raises NotFound where nothing was judged, BadInput where no key
    is configured, and where files are not what the metadata say: that nobody should vouch for.
    """
    if not location.exists():
        raise NotFound(
            "no such replay", where=str(location), hint="name the folder of a replay, or its zip"
        )
    if location.is_dir():
        folder = ReplayFolder(root=location)
        folder.read_head()
        folder.read_verdict()
        with folder.judging():
            return _sign(folder, settings, now=now, agent=agent, where=location)
    with scratch_folder(parent=location.parent, prefix=UNFINISHED) as scratch:
        paths = _extract(location, scratch / "run")
        folder = ReplayFolder(root=scratch / "run")
        signed = _sign(folder, settings, now=now, agent=agent, where=location)
        names = sorted({*paths, SIGNATURE} - set(NOT_PAYLOAD))
        about = [name for name in NOT_PAYLOAD if (folder.root / name).is_file()]
        write_zip(
            [Member(path=path, source=folder.root / path) for path in names],
            location,
            finish=lambda _: [Member(path=name, source=folder.root / name) for name in about],
        )
    return signed


def _extract(location: Path, folder: Path) -> tuple[str, ...]:
    """Unpack a run crate as it lies, and return its paths."""
    with Archive(location) as archive:
        prefix, _ = find_metadata(archive)
        refuse_other_crates(archive, prefix)
        places = {
            path: path.removeprefix(prefix) for path in archive.entries if path.startswith(prefix)
        }
        archive.extract(places, folder, expected={})
    return tuple(places.values())


def refuse_other_crates(archive: Archive, prefix: str) -> None:
    """Raise BadInput for a crate that is no replay, or one that was not judged."""
    if not is_run_crate(archive, prefix):
        raise BadInput(
            "this is no replay that was judged",
            where=str(archive.location),
            hint="name what `recrate replay CRATE -o DIR` wrote; a study itself has no verdict",
        )


def _sign(
    folder: ReplayFolder, settings: SigningSettings, *, now: str, agent: str, where: Path
) -> Signed:
    signer = read_signer(settings)
    folder.settle()
    with Archive(folder.root) as archive:
        document = read_document(archive)
        _refuse_damage(archive, where)
        run = read_run(archive, document.prefix, archive.sha256)
    content = sign_run(run, signer, person=settings.person, signed=now, agent=agent)
    with folder.replacing() as draft:
        signature = draft / SIGNATURE
        with writing(signature) as stream:
            stream.write(content)
        file = CrateFile(
            path=SIGNATURE,
            sha256=sha256_of(signature),
            size_bytes=len(content),
            media_type=media_type_of(SIGNATURE),
        )
        with writing(draft / METADATA_NAME) as stream:
            stream.write(to_bytes(with_signature(document.whole, file)))
    return Signed(location=where, fingerprint=signer.public_key.keyid, verdict=run.verdict)


def _refuse_damage(archive: Archive, where: Path) -> None:
    """Raise BadInput for files that are not those that the metadata tell of."""
    crate = read_opened(archive)
    odd = [one.path for one in crate.findings if one.code in _DAMAGE]
    odd += [
        one.path
        for one in crate.files
        if one.path in archive.entries and archive.sha256(one.path) != one.sha256
    ]
    odd = [path for path in odd if path and path != SIGNATURE and not path.startswith(UNFINISHED)]
    if odd:
        raise BadInput(
            f"{odd[0]} is not what the metadata say of it, or is not named there",
            where=str(where),
            hint="judge it again with `recrate judge`, and look at the verdict before signing",
        )


def still_signed(root: Path, draft: Path) -> bool:
    """Say whether the signature in `root` holds for what will lie there once `draft` is in place.

    That is so where judging again gave the same bytes.
    """
    place = root / SIGNATURE
    if not place.is_file():
        return False
    with disk_errors(place):
        try:
            envelope = parse(place.read_bytes(), where=str(place))
            payload = json.loads(base64.b64decode(str(envelope.get("payload", "")), validate=True))
            named = payload["predicate"]["recrate"]["run"]["identity"]
        except (BadInput, ValueError, KeyError, TypeError):
            return False
        files = signed_files(_paths(root), lambda path: sha256_of(root / path))
        files |= signed_files(_paths(draft), lambda path: sha256_of(draft / path))
    return bool(named == run_identity(files))


def _paths(folder: Path) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]
