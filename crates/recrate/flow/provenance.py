"""Who replayed a crate, when, and with what verdict: what this installation knows, and others.

Every replay is remembered by a line in `runs.jsonl`: where its folder lies and of which crate it
is. What came out is read from the folder itself, so that judging or signing it again shows; the
line is what is left where the folder is gone.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock

from recrate.crate.addressing import address_of, doi_in
from recrate.crate.document import read_document
from recrate.crate.read import read_crate
from recrate.crate.signature_check import check_signature, read_signature
from recrate.crate.signing import SIGNATURE
from recrate.crate.signing_keys import SigningSettings
from recrate.flow.ledger import Ledger
from recrate.flow.provenance_online import Elsewhere, Reported, reports_of
from recrate.flow.settings import Settings
from recrate.flow.work import MARKER, ReplayFolder
from recrate.model.crate import Crate
from recrate.model.errors import BadInput, NotFound, RecrateError
from recrate.model.wire import from_plain, to_plain
from recrate.outside.archive import Archive
from recrate.outside.disk import disk_errors

RUNS = "runs.jsonl"
SignatureState = Literal["trusted", "unknown key", "broken"]
_STATES: dict[str, SignatureState] = {
    "signature-valid": "trusted",
    "signature-unknown-key": "unknown key",
    "signature-invalid": "broken",
    "signature-mismatch": "broken",
}
_IDENTITY = re.compile(r"[0-9a-f]{64}")
_MOST_IN_A_FOLDER = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """One replay of a crate.

    place:       its folder on this machine, or its record's address elsewhere
    source:      `here`, or `datacite`
    crate:       identity of the replayed crate, None where only its DOI is known
    verdict:     None where nobody says it in words that we know
    compared, outputs: the coverage, None where it is not told
    date:        ISO, of the replay's end, elsewhere of publication
    who:         who signed or published it; empty where nobody is named
    key:         fingerprint of the key that signed it
    signature:   how that signature stands, None where there is none or it was not looked at
    doi:         of the published verdict, bare
    note:        what else one should know
    """

    place: str
    source: str
    crate: str | None = None
    crate_name: str = ""
    verdict: str | None = None
    compared: int | None = None
    outputs: int | None = None
    date: str = ""
    who: str = ""
    key: str | None = None
    signature: SignatureState | None = None
    doi: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The crate that is asked for: its identity, its bare DOI, or both."""

    identity: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A line of the ledger."""

    run: KnownRun
    crate_doi: str | None
    remembered: str


def wanted_crate(where: str | Path) -> Wanted:
    """Return what a person means: a crate's file or folder, a replay's folder, a DOI, an identity.

    Raises NotFound for what is none of these.
    """
    said = str(where).strip()
    path = Path(where)
    if path.exists():
        folder = ReplayFolder(root=path)
        crate = folder.read_crate() if (path / MARKER).is_file() else read_crate(path)
        return Wanted(identity=crate.identity, doi=_doi_of(crate))
    if _IDENTITY.fullmatch(said):
        return Wanted(identity=said)
    doi = doi_in(said)
    if doi is None:
        raise NotFound(
            "no crate, replay, DOI or identity",
            where=said,
            hint="give a path, a DOI such as 10.5072/abc, or the 64 signs of an identity",
        )
    return Wanted(doi=doi)


def runs_ledger(settings: Settings) -> Path:
    """Return where the replays of this installation are remembered."""
    return settings.publish.ledger.parent / RUNS


def remember_run(ledger: Path, folder: Path, *, now: str) -> None:
    """Add a replay that was judged to the ledger; many may do so at once.

    Raises NotFound where nothing was judged in `folder`, OutsideFailed when the disk lets us down.
    """
    crate = ReplayFolder(root=folder).read_crate()
    run = _bare_run(folder.resolve(), crate)
    line = json.dumps(
        to_plain(_Entry(run=run, crate_doi=_doi_of(crate), remembered=now)), ensure_ascii=False
    )
    with disk_errors(ledger):
        ledger.parent.mkdir(parents=True, exist_ok=True)
        with (
            FileLock(ledger.with_name(f".{ledger.name}.lock"), timeout=30),
            ledger.open("a+b") as stream,
        ):
            if stream.seek(0, os.SEEK_END):
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    stream.write(b"\n")  # a line that a crash cut off stays by itself
            stream.write(line.encode("utf-8", "replace") + b"\n")
            stream.flush()
            os.fsync(stream.fileno())


def runs_of(
    wanted: Wanted,
    *,
    ledger: Path,
    folders: Iterable[Path] = (),
    signing: SigningSettings | None = None,
    published: Mapping[str, str] | None = None,
) -> tuple[KnownRun, ...]:
    """Return the replays of a crate that this installation knows, the newest first.

    folders:   replays, or folders of replays, beside those that the ledger remembers
    signing:   whose signatures are believed
    published: folder → DOI of its published verdict, as `published_verdicts` returns it
    """
    entries = {one.run.place: one for one in _entries(ledger)}
    for folder in folders:
        entries |= {one.run.place: one for one in _found_in(folder)}
    identities: set[str | None] = {wanted.identity}
    if wanted.doi:
        identities |= {one.run.crate for one in entries.values() if _same(one, wanted.doi)}
    fitting = [one.run for one in entries.values() if one.run.crate in identities - {None}]
    told = (_look(one, signing or SigningSettings()) for one in fitting)
    dois = published or {}
    return _newest_first(replace(one, doi=dois.get(one.place)) for one in told)


def runs_elsewhere(wanted: Wanted, *, elsewhere: Elsewhere) -> tuple[KnownRun, ...]:
    """Return the replays that others published, as DataCite knows them, the newest first.

    Raises BadInput for a crate that has no DOI, and what the web raises.
    """
    if wanted.doi is None:
        raise BadInput(
            "a crate without a DOI is known nowhere else",
            where=wanted.identity or "",
            hint="publish it with `recrate publish`, or leave --online out",
        )
    return _newest_first(_reported(one) for one in reports_of(wanted.doi, elsewhere))


def published_verdicts(ledger: Ledger) -> dict[str, str]:
    """Return folder → DOI of the replays that were published from here."""
    found = {}
    for one in reversed(ledger.deposits()):
        receipt = one.receipt() if one.head.is_replay else None
        if receipt is not None and receipt.doi:
            found[one.head.source] = receipt.doi
    return found


def _newest_first(runs: Iterable[KnownRun]) -> tuple[KnownRun, ...]:
    return tuple(sorted(runs, key=lambda one: (one.date, one.place), reverse=True))


def _reported(report: Reported) -> KnownRun:
    return KnownRun(
        place=f"https://doi.org/{report.doi}",
        source="datacite",
        crate_name=report.title,
        verdict=report.verdict,
        compared=report.compared,
        outputs=report.outputs,
        date=report.date,
        who=", ".join(report.creators),
        doi=report.doi,
        note=report.note,
    )


def _same(entry: _Entry, doi: str) -> bool:
    return entry.crate_doi is not None and entry.crate_doi.lower() == doi.lower()


def _doi_of(crate: Crate) -> str | None:
    return address_of(crate).doi or doi_in(crate.location)


def _entries(ledger: Path) -> Iterator[_Entry]:
    """Yield the lines that can be read; the last one of a folder counts."""
    if not ledger.is_file():
        return
    with disk_errors(ledger), ledger.open("rb") as stream:
        for line in stream:
            try:
                yield from_plain(json.loads(line), _Entry, where=str(ledger))
            except (ValueError, BadInput):
                continue


def _found_in(folder: Path) -> Iterator[_Entry]:
    """Yield the replay that `folder` is, or those that lie in it."""
    with disk_errors(folder):
        places = [folder] if (folder / MARKER).is_file() else sorted(folder.glob(f"*/{MARKER}"))
    for place in places[:_MOST_IN_A_FOLDER]:
        root = place if place == folder else place.parent
        try:
            crate = ReplayFolder(root=root).read_crate()
            run = _bare_run(root.resolve(), crate)
        except RecrateError:
            continue
        yield _Entry(run=run, crate_doi=_doi_of(crate), remembered="")


def _bare_run(root: Path, crate: Crate) -> KnownRun:
    """Return what a judged replay says of itself, its signature aside."""
    folder = ReplayFolder(root=root)
    verdict = folder.read_verdict()
    return KnownRun(
        place=str(root),
        source="here",
        crate=crate.identity,
        crate_name=crate.name,
        verdict=verdict.verdict.value,
        compared=verdict.coverage.compared,
        outputs=verdict.coverage.outputs,
        date=max((one.ended for one in folder.observations()), default=""),
    )


def _look(known: KnownRun, signing: SigningSettings) -> KnownRun:
    """Return a run as it lies now; as it was remembered where its folder is gone."""
    root = Path(known.place)
    try:
        folder = ReplayFolder(root=root)
        folder.read_head()
        crate = folder.read_crate()
        if crate.identity != known.crate:
            return replace(known, note="another replay lies there now")
        return _with_signature(_bare_run(root, crate), root, signing)
    except NotFound:
        return replace(known, note="its folder is gone")
    except RecrateError as error:
        return replace(known, note=f"its folder cannot be read: {error.message}")


def _with_signature(run: KnownRun, root: Path, signing: SigningSettings) -> KnownRun:
    if not (root / SIGNATURE).is_file():
        return run
    with Archive(root) as archive:
        document = read_document(archive)
        found = tuple(check_signature(archive, document, archive.sha256, settings=signing))
    states = [_STATES[one.code] for one in found if one.code in _STATES]
    state = next(iter(states), None)
    if state in {None, "broken"}:
        return replace(run, signature=state, note="; ".join(one.message for one in found[:1]))
    signature = read_signature((root / SIGNATURE).read_bytes())
    return replace(run, signature=state, who=signature.person, key=signature.fingerprint)
