"""The demo: pack → check → replay twice, on the study that comes with recrate."""

from dataclasses import dataclass
from pathlib import Path

import recrate
from recrate.crate.check import check_crate
from recrate.flow.pack import Packed, PackOrder, pack
from recrate.flow.replay import Replayed, ReplayOrder, replay
from recrate.flow.settings import Settings
from recrate.model.errors import Conflict, NotFound
from recrate.model.finding import Finding
from recrate.model.progress import Progress, silent
from recrate.report.account import Language

STUDY = "tides"
REPEATS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrated:
    """What the demo did. `checked` is what checking the crate found."""

    packed: Packed
    checked: tuple[Finding, ...]
    replayed: Replayed


def run_demo(
    output: Path, *, settings: Settings, language: Language | None, progress: Progress = silent
) -> Demonstrated:
    """Take the whole path on the bundled study; crate and replay land in `output`."""
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise Conflict("has something in it", where=str(output), hint="choose a new folder with -o")
    crate_file = output / "demo.crate.zip"
    packed = pack(
        PackOrder(root=bundled_study(), destination=crate_file),
        options=settings.scan,
        environment=settings.environment,
        agent=settings.agent,
        today=settings.environment.today,
        progress=progress,
    )
    findings = check_crate(crate_file, contexts=settings.contexts, progress=progress)
    replayed = replay(
        ReplayOrder(
            location=crate_file,
            destination=output / "replay",
            repeats=REPEATS,
            trusted=True,
            language=language,
        ),
        settings=settings,
        progress=progress,
    )
    return Demonstrated(packed=packed, checked=findings, replayed=replayed)


def bundled_study() -> Path:
    """Return the folder of the study that is installed with recrate, or lies in the checkout."""
    package = Path(recrate.__file__).parent
    places = (package / "examples" / STUDY, package.parents[1] / "examples" / STUDY)
    for place in places:
        if place.is_dir():
            return place
    raise NotFound("the bundled study is not installed", where=str(places[0]))
