"""Asking a repository for its records: one request at a time, patiently, and never without end."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from recrate.campaign.lists_settings import ListSettings
from recrate.model.errors import OutsideFailed, RecrateError, Refused
from recrate.model.progress import Progress
from recrate.outside.answers import Answer, shown
from recrate.outside.exchange import Service

_CRATE_ENDING = ".crate.zip"
_CRATE_WORD = "ro-crate"


class TooMany(Refused):
    """A listing of more records than the settings allow."""


@dataclass(kw_only=True)
class Harvest:
    """One listing under way.

    had:   records read so far, those without a crate and those left out among them
    asked: requests that were answered or given up
    """

    settings: ListSettings
    progress: Progress
    had: int = 0
    asked: int = 0
    got_bytes: int = 0

    def ask(self, url: str, *, accept: str) -> Answer:
        """Return an answer of any status but 429 and 5xx, which are waited out.

        Retry-After is obeyed. Raises OutsideFailed when the service stays ill, wants a longer wait
        than the settings allow, or goes on for longer than they allow.
        """
        service = Service(
            base=url,
            web=self.settings.web,
            headers={"Accept": accept},
            tries=1,
            carried=frozenset({"Accept"}),
        )
        for attempt in range(1, self.settings.tries + 1):
            self._step(url)
            last = attempt == self.settings.tries
            try:
                answer = service.ask("GET", url, limit_bytes=self.settings.page_limit_bytes)
            except OutsideFailed:
                if last:
                    raise
                self.settings.sleep(_pause(attempt))
                continue
            self.got_bytes += len(answer.content)
            if answer.status != 429 and answer.status < 500:
                return answer
            if last:
                raise self._ill(answer)
            self.settings.sleep(self._wait(answer, attempt))
        raise AssertionError("the last try returns or raises")

    def took(self, url: str) -> None:
        """Count a record that came, and tell how far we are.

        Raises TooMany when there are more than the settings allow.
        """
        if self.had >= self.settings.records_limit:
            raise TooMany(
                f"lists more than {self.settings.records_limit:,} records",
                where=shown(url),
                hint="take a part of it: a set, or records from and until a date",
            )
        self.had += 1
        if self.had % 25 == 1:
            self.progress("list", self.had, 0, urlsplit(url).hostname or "")

    def broke_off(self, error: RecrateError) -> RecrateError:
        """Return what an error means for the listing: in its middle it is nobody's bad input."""
        if isinstance(error, TooMany) or not self.had:
            return error
        return OutsideFailed(
            f"the listing broke off after {self.had:,} records: {error.message}",
            where=error.where,
            hint=error.hint or "try again later",
        )

    def _step(self, url: str) -> None:
        if self.asked:
            self.settings.sleep(self.settings.pause_seconds)
        self.asked += 1
        endless = self.asked > self.settings.requests_limit
        if endless or self.got_bytes > self.settings.limit_bytes:
            raise OutsideFailed(
                f"goes on after {self.asked - 1:,} answers of {self.got_bytes:,} bytes",
                where=shown(url),
                hint="take a part of it: a set, or records from and until a date",
            )

    def _wait(self, answer: Answer, attempt: int) -> float:
        """Return how long to wait, in seconds; raises OutsideFailed for too long."""
        wanted = answer.retry_after_seconds
        if wanted is None:
            return _pause(attempt)
        if wanted > self.settings.wait_limit_seconds:
            raise self._ill(answer)
        return wanted

    def _ill(self, answer: Answer) -> OutsideFailed:
        meant = answer.error()
        return OutsideFailed(meant.message, where=meant.where, hint=meant.hint)


def names_crate(names: list[str]) -> bool:
    """Say whether one of a record's files is a crate, or the metadata of one, by its name."""
    return any(
        _CRATE_WORD in name.lower() or name.lower().endswith(_CRATE_ENDING) for name in names
    )


def _pause(attempt: int) -> float:
    return min(60.0, 2.0**attempt)
