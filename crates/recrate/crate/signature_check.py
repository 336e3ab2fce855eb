"""Check the signature of a run crate: whose it is, whether it holds, and what it was given for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recrate.crate.document import Document, text
from recrate.crate.names import shown
from recrate.crate.run_entities import environment_in_words
from recrate.crate.run_witness import WITNESS
from recrate.crate.signing import (
    ENVELOPE_LIMIT_BYTES,
    PAYLOAD_TYPE,
    PREDICATE_TYPE,
    SIGNATURE,
    STATEMENT_TYPE,
    Digest,
    Run,
    envelope_bytes,
    facts_of,
    signed_files,
)
from recrate.crate.signing_keys import SigningSettings, read_public, trusted_fingerprints
from recrate.model.crate import Crate
from recrate.model.errors import BadInput, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.model.observation import Observation
from recrate.model.verdict import Verdict
from recrate.model.wire import from_json
from recrate.model.witness import Witness
from recrate.outside.archive import Archive

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer._key import SSlibKey

VERDICT, HEAD, CRATE = "verdict.json", "replay.json", "crate.json"
_FILE_LIMIT_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a signature says, once it was verified. `fingerprint`: of the key that made it."""

    fingerprint: str
    person: str
    signed: str
    facts: Mapping[str, Any]
    subject: str


def read_signature(content: bytes) -> Signature:
    """Verify an envelope with the key that it carries, and return what was signed.

    That says who holds to it, not whether they are to be believed: compare the fingerprint. Raises
    BadInput for what is no envelope of ours, or was changed by so much as a blank.
    """
    try:
        envelope = _envelope_of(content)
        statement = json.loads(envelope.payload)
        key = _key_of(statement)
        envelope.verify([key], 1)
        return _told(statement, key.keyid)
    except Exception as error:
        raise BadInput(
            f"the signature does not hold: {_why(error)}",
            where=SIGNATURE,
            hint="verdict or signature were changed after signing: do not rely on either",
        ) from error


def _envelope_of(content: bytes) -> "Envelope":
    from securesystemslib.dsse import Envelope  # noqa: PLC0415 - brings cryptography, 50 ms

    said = json.loads(content)
    as_it_was = envelope_bytes(said) == content
    if said["payloadType"] != PAYLOAD_TYPE or len(said["signatures"]) != 1:
        raise ValueError("it is no statement with one signature")
    envelope = Envelope.from_dict(said)
    if not as_it_was or envelope_bytes(envelope.to_dict()) != content:
        raise ValueError("it was written anew by something else")
    return envelope


def _key_of(statement: Any) -> "SSlibKey":
    pem = statement["predicate"]["recrate"]["signer"]["publicKey"]
    if not isinstance(pem, str):
        raise TypeError("it names no key")
    return read_public(pem)


def _told(statement: Any, fingerprint: str) -> Signature:
    if (statement["_type"], statement["predicateType"]) != (STATEMENT_TYPE, PREDICATE_TYPE):
        raise ValueError("it is no statement about a replay")
    facts = dict(statement["predicate"]["recrate"])
    signer = facts["signer"]
    (subject,) = statement["subject"]
    return Signature(
        fingerprint=fingerprint,
        person=shown(str(signer["person"])),
        signed=shown(str(facts["signed"])),
        facts=facts,
        subject=str(subject["digest"]["recrate-identity"]),
    )


def _why(error: Exception) -> str:
    if isinstance(error, KeyError | TypeError | AttributeError):
        return "it says not what it must"
    if type(error).__module__.startswith("securesystemslib"):
        return "signature and statement do not belong together"
    return shown(str(error))[:200]


def is_run_crate(archive: Archive, prefix: str) -> bool:
    """Say whether a crate is a replay that was judged."""
    return all(prefix + name in archive.entries for name in (VERDICT, HEAD))


def check_signature(
    archive: Archive, document: Document, digest: Digest, *, settings: SigningSettings | None
) -> Iterator[Finding]:
    """Yield what there is to say of a run crate's signature; nothing of a crate that is no run.

    digest: gives the SHA-256 of a path in the archive, and may remember it
    """
    prefix = document.prefix
    if prefix + SIGNATURE not in archive.entries:
        if is_run_crate(archive, prefix):
            yield _found(
                Severity.NOTE,
                "not-signed",
                "nobody has signed this verdict",
                hint="sign it with `recrate sign`, so that others can see whose it is",
            )
        return
    try:
        content = archive.read(prefix + SIGNATURE, limit_bytes=ENVELOPE_LIMIT_BYTES)
        signature = read_signature(content)
    except RecrateError as error:
        yield _found(Severity.ERROR, "signature-invalid", error.message, hint=error.hint)
        return
    troubles = tuple(_mismatches(archive, document, digest, signature))
    yield from (
        _found(
            Severity.ERROR,
            "signature-mismatch",
            what,
            hint="the run crate was changed after it was signed: get it again, or sign it anew",
        )
        for what in troubles
    )
    if not troubles:
        yield _whose(signature, settings or SigningSettings())


def _whose(signature: Signature, settings: SigningSettings) -> Finding:
    by = f" by {signature.person}" if signature.person else ""
    told = f"signed{by} on {signature.signed[:10]} with the key {signature.fingerprint}"
    if signature.fingerprint in trusted_fingerprints(settings):
        return _found(Severity.NOTE, "signature-valid", told)
    return _found(
        Severity.WARNING,
        "signature-unknown-key",
        f"{told}, which is not among the keys you trust",
        hint="ask the verifier for the key's fingerprint on another way, then trust the key",
    )


def _mismatches(
    archive: Archive, document: Document, digest: Digest, signature: Signature
) -> Iterator[str]:
    """Yield each thing that is not as it was signed."""
    try:
        run = read_run(archive, document.prefix, digest)
    except RecrateError as error:
        yield f"the run crate cannot be read as one: {error.message}"
        return
    words = {
        "observations": "what the runs saw is not what was signed",
        "policy": "the policy is not the one that was signed",
        "judge": "the comparer is not the one that was signed",
        "verdict": "the verdict is not the one that was signed",
        "verdictFile": f"{VERDICT} is not the one that was signed",
        "notebooks": "which notebooks were run is not what was signed",
        "coverage": "the coverage is not the one that was signed",
        "run": "files of the run crate were added, removed or changed after signing",
        "crate": "the replayed crate is not the one that was signed for",
    }
    for name, measured in facts_of(run).items():
        if signature.facts.get(name) != measured:
            yield words.get(name, f"{name} is not what was signed")
    if signature.subject != run.crate:
        yield words["crate"]
    yield from _metadata_mismatches(document, run)


def _metadata_mismatches(document: Document, run: Run) -> Iterator[str]:
    """Yield where the metadata, which no signature covers, say other than what was signed."""
    stated = text(document.entities.get("#verdict-value", {}), "value")
    if stated is not None and stated != run.verdict.verdict.value:
        yield "the metadata state another verdict than was signed"
    identity = text(document.entities.get("#replayed-crate-identity", {}), "value")
    if identity is not None and identity != run.crate:
        yield "the metadata name another crate than was signed for"


def read_run(archive: Archive, prefix: str, digest: Digest) -> Run:
    """Return a run crate as it lies; raises BadInput where it lacks what every run crate has."""

    def read(name: str) -> bytes:
        return archive.read(prefix + name, limit_bytes=_FILE_LIMIT_BYTES)

    paths = [path.removeprefix(prefix) for path in archive.entries if path.startswith(prefix)]
    verdict = from_json(read(VERDICT), Verdict, where=VERDICT)
    if verdict.after_repair:
        raise BadInput(
            "is of a patched copy: no verdict of the crate, which nothing may state as one",
            where=VERDICT,
            hint="name the folder of the replay itself, in which this one lies",
        )
    crate = from_json(read(CRATE), Crate, where=CRATE)
    observations = [
        from_json(read(path), Observation, where=path)
        for path in sorted(paths)
        if path.startswith("observations/") and path.count("/") == 2
        if path.endswith("/observation.json")
    ]
    if any(one.crate != crate.identity for one in observations):
        raise BadInput(
            "its observations are of another crate",
            where=CRATE,
            hint="get the run crate again from whoever replayed it",
        )
    return Run(
        crate=crate.identity,
        crate_name=crate.name,
        published=len(crate.notebooks),
        files=signed_files(paths, lambda path: digest(prefix + path)),
        verdict=verdict,
        ended=max((one.ended for one in observations), default=""),
        environment=environment_in_words(observations),
        witness=from_json(read(WITNESS), Witness, where=WITNESS)
        if verdict.by_hand and prefix + WITNESS in archive.entries
        else None,
    )


def _found(severity: Severity, code: str, message: str, *, hint: str = "") -> Finding:
    return find(severity, code, message, hint=hint, path=SIGNATURE)
