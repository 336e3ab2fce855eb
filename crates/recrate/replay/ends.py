"""How the cells of a run end, and what they left behind: asked of the network, or drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recrate.model.observation import Asked, Fetched
from recrate.outside.passing import REFUSED, Passed
from recrate.replay.asking import ASKED, AskedLog, settled, unserved
from recrate.replay.chance import DRAWN, drew_in
from recrate.replay.errors import clean, error_of
from recrate.replay.kernels import Kernel
from recrate.replay.notes import Notes
from recrate.replay.onward import Ended, Onward

if TYPE_CHECKING:
    from recrate.replay.running import Run

_MOST_ASKED = 500
_MOST_DRAWN = 2000
_SAID = 20_000


@dataclass(kw_only=True)
class Ends:
    """Takes in how the cells of a run end, what they asked of the network, and what they drew."""

    run: "Run"
    kernel: Kernel
    onward: Onward | None

    def __post_init__(self) -> None:
        self.log = AskedLog(self.kernel.folder / ASKED)
        self.drawn = Notes(self.kernel.folder / DRAWN)

    def take(
        self, index: int, cell: Any, error: Mapping[str, Any] | None, line: int | None
    ) -> bool:
        """Take in the end of one cell; say whether the run goes on behind it."""
        place = self.run.recorded_index(index)
        asked = self._asked(place)
        self._drew(place)
        if self.onward is None or place is None:
            return False
        raised = None
        if error is not None:
            trace = "\n".join(str(one) for one in error.get("traceback", ()))
            raised = error_of(str(error.get("ename")), str(error.get("evalue")), place, trace)
        texts = [out.get("text", "") for out in cell.get("outputs", ()) if "text" in out]
        said = "".join(text if isinstance(text, str) else "".join(text) for text in texts)
        return self.onward.goes_on(
            Ended(cell=place, error=raised, asked=asked, said=said[-_SAID:], line=line)
        )

    def _asked(self, place: int | None) -> tuple[str, ...]:
        passed = self.kernel.door.take() if self.kernel.door is not None else ()
        if place is not None and len(self.run.fetched) < _MOST_ASKED:
            self.run.fetched += tuple(_fetched(place, one) for one in passed if one.why != REFUSED)
        found = unserved(self.log.next(), passed)
        if place is not None and len(self.run.asked) < _MOST_ASKED:
            self.run.asked += tuple(Asked(cell=place, address=one) for one in found)
        return found

    def _drew(self, place: int | None) -> None:
        lines = self.drawn.next()
        if place is not None and len(self.run.drew) < _MOST_DRAWN:
            self.run.drew += drew_in(place, lines)

    def finish(self, current: int | None) -> None:
        """Take in what the cell asked for in which the run ended, and what was found out."""
        place = self.run.recorded_index(current)
        self._asked(place)
        self._drew(place)
        if self.onward is not None:
            self.run.held_up = self.onward.held_up
            self.run.asked = settled((*self.run.asked, *self.onward.asked))


def _fetched(place: int, passed: Passed) -> Fetched:
    answer = passed.answer
    if answer is None:
        return Fetched(cell=place, url=clean(passed.url)[:4000], note=clean(passed.why))
    return Fetched(
        cell=place,
        url=clean(passed.url)[:4000],
        sha256=answer.sha256,
        size_bytes=answer.size_bytes,
        media_type=clean(answer.media_type)[:200],
    )
