"""Find out what a deposit made whose answer got lost: by every way that WEKO offers with a token.

- `GET /api/records/?search_type=1&q=…` searches the metadata; a person's own private items are in
  it for every role that may deposit (permission `search-access`).
- `GET /api/v1/workflow/activities` lists the workflow's activities of the person, newest first,
  by title; it needs the scope `user:activity`, without which no activity can be begun either.
- `GET /api/tree` tells which indexes the person may look into.

What is found by the deposit's mark is certain. That nothing was made is certain only where the
search shows what it would have to show; so it is asked for a private item that is there, and for
the index. Where that proves nothing, a person has to look.

Source: RCOSDP/weko v2.0.0, weko_search_ui/query.py get_permission_filter, weko_workflow/rest.py
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from recrate.model.errors import BadInput, NotFound, OutsideFailed, Refused
from recrate.model.progress import Progress
from recrate.outside.exchange import Service
from recrate.publish.weko_options import WekoSettings

WAITS_SECONDS = (0.0, 2.0, 5.0, 15.0, 40.0)
"""WEKO goes on with what it was sent when nobody listens any more, and indexes it later."""
BYTES_A_SECOND = 5 << 20
"""A guess, on the slow side, of how fast WEKO unpacks and keeps a package."""
LONGEST_WAIT_SECONDS = 1800.0
_PAGE = 100
_WORDS = 12
NOT_ALLOWED = ("not allowed",)
"""Instead of the activities, for a token without the scope: it begins none either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was there under this title before anything was sent; None where nobody can tell."""

    records: tuple[str, ...] | None
    activities: tuple[str, ...] | None

    @property
    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            name: list(value) if value is not None else None
            for name, value in (("records", self.records), ("activities", self.activities))
        }

    @classmethod
    def of(cls, plain: Any) -> "Before":
        """Return what was noted; of anything else, that nobody can tell."""
        noted = plain if isinstance(plain, dict) else {}
        kept = {
            name: tuple(map(str, value)) if isinstance(value := noted.get(name), list) else None
            for name in ("records", "activities")
        }
        return cls(records=kept["records"], activities=kept["activities"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a deposit.

    recid:       the record that was made
    activity:    address of the activity that was begun
    no_record:   it is certain that no record was made
    no_activity: it is certain that no activity was begun
    candidates:  what may be it: addresses
    """

    recid: str = ""
    activity: str = ""
    no_record: bool = False
    no_activity: bool = False
    candidates: tuple[str, ...] = ()


class Finder:
    """Looks for one deposit: by its word, and by its title beside what was there before."""

    def __init__(
        self,
        service: Service,
        settings: WekoSettings,
        *,
        title: str,
        word: str,
        sleep: Callable[[float], None],
    ) -> None:
        self._service = service
        self._settings = settings
        self._title = title
        self._word = word
        self._sleep = sleep

    def before(self) -> Before:
        """Return what is there now. Raises OutsideFailed where the repository does not answer."""
        return Before(records=self._titled(), activities=self._activities())

    def outcome(self, before: Before, *, sent_bytes: int, progress: Progress) -> Outcome:
        """Return what was made, looking again for a while before it says that there is nothing.

        sent_bytes: size of the package, for how long that is
        Raises OutsideFailed where the repository does not answer.
        """
        working = min(LONGEST_WAIT_SECONDS, sent_bytes / BYTES_A_SECOND)
        found = Outcome()
        waits = (*WAITS_SECONDS, working)
        for number, wait in enumerate(waits):
            progress("look for what was made", number, len(waits), "")
            if wait:
                self._sleep(wait)
            found = self._look(before)
            if found.recid or found.activity or found.candidates:
                return found
        return found

    def _look(self, before: Before) -> Outcome:
        marked = self._marked()
        if marked:
            return _only([(recid, self._settings.record_url(recid)) for recid in marked], "recid")
        now = self._activities()
        if now is not None and before.activities is not None:
            fresh = [one for one in now if one not in {*before.activities, *NOT_ALLOWED}]
            if fresh and before.activities != NOT_ALLOWED:
                return _only([(self._page(one), self._page(one)) for one in fresh], "activity")
        titled = self._titled()
        if titled is not None and before.records is not None:
            fresh = [one for one in titled if one not in before.records]
            if fresh:
                pages = tuple(self._settings.record_url(one) for one in fresh)
                return Outcome(candidates=pages)
        told = now is not None and before.activities is not None
        no_activity = told and (now == NOT_ALLOWED) == (before.activities == NOT_ALLOWED)
        no_record = (
            marked is not None
            and titled is not None
            and before.records is not None
            and self._would_be_seen()
        )
        return Outcome(no_record=no_record, no_activity=no_activity)

    def _page(self, activity: str) -> str:
        return self._settings.activity_url(activity)

    def _marked(self) -> tuple[str, ...] | None:
        """Return the records that hold the deposit's word; None where nobody can tell."""
        hits = self._search(self._word)
        if hits is None:
            return None
        return _recids(hit for hit in hits if _holds(hit, self._word))

    def _titled(self) -> tuple[str, ...] | None:
        words = _plain_words(self._title)
        hits = self._search(words, sort="-createdate") if words else None
        return None if hits is None else _recids(hit for hit in hits if _holds(hit, self._title))

    def _would_be_seen(self) -> bool:
        """Say whether the search shows such an item: in this index, private where it would be."""
        tree = self._read("api/tree")
        if tree is None or not set(self._settings.indexes) & set(values_of(tree, "id", "cid")):
            return False
        if self._settings.public:
            return True
        hits = self._search("", sort="-createdate")
        return any("1" in set(values_of(hit, "publish_status")) for hit in hits or ())

    def _search(self, query: str, **more: str) -> list[Any] | None:
        asked = {"page": "1", "size": str(_PAGE), "search_type": "1", "q": query, **more}
        found = self._read(f"api/records/?{urlencode(asked)}")
        outer = found.get("hits") if isinstance(found, dict) else None
        hits = outer.get("hits") if isinstance(outer, dict) else None
        return hits if isinstance(hits, list) else None

    def _activities(self) -> tuple[str, ...] | None:
        """Return the person's activities with this title; None where nobody can tell."""
        asked = urlencode({"status": "all", "limit": str(_PAGE), "page": "1"})
        answer = self._service.ask("GET", f"api/v1/workflow/activities?{asked}")
        if answer.status == 403:
            return NOT_ALLOWED
        if answer.status == 401 or answer.status >= 500:
            raise answer.error()
        found = answer.json() if answer.status == 200 else None
        listed = found.get("activities") if isinstance(found, dict) else None
        if not isinstance(listed, list):
            return None
        return tuple(
            str(one["activity_id"])
            for one in listed
            if isinstance(one, dict)
            and one.get("item_name") == self._title
            and "activity_id" in one
        )

    def _read(self, address: str) -> Any:
        """Return what an address holds, as JSON; None where it is not for us."""
        answer = self._service.ask("GET", address)
        try:
            return answer.expect(200).json()
        except (Refused, NotFound, BadInput):
            return None
        except OutsideFailed:
            if answer.status == 200:
                return None
            raise


def _only(found: list[tuple[str, str]], kind: str) -> Outcome:
    """Return the one thing that was found, or all of them for a person to choose from."""
    if len(found) != 1:
        return Outcome(candidates=tuple(page for _, page in found))
    value = found[0][0]
    return Outcome(recid=value) if kind == "recid" else Outcome(activity=value)


def _recids(hits: Any) -> tuple[str, ...]:
    """Return the records' numbers, each once: a version of one is no other record."""
    found = (str(hit.get("id", "")).split(".")[0] for hit in hits if isinstance(hit, dict))
    return tuple(dict.fromkeys(one for one in found if one.isdecimal()))


def _plain_words(title: str) -> str:
    """Return a title's words without what the search would take for an operator."""
    words = [one for one in re.findall(r"\w+", title) if one not in {"AND", "OR", "NOT", "TO"}]
    return " ".join(words[:_WORDS])


def _holds(value: Any, text: str) -> bool:
    """Say whether a JSON value holds a text anywhere."""
    if isinstance(value, str):
        return text in value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_holds(one, text) for one in inner)


def values_of(value: Any, *names: str) -> Iterator[str]:
    """Yield, as text, all that a JSON value keeps under these names, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            for key, inner in one.items():
                if key in names and isinstance(inner, str | int):
                    yield str(inner)
                else:
                    waiting.append(inner)
