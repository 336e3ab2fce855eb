"""What a campaign writes for people and programs: its page, its tables, its own crate."""

from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path

from recrate.campaign.journal import Journal
from recrate.crate.campaigns import write_campaign_crate
from recrate.flow.campaign_told import Told
from recrate.model.campaign import CampaignStatus
from recrate.outside.disk import write_pieces, write_text
from recrate.report import assets
from recrate.report.account import Language
from recrate.report.campaign_page import campaign_data, render_campaign_page
from recrate.report.campaign_tables import csv_lines, json_lines, junit_pieces, linkback_lines


def shown_in(root: Path, *, language: Language | None) -> Callable[[CampaignStatus, Journal], None]:
    """Return what keeps the page of a campaign's folder true, and at its end writes the exports."""
    written = False

    def show(status: CampaignStatus, journal: Journal) -> None:
        nonlocal written
        if not written:
            write_text(root / "index.html", page(language))
            written = True
        told = Told(status, root)
        write_pieces(
            root / "data.js", campaign_data(told.status(status), told.rows(journal.rows()))
        )
        if not status.running:
            write_exports(root, status, journal)

    return show


def page(language: Language | None) -> str:
    """Return the page, with its scripts in it."""
    files = resources.files(assets)
    library = files / assets.CHART_LIBRARY
    return render_campaign_page(
        language=language,
        script="\n".join((files / name).read_text("utf-8") for name in assets.SCRIPTS),
        chart_library=library.read_text("utf-8") if library.is_file() else "",
    )


def write_exports(root: Path, status: CampaignStatus, journal: Journal) -> None:
    """Write the tables and the crate of a campaign, each whole or not at all."""
    told = Told(status, root)
    status = told.status(status)
    exports: dict[str, Iterable[str]] = {
        "campaign.csv": csv_lines(told.rows(journal.rows())),
        "campaign.jsonl": json_lines(told.rows(journal.rows())),
        "junit.xml": junit_pieces(status, told.rows(journal.rows())),
        "linkbacks.csv": linkback_lines(told.rows(journal.rows())),
    }
    for name, pieces in exports.items():
        write_pieces(root / name, pieces)
    write_campaign_crate(
        root, head=status.head, counts=status.counts, rows=told.rows(journal.rows()), at=status.at
    )
