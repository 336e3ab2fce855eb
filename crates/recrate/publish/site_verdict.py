"""A replay's verdict as a site keeps it; the flow makes it, for a site cannot judge."""

from dataclasses import dataclass, replace

from recrate.model.record import RecordKind
from recrate.model.wire import from_json
from recrate.publish.depositor import Parcel
from recrate.publish.site_text import line, plain

VERDICT = "verdict"
REVIEW = "review"
BADGES = {"badge": ("en", "badge.svg"), "badge-ja": ("ja", "badge.ja.svg")}
"""By the name of the format: its language, and the file that lies beside the page."""

STATEMENT_CHARACTERS = 5_000
BADGE_FILES = dict(BADGES.values())
VERDICT_FORMATS = (VERDICT, REVIEW, *BADGES)
"""What a parcel of a replay has beside the forms that every record can be written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteVerdict:
    """A verdict with its coverage, as everybody may know it.

    verdict:     one of the words of the verdict
    outputs:     recorded ones; `compared` of them were compared, and `held` of those hold
    notebooks:   that were run; `published` are in the crate
    ended:       ISO moment at which the replay ended; empty where nothing says so
    environment: what was run in, in few words
    sentences:   the coverage in words, by language
    opinions:    of whoever ran it by hand, in words, by language; none of a replay
    statement:   in that reviewer's own words
    """

    verdict: str
    outputs: int
    compared: int
    held: int
    notebooks: int
    published: int
    ended: str = ""
    environment: str = ""
    sentences: tuple[tuple[str, str], ...] = ()
    opinions: tuple[tuple[str, str], ...] = ()
    statement: str = ""

    @property
    def day(self) -> str:
        """The day of the replay, as an ISO date."""
        return self.ended[:10]

    def sentence(self, language: str) -> str:
        """Return the coverage in words, in a language or in whatever there is."""
        return _in(self.sentences, language)

    def opinion(self, language: str) -> str:
        """Return what the reviewer thinks, as `sentence`; empty for a replay."""
        return _in(self.opinions, language)

    @property
    def tone(self) -> str:
        """How good it is, for the colour: `good` only where all outputs of all notebooks hold."""
        if self.verdict in {"failed", "not restored"}:
            return "bad"
        if self.verdict == "different":
            return "mixed"
        if self.verdict in {"identical", "equivalent"} and self.held:
            whole = self.held >= self.outputs and self.notebooks >= self.published
            return "good" if whole else "partly"
        return "plain-tone"


def _in(texts: tuple[tuple[str, str], ...], language: str) -> str:
    told = dict(texts)
    return told.get(language) or next(iter(told.values()), "")


def verdict_of(parcel: Parcel) -> SiteVerdict | None:
    """Return the verdict of a replay's parcel, fit for a page; None where the parcel has none."""
    content = parcel.documents.get(VERDICT)
    if parcel.record.kind is not RecordKind.REPLAY or not content:
        return None
    told = from_json(content, SiteVerdict, where=VERDICT)
    return replace(
        told,
        ended=line(told.ended, 40),
        environment=line(told.environment, 200),
        sentences=_lines(told.sentences),
        opinions=_lines(told.opinions),
        statement=plain(told.statement, STATEMENT_CHARACTERS),
    )


def _lines(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code[:10], line(text)) for code, text in texts[:4])
