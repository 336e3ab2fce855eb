"""What a list shows of a job that is done, taken from its result."""

from collections import Counter
from typing import Any

from recrate.model.verdict import Coverage
from recrate.model.wire import from_plain
from recrate_server.jobs.model import Summary


def summary_of(result: dict[str, Any]) -> Summary:
    """Return the summary of a result, whatever its kind; fields that it has not are None."""
    counts = Counter(one["severity"] for one in result.get("findings", ()))
    counts |= Counter(_totals(result))
    told = "findings" in result
    coverage = result.get("coverage")
    kind = result["kind"]
    packed = kind == "pack"
    receipt = result.get("receipt") or {} if kind == "publish" else {}
    return Summary(
        verdict=result.get("verified") if packed else result.get("verdict"),
        sentence=result.get("sentence"),
        sentence_ja=result.get("sentence_ja"),
        coverage=from_plain(coverage, Coverage) if coverage is not None else None,
        crate=result.get("crate") if packed else None,
        identity=result.get("identity") if packed else _crate_of(result),
        errors=counts["error"] if told else None,
        warnings=counts["warning"] if told else None,
        notes=counts["note"] if told else None,
        doi=receipt.get("doi"),
        record_url=receipt.get("record_url"),
        deposit_status=receipt.get("status"),
    )


def _totals(result: dict[str, Any]) -> dict[str, int]:
    """Return how many findings a scan made of each severity; it need not list them all."""
    totals = result.get("totals", {})
    return {name: totals[name] for name in ("error", "warning", "note") if name in totals}


def _crate_of(result: dict[str, Any]) -> str | None:
    """Return the identity of the crate that a run was of."""
    return result.get("crate") if result["kind"] in {"replay", "verify", "review"} else None
