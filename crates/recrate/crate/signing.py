"""Signed verdicts: who vouches for a replay, and whether the run crate is what they saw.

`verdict.intoto.json` is a DSSE envelope with an in-toto Statement v1 in it:
https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md

The predicate is in-toto's own Test Result v0.1,
https://in-toto.io/attestation/test-result/v0.1: a replay is a test of published notebooks, its
configuration is the policy, its tests are the notebooks. So tools that know the type read `PASSED`,
`WARNED` or `FAILED` without knowing us. What they have no word for stands in one extension field,
`recrate`, as https://github.com/in-toto/attestation/blob/main/spec/v1/README.md allows.
`PASSED` is said only where every notebook was run and every recorded output holds.

subject:       the crate that was replayed; its digest `recrate-identity` is defined in
               `model.crate.identity_of`, and is named so because it is no hash of a file
observations:  `identity_of` the files below `observations/`: observation.json of every run, the
               executed notebooks, and what they wrote; paths are relative to the run crate
run:           `identity_of` the whole run crate without this file. The statement cannot hold its
               own hash; so the file is part of the crate and of its identity, and the statement
               names the identity that the crate has without it. Metadata and preview are in no
               identity, as everywhere: a DOI may come later.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recrate.crate.names import NOT_PAYLOAD
from recrate.crate.signing_keys import public_pem
from recrate.model.crate import identity_of
from recrate.model.policies import policy_text
from recrate.model.verdict import Coverage, Judgement, Verdict
from recrate.model.wire import to_plain
from recrate.model.witness import Witness

if TYPE_CHECKING:
    from securesystemslib.signer._crypto_signer import CryptoSigner

SIGNATURE = "verdict.intoto.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
ENVELOPE_LIMIT_BYTES = 4 << 20
OBSERVATIONS = "observations/"
UNFINISHED = ".recrate-"

Digest = Callable[[str], str]
"""Gives the SHA-256, in hex, of a file of the run crate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run crate as it lies: what a statement is made of, and compared with.

    crate, crate_name: identity and name of the crate that was replayed
    published: how many notebooks that crate has, whether they were run or not
    files:   path → SHA-256 in hex, measured now
    verdict: what `verdict.json` says
    ended:   when the last run ended, ISO
    environment: in words, `Python 3.11.7`
    witness: who ran it by hand; None for a replay
    """

    crate: str
    crate_name: str
    published: int
    files: Mapping[str, str]
    verdict: Verdict
    ended: str = ""
    environment: str = ""
    witness: Witness | None = None


def signed_files(paths: Iterable[str], digest: Digest) -> dict[str, str]:
    """Return path → SHA-256 of the files that a statement vouches for: all but itself."""
    return {
        path: digest(path)
        for path in paths
        if path not in NOT_PAYLOAD and path != SIGNATURE and not path.startswith(UNFINISHED)
    }


def run_identity(files: Mapping[str, str]) -> str:
    """Return the identity of a run crate without its signature."""
    return identity_of((path, found) for path, found in files.items() if path != SIGNATURE)


def observations_digest(files: Mapping[str, str]) -> str:
    """Return the digest of all that the runs saw."""
    return identity_of(
        (path, found) for path, found in files.items() if path.startswith(OBSERVATIONS)
    )


def facts_of(run: Run) -> dict[str, Any]:
    """Return what a statement says of a run: the part that can be measured again."""
    verdict = run.verdict
    return {
        "schema": 1,
        "crate": {"name": run.crate_name, "identity": run.crate},
        "run": {"identity": run_identity(run.files)},
        "observations": {"digest": {"sha256": observations_digest(run.files)}},
        "policy": {"name": verdict.policy.name, "digest": _policy_digest(verdict)},
        "judge": verdict.judge,
        "verdict": verdict.verdict.value,
        "verdictFile": {"sha256": run.files.get("verdict.json", "")},
        "coverage": to_plain(verdict.coverage),
        "notebooks": {"published": run.published, "run": len(verdict.notebooks)},
        "sentence": verdict.sentence,
        "ended": run.ended,
        "environment": run.environment,
    }


def statement_of(
    run: Run, *, public_key: str, person: str | None, signed: str, agent: str
) -> dict[str, Any]:
    """Return the in-toto statement about a run.

    public_key: PEM, so that a reader without the key can still see that nothing was changed
    signed:     ISO moment
    """
    verdict = run.verdict
    results = {one.path: _result(one.verdict, one.coverage) for one in verdict.notebooks}
    policy = policy_text(verdict.policy).encode()
    result = _result(verdict.verdict, verdict.coverage)
    left_out = len(verdict.notebooks) < run.published or verdict.instead is not None
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": run.crate_name, "digest": {"recrate-identity": run.crate}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": "WARNED" if result == "PASSED" and (left_out or verdict.eased) else result,
            "configuration": [
                {
                    "name": f"policy {verdict.policy.name}",
                    "digest": _policy_digest(verdict),
                    "content": base64.b64encode(policy).decode(),
                    "mediaType": "application/json",
                }
            ],
            "passedTests": sorted(path for path, said in results.items() if said == "PASSED"),
            "warnedTests": sorted(path for path, said in results.items() if said == "WARNED"),
            "failedTests": sorted(path for path, said in results.items() if said == "FAILED"),
            "recrate": {
                **facts_of(run),
                "signer": {"person": person or "", "publicKey": public_key},
                "signed": signed,
                "agent": agent,
            },
        },
    }


def _policy_digest(verdict: Verdict) -> dict[str, str]:
    return {"sha256": hashlib.sha256(policy_text(verdict.policy).encode()).hexdigest()}


def _result(verdict: Judgement, coverage: Coverage) -> str:
    """Return a verdict in the words of the Test Result predicate."""
    if verdict not in {Judgement.IDENTICAL, Judgement.EQUIVALENT, Judgement.RAN}:
        return "FAILED"
    holds = coverage.identical + coverage.equivalent
    if verdict is Judgement.RAN or not holds or holds < coverage.outputs:
        return "WARNED"
    return "PASSED"


def sign_statement(statement: Mapping[str, Any], signer: "CryptoSigner") -> bytes:
    """Return the content of `verdict.intoto.json`: the statement, signed."""
    from securesystemslib.dsse import Envelope  # noqa: PLC0415 - brings cryptography, 50 ms

    payload = json.dumps(statement, ensure_ascii=False, sort_keys=True).encode()
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return envelope_bytes(envelope.to_dict())


def sign_run(
    run: Run, signer: "CryptoSigner", *, person: str | None, signed: str, agent: str
) -> bytes:
    """Return the signed statement about a run, as the content of `verdict.intoto.json`."""
    statement = statement_of(
        run, public_key=public_pem(signer), person=person, signed=signed, agent=agent
    )
    return sign_statement(statement, signer)


def envelope_bytes(envelope: Mapping[str, Any]) -> bytes:
    """Return an envelope in the one form that is accepted back."""
    return (json.dumps(envelope, indent=2, sort_keys=True) + "\n").encode()
