"""A verdict and all behind it as one self-contained HTML page."""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from recrate.model.verdict import Cause, Verdict
from recrate.report import formats
from recrate.report.account import LANGUAGES, Account
from recrate.report.authors import authors_line
from recrate.report.candidates import candidate_rows, candidates_sentence
from recrate.report.characters import escaped
from recrate.report.claims import show_claims
from recrate.report.counting import OUTPUT_ORDER, added_packages, lacking, segments, sentence
from recrate.report.files import files_sentence
from recrate.report.marks import COLOURS, SHAPES, favicon
from recrate.report.notebooks import (
    ASIDE,
    DIFFERENCES,
    causes_counted,
    rules_used,
    show_notebooks,
    told_again,
    verdicts_present,
)
from recrate.report.reasons import reason_in_japanese
from recrate.report.reasons_causes import evidence_in_japanese
from recrate.report.repair import show_repair
from recrate.report.say import alternative, in_both, say
from recrate.report.surroundings import compare_machines, compare_packages, equal_packages
from recrate.report.terms import level_of
from recrate.report.words import word


def render_page(account: Account) -> str:
    """Return `report.html`: opens offline, asks nothing of the network, runs no foreign code.

    Pure: the same account gives the same text. Large outputs are cut and say so; see `allowance`.
    Raises nothing on malformed notebooks.
    """
    notebooks = show_notebooks(account)
    first = account.observations[0] if account.observations else None
    seen = first.environment if first else None
    packages = compare_packages(account.lock, seen)
    style, script = own_text("report.css") + own_text("outputs.css"), own_text("report.js")
    return (
        templates()
        .get_template("report.html")
        .render(
            account=account,
            verdict=account.verdict,
            added=added_packages(account.verdict),
            lacking=lacking(account.verdict),
            candidates=candidate_rows(account.verdict),
            tried=candidates_sentence(account.verdict),
            level=level_of(account.verdict, published=account.published),
            authors=_in_both_lines(account.verdict),
            repair=show_repair(account.repaired),
            claims=show_claims(account.verdict.claims, notebooks),
            first=first,
            seen=seen,
            language=account.language or "en",
            notebooks=notebooks,
            differences=told_again(notebooks, DIFFERENCES),
            causes_counted=causes_counted(told_again(notebooks, DIFFERENCES)),
            aside=told_again(notebooks, ASIDE),
            present=verdicts_present(notebooks),
            rules=rules_used(notebooks),
            packages=packages,
            equal_packages=equal_packages(packages),
            machines=compare_machines(
                account.lock.card if account.lock else None, seen.card if seen else None
            ),
            style=style,
            script=script,
            policy=content_policy(style, script),
            favicon=favicon(account.verdict.verdict.value),
        )
    )


def _in_both_lines(verdict: Verdict) -> Markup | None:
    """Return what the author allowed, in both languages; None where that is nothing."""
    english, japanese = (escaped(authors_line(verdict, one)) for one in LANGUAGES)
    return in_both(english, japanese) if english else None


@cache
def templates() -> Environment:
    """Return the templates; everything foreign in them is made visible and escaped."""
    environment = Environment(
        loader=PackageLoader("recrate.report"),
        autoescape=True,
        finalize=_finalised,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        say=say,
        told=_told,
        word=word,
        alternative=alternative,
        segments=segments,
        sentence=sentence,
        files_sentence=files_sentence,
        size=formats.size,
        duration=formats.duration,
        moment=formats.moment,
        short=formats.short,
        seconds_between=formats.seconds_between,
        kinds=OUTPUT_ORDER,
        evidence=_evidence,
        causes=frozenset(cause.value for cause in Cause),
        shapes=SHAPES,
    )
    return environment


def _told(reason: str) -> Markup:
    """Return why an output got its verdict, in both languages where there is a Japanese form."""
    japanese = reason_in_japanese(reason)
    if japanese == reason:
        return Markup('<span lang="en">{}</span>').format(escaped(reason))
    return in_both(escaped(reason), escaped(japanese))


def _evidence(text: str) -> Markup:
    """Return what a cause was concluded from, in both languages where it is known in Japanese."""
    japanese = evidence_in_japanese(text)
    if japanese == text:
        return Markup('<span lang="en">{}</span>').format(escaped(text))
    return in_both(escaped(text), escaped(japanese))


def _finalised(value: object) -> object:
    """Show control and bidi characters of every foreign string; our own Markup passes."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return escaped(value)
    return value


@cache
def own_text(name: str) -> Markup:
    """Return one of our own style sheets or the script, as it stands in the page."""
    environment = templates()
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, name)
    return Markup(source.replace("/* colours */", COLOURS))  # noqa: S704 - a file of this package


def content_policy(style: str, script: str = "") -> str:
    """Return the page's own wall: nothing is loaded, and only these texts may act.

    Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source
    """
    scripts = f"script-src '{_hash(script)}'; " if script else ""
    return (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; "
        f"{scripts}base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
