"""A replay's verdict in the forms that a landing page shows: badge, review, and coverage."""

from collections.abc import Collection
from dataclasses import fields
from pathlib import Path

from recrate.crate.document import find_metadata
from recrate.crate.signature_check import read_run
from recrate.crate.signing import Run
from recrate.model.errors import BadInput
from recrate.model.record import LinkRelation, Record
from recrate.model.verdict import Coverage
from recrate.model.wire import to_json
from recrate.outside.archive import Archive
from recrate.publish.site_verdict import BADGES, REVIEW, VERDICT, SiteVerdict
from recrate.report.account import Language
from recrate.report.badge import render_badge, review_document
from recrate.report.counting import sentence_in
from recrate.report.words import word

_LANGUAGES: tuple[Language, ...] = ("en", "ja")
_MOST_OUTPUTS = 10_000_000
_BADGE_LANGUAGES: dict[str, Language] = dict(zip(BADGES, _LANGUAGES, strict=True))


def verdict_documents(file: Path, record: Record, wanted: Collection[str]) -> dict[str, bytes]:
    """Return those of `VERDICT_FORMATS` that are wanted, drawn anew from the run crate's verdict.

    file: the run crate, a zip or a folder. Nothing is taken from its own badge or review, which
    anybody may have written. Empty where its verdict cannot be read, does not add up, or is not the
    record's.
    """
    run = _read(file)
    if run is None or run.verdict.verdict.value != record.verdict:
        return {}
    if not _adds_up(run.verdict.coverage):
        return {}
    made = {VERDICT: to_json(_verdict(run)), REVIEW: to_json(_review(run, record))}
    for name, language in _BADGE_LANGUAGES.items():
        made[name] = render_badge(
            run.verdict,
            date=run.ended,
            environment=run.environment,
            language=language,
            published=run.published,
        )
    return {name: text.encode("utf-8", "replace") for name, text in made.items() if name in wanted}


def _read(file: Path) -> Run | None:
    try:
        with Archive(file) as archive:
            prefix, _ = find_metadata(archive)
            return read_run(archive, prefix, lambda _: "")
    except BadInput:
        return None


def _adds_up(coverage: Coverage) -> bool:
    """Say whether the counts are what their names mean: a stranger may have written them."""
    held = coverage.identical + coverage.equivalent
    compared = held + coverage.different + coverage.missing + coverage.unstable
    outputs = compared + coverage.skipped + coverage.waived
    counts = (getattr(coverage, one.name) for one in fields(coverage))
    return (compared, outputs) == (coverage.compared, coverage.outputs) and all(
        0 <= count <= _MOST_OUTPUTS for count in counts
    )


def _verdict(run: Run) -> SiteVerdict:
    coverage = run.verdict.coverage
    return SiteVerdict(
        verdict=run.verdict.verdict.value,
        outputs=coverage.outputs,
        compared=coverage.compared,
        held=coverage.identical + coverage.equivalent,
        notebooks=len(run.verdict.notebooks),
        published=run.published,
        ended=run.ended,
        environment=run.environment,
        sentences=tuple((one, _sentence(run, one)) for one in _LANGUAGES),
        opinions=_opinions(run),
        statement=run.witness.statement if run.witness else "",
    )


def _opinions(run: Run) -> tuple[tuple[str, str], ...]:
    if run.witness is None:
        return ()
    return tuple((one, word(f"hand.said-{run.witness.opinion}", one)) for one in _LANGUAGES)


def _sentence(run: Run, language: Language) -> str:
    """Return the coverage in words, and how many notebooks were left out."""
    told, run_notebooks = [sentence_in(run.verdict.coverage, language)], len(run.verdict.notebooks)
    if run_notebooks < run.published:
        counts = {"run": f"{run_notebooks:,}", "published": f"{run.published:,}"}
        told.append(word("review.notebooks", language, **counts))
    if run.verdict.by_hand:
        told.append(word("hand.short", language))
    return (" " if language == "en" else "").join(told)


def _review(run: Run, record: Record) -> dict[str, object]:
    reviewed = (one.target for one in record.links if one.relation is LinkRelation.REVIEWS)
    return review_document(
        run.verdict,
        crate_name=run.crate_name,
        crate_identity=run.crate,
        crate_url=next(reviewed, None),
        date=run.ended,
        environment=run.environment,
        agent=record.agent,
        published=run.published,
        witness=run.witness,
    )
