"""A verdict for a README or a landing page: a badge as SVG, and a review as JSON-LD."""

import unicodedata
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from recrate.model.verdict import Judgement, Verdict
from recrate.model.witness import Witness
from recrate.report.account import Language
from recrate.report.characters import visible
from recrate.report.counting import held, sentence_in
from recrate.report.marks import SHAPES
from recrate.report.words import word

HEIGHT = 22
_FONT = 11
_BASELINE = 15
_PAD = 8
_MARK = 12
_GAP = 5
_RADIUS = 4
_MOST_SIGNS = 60
"""Of one foreign text: a badge stands in a line of others."""
_FAMILY = (
    "Verdana,'DejaVu Sans','Hiragino Sans','Hiragino Kaku Gothic ProN','Yu Gothic',Meiryo,"
    "'Noto Sans CJK JP','Noto Sans JP',sans-serif"
)

_ASCII = bytes.fromhex(
    "20282e54405f4e1b272732542024202240404040404040404040222254545435644445464d3f3a4d4b1d1d4238"
    "564b4f3c4f453f3d494463453d452722275432323d3f373f3e233f3f1c1c3a1c613f3d3f3f2934273f3b523b3b"
    "3440224054"
)
_WIDTHS = {chr(32 + place): width for place, width in enumerate(_ASCII)} | {"·": 32, "…": 100}
"""Sign → hundredths of the font size; measured in DejaVu Sans, as wide as Verdana in Latin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tone:
    """Colours of the verdict's field. `stripe`: where not all was compared."""

    ground: str
    ink: str
    stripe: str | None = None


_GREEN = _Tone(ground="#18794e", ink="#ffffff")
_PARTLY_GREEN = _Tone(ground="#dcf2e3", ink="#0d5a38", stripe="#c3e6cf")
_GREY = _Tone(ground="#646d78", ink="#ffffff")
_ORANGE = _Tone(ground="#b4520a", ink="#ffffff")
_RED = _Tone(ground="#b3142e", ink="#ffffff")
_LABEL = _Tone(ground="#2c3642", ink="#ffffff")
_PLAIN = _Tone(ground="#f1f4f7", ink="#36404c")
"""Every ink stands at least 4.5 : 1 from its ground, and from its stripe: WCAG 2.2, 1.4.3."""


def render_badge(
    verdict: Verdict,
    *,
    date: str,
    environment: str,
    language: Language,
    published: int | None = None,
) -> str:
    """Return a badge as one SVG that needs nothing else: verdict, coverage, date, environment.

    date:        ISO date or moment of the replay; the day is shown
    environment: what was run in, in few words; empty where nothing was
    published:   how many notebooks the crate has; fewer that were run are said, and never all green
    It is green only where recorded outputs were compared and hold: striped when not all of them
    were, only by what the author allows, or in another environment than the crate's lock. The
    verdict is told by word and by shape, too.
    """
    left_out = published is not None and len(verdict.notebooks) < published
    tone = _tone_of(verdict, left_out=left_out)
    told = [_verdict_told(verdict, language)]
    if verdict.eased:
        told.append(word("badge.eased", language))
    if verdict.instead:
        told.append(word("badge.instead", language))
    if left_out and verdict.coverage.compared:
        told.append(_notebooks("badge.notebooks", verdict, published, language))
    day = _short(date[:10] if date[4:5] == "-" else date)
    about = " · ".join(part for part in (day, _short(environment)) if part)
    comma = ", " if language == "en" else "、"
    fields = (
        _Field(
            text=word("badge.hand" if verdict.by_hand else "badge.replay", language), tone=_LABEL
        ),
        _Field(text=comma.join(told), tone=tone, mark=verdict.verdict.value),
        _Field(text=about, tone=_PLAIN),
    )
    title = f"{fields[0].text}: {fields[1].text}" + (f" ({about})" if about else "")
    description = _said(verdict, day, _short(environment), language)
    return _drawn([one for one in fields if one.text], title, description, language)


def review_document(
    verdict: Verdict,
    *,
    crate_name: str,
    crate_identity: str,
    crate_url: str | None,
    date: str,
    environment: str,
    agent: str,
    person: str | None = None,
    language: Language = "en",
    published: int | None = None,
    witness: Witness | None = None,
) -> dict[str, Any]:
    """Return the verdict as schema.org JSON-LD: a Review of the crate, which is a Claim as well.

    crate_url: where the crate is published, its DOI if it has one
    agent:     the program, `recrate 0.1.0`; it is the author where no person is named
    witness:   who ran it by hand: the review is theirs, and the verdict is what it claims
    There is no `reviewRating`: a verdict is a finding of fact about one run, not a mark on a scale,
    and stars in a search result would say of the study what nobody has judged.

    Source: https://schema.org/Review, https://schema.org/Claim
    """
    name = visible(crate_name)
    program, _, version = visible(agent).partition(" ")
    software = {"@type": "SoftwareApplication", "name": program, "softwareVersion": version}
    reviewed: dict[str, Any] = {
        "@type": ["Dataset", "SoftwareSourceCode"],
        "name": name,
        "identifier": _value("recrate-identity", "recrate identity", crate_identity),
    }
    if crate_url and crate_url.startswith(("https://", "http://")):
        reviewed |= {"@id": crate_url, "url": crate_url}
    body = _said(verdict, _short(date[:10]), _short(environment), language)
    if published is not None and len(verdict.notebooks) < published:
        body += (" " if language == "en" else "") + _notebooks(
            "review.notebooks", verdict, published, language
        )
    coverage = verdict.coverage
    title = "review.hand-name" if verdict.by_hand else "review.name"
    document = {
        "@context": "https://schema.org",
        "@type": ["Review", "Claim"],
        "name": word(title, language, crate=name),
        "inLanguage": language,
        "itemReviewed": reviewed,
        "reviewAspect": "re-execution",
        "reviewBody": body,
        "text": body,
        "author": {"@type": "Person", "name": visible(person)} if person else software,
        "creator": software,
        "datePublished": visible(date),
        "about": [
            _value("recrate-verdict", "verdict", verdict.verdict.value),
            _value("recrate-outputs", "recorded outputs", coverage.outputs),
            _value("recrate-compared", "recorded outputs compared", coverage.compared),
            _value("recrate-held", "recorded outputs that hold", held(coverage)),
            _value("recrate-policy", "policy", visible(verdict.policy.name)),
            _value("recrate-judge", "comparer", visible(verdict.judge)),
        ],
    }
    return document if witness is None else document | _by_person(witness, document, language)


def _by_person(witness: Witness, document: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return what is different in a review that a person gives of what they ran themselves."""
    reviewer = witness.reviewer
    author: dict[str, Any] = {"@type": "Person", "name": visible(reviewer.called)}
    if reviewer.orcid:
        author["@id"] = reviewer.orcid
    if reviewer.affiliation:
        author["affiliation"] = {"@type": "Organization", "name": visible(reviewer.affiliation)}
    opinion = _value("recrate-opinion", "opinion of the reviewer", witness.opinion)
    return {
        "author": author,
        "reviewAspect": "execution by hand",
        "reviewBody": visible(witness.statement) or word(f"hand.{witness.opinion}", language),
        "about": [*document["about"], opinion],
    }


def _value(identifier: str, name: str, value: str | int) -> dict[str, Any]:
    return {"@type": "PropertyValue", "propertyID": identifier, "name": name, "value": value}


def _tone_of(verdict: Verdict, *, left_out: bool) -> _Tone:
    coverage = verdict.coverage
    match verdict.verdict:
        case Judgement.FAILED:
            return _RED
        case Judgement.DIFFERENT:
            return _ORANGE
        case Judgement.IDENTICAL | Judgement.EQUIVALENT if coverage.compared and held(coverage):
            apart = left_out or verdict.eased or verdict.instead
            whole = held(coverage) >= coverage.outputs and not apart
            return _GREEN if whole else _PARTLY_GREEN
        case _:
            return _GREY


def _verdict_told(verdict: Verdict, language: Language) -> str:
    """Return verdict and coverage: a fraction where all outputs repeat, words where they do not."""
    coverage = verdict.coverage
    counts = {"compared": f"{coverage.compared:,}", "outputs": f"{coverage.outputs:,}"}
    if not coverage.compared:
        told = word("badge.nothing", language)
    elif coverage.compared < coverage.outputs:
        told = word("badge.compared", language, **counts)
    elif held(coverage) < coverage.outputs:
        told = word("badge.held", language, held=f"{held(coverage):,}", outputs=counts["outputs"])
    else:
        told = f"{counts['compared']}/{counts['outputs']}"
    return f"{word(f'judgement.{verdict.verdict.value}', language)} · {told}"


def _notebooks(key: str, verdict: Verdict, published: int | None, language: Language) -> str:
    run, whole = f"{len(verdict.notebooks):,}", f"{published or 0:,}"
    return word(key, language, run=run, published=whole)


def _said(verdict: Verdict, day: str, environment: str, language: Language) -> str:
    """Return it all in sentences, for people who hear the badge and for search engines."""
    colon, stop = (": ", ". ") if language == "en" else ("：", "。")
    key = "badge.hand-said" if verdict.by_hand else "badge.said"
    said = word(f"{key}-where" if environment else key, language, date=day, environment=environment)
    head = word(f"judgement.{verdict.verdict.value}", language)
    return f"{said}{stop}{head}{colon}{sentence_in(verdict.coverage, language)}"


def _short(text: str) -> str:
    """Return foreign text as one harmless line of bounded length."""
    flat = visible(" ".join(text[:2_000].split()))
    return flat if len(flat) <= _MOST_SIGNS else flat[: _MOST_SIGNS - 1] + "…"


def text_width(text: str) -> float:
    """Return how wide `text` is in pixels at the badge's size; full-width signs are square."""
    return sum(_sign_width(sign) for sign in text) * _FONT / 100


def _sign_width(sign: str) -> int:
    if sign in _WIDTHS:
        return _WIDTHS[sign]
    if unicodedata.combining(sign):
        return 0
    return 100 if unicodedata.east_asian_width(sign) in "WFA" else 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One part of the badge, from left to right."""

    text: str
    tone: _Tone
    mark: str | None = None

    @property
    def width(self) -> int:
        """In whole pixels: edges between fields stay sharp."""
        mark = _MARK + _GAP if self.mark else 0
        return round(text_width(self.text)) + mark + 2 * _PAD


def _drawn(fields: list[_Field], title: str, description: str, language: Language) -> str:
    starts = [0]
    for one in fields:
        starts.append(starts[-1] + one.width)
    width = starts[-1]
    grounds, texts = [], []
    for place, ((left, right), one) in enumerate(zip(pairwise(starts), fields, strict=True)):
        shape = _ground(left, right, first=place == 0, last=place == len(fields) - 1)
        grounds.append(f'<path fill="{one.tone.ground}" d="{shape}"/>')
        if one.tone.stripe:
            grounds.append(f'<path fill="{one.tone.stripe}" d="{_stripes(left, right)}"/>')
        texts.append(_text(one, left))
    told = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}"'
        f' viewBox="0 0 {width} {HEIGHT}" role="img" lang="{language}" aria-label="{told}">'
        f"<title>{told}</title><desc>{escape(description)}</desc>"
        f"{''.join(grounds)}"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{HEIGHT - 1}" rx="{_RADIUS - 0.5}"'
        ' fill="none" stroke="#101820" stroke-opacity=".22"/>'
        f'<g font-family="{_FAMILY}" font-size="{_FONT}">{"".join(texts)}</g></svg>\n'
    )


def _ground(left: int, right: int, *, first: bool, last: bool) -> str:
    """Return the outline of a field; the outer corners of the badge are round."""
    start, end = (_RADIUS if first else 0), (_RADIUS if last else 0)
    return (
        f"M{left + start} 0H{right - end}a{end} {end} 0 0 1 {end} {end}V{HEIGHT - end}"
        f"a{end} {end} 0 0 1-{end} {end}H{left + start}"
        f"a{start} {start} 0 0 1-{start}-{start}V{start}a{start} {start} 0 0 1 {start}-{start}z"
    )


def _stripes(left: int, right: int) -> str:
    """Return slanting stripes, none of which leaves the field: then they need no clipping."""
    return "".join(
        f"M{x} {HEIGHT}l{HEIGHT / 2:g}-{HEIGHT}h5l-{HEIGHT / 2:g} {HEIGHT}z"
        for x in range(left, right - HEIGHT // 2 - 4, 10)
    )


def _text(field: _Field, left: int) -> str:
    x, mark = left + _PAD, ""
    if field.mark:
        shape = SHAPES[field.mark].replace("var(--on)", field.tone.ground)
        shape = shape.replace("currentColor", field.tone.ink)
        scale, top = _MARK / 16, (HEIGHT - _MARK) / 2
        mark = f'<g transform="translate({x} {top:g}) scale({scale:g})">{shape}</g>'
        x += _MARK + _GAP
    length = f"{text_width(field.text):.1f}"
    return (
        f'{mark}<text x="{x}" y="{_BASELINE}" fill="{field.tone.ink}" textLength="{length}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(field.text)}</text>'
    )
