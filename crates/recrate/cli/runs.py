"""`recrate runs`: who replayed a crate, when, and with what verdict."""

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from recrate.cli.console import Display, complain, print_json, printable
from recrate.cli.options import PLACE, config_option, json_option
from recrate.cli.sign import TRUSTED_VARIABLE, signing_settings
from recrate.configuration import read_settings
from recrate.flow.ledger import Ledger
from recrate.flow.provenance import (
    KnownRun,
    published_verdicts,
    runs_elsewhere,
    runs_ledger,
    runs_of,
    wanted_crate,
)
from recrate.flow.provenance_online import API, Elsewhere
from recrate.model.errors import RecrateError
from recrate.model.wire import to_plain

SIGNATURES = {
    "trusted": "✓ signed",
    "unknown key": "? unknown key",
    "broken": "✗ broken",
    None: "—",
}


@click.command
@click.argument("where")
@click.option("--in", "folders", type=PLACE, multiple=True, help="Also look here; repeatable.")
@click.option("--online", is_flag=True, help="Ask DataCite for verdicts of others, too.")
@click.option("--api", default=API, hidden=True)
@click.option("--trust", "trusted", type=PLACE, multiple=True, envvar=TRUSTED_VARIABLE)
@json_option
@config_option
def runs(
    *,
    where: str,
    folders: tuple[Path, ...],
    online: bool,
    api: str,
    trusted: tuple[Path, ...],
    as_json: bool,
    config_file: Path | None,
) -> int:
    """List the replays of WHERE: a crate, a replay's folder, a DOI, or an identity.

    Without --online only what this installation replayed; nothing is asked of the network.
    """
    settings = read_settings(config_file)
    wanted = wanted_crate(where)
    found = runs_of(
        wanted,
        ledger=runs_ledger(settings),
        folders=folders,
        signing=signing_settings(settings.signing, trusted=trusted),
        published=published_verdicts(Ledger(root=settings.publish.ledger)),
    )
    trouble: RecrateError | None = None
    if online:
        try:
            mine = {one.doi for one in found}
            others = runs_elsewhere(wanted, elsewhere=Elsewhere(web=settings.web, api=api))
            found += tuple(one for one in others if one.doi not in mine)
        except RecrateError as error:
            trouble = error
    if as_json:
        print_json({"crate": to_plain(wanted), "runs": to_plain(found), "complete": not trouble})
    else:
        _show(found)
    if trouble is not None:
        complain(trouble)
        return trouble.exit_code
    return 0


def _show(found: tuple[KnownRun, ...]) -> None:
    display = Display()
    if not found:
        display.say("no replay of this crate is known")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Date", "Verdict", "Compared", "By", "Signature", "Where"):
        table.add_column(name, overflow="fold")
    for one in found:
        compared = "—" if one.compared is None else f"{one.compared}/{one.outputs}"
        cells = (
            one.date[:10] or "—",
            one.verdict or "not told",
            compared,
            one.who or "—",
            SIGNATURES[one.signature] + (f" {one.key[:12]}" if one.key else ""),
            (f"https://doi.org/{one.doi}" if one.doi else one.place)
            + (f" ({one.note})" if one.note else ""),
        )
        table.add_row(*(escape(printable(cell)) for cell in cells))
    display.console.print(table)
