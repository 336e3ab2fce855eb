"""`recrate campaign`: replay many crates, resumable at any moment."""

from pathlib import Path
from typing import Any

import click

from recrate.campaign.journal import Journal
from recrate.cli.console import Display, print_json
from recrate.cli.options import PLACE, SIZE, config_option, json_option, language_option, yes_option
from recrate.cli.verdicts import HOLDS
from recrate.configuration import default_language, read_settings
from recrate.flow.campaign_beginning import CampaignOrder, Estimate, estimate
from recrate.flow.campaign_pages import shown_in
from recrate.flow.campaigning import campaign as run_campaign
from recrate.flow.documents import campaign_document
from recrate.model.campaign import CampaignOptions, CampaignStatus, TaskLimits
from recrate.model.wire import to_plain
from recrate.report.campaign_tables import campaign_text


@click.command
@click.argument("listed", metavar="LIST")
@click.option("-o", "--output", type=PLACE, required=True, help="Folder of the campaign.")
@click.option("--on", "runner", default="local", show_default=True, help="Where to run.")
@click.option(
    "--workers", default=0, type=click.IntRange(0), help="Replays at once; 0: as it says."
)
@click.option("--resume", is_flag=True, help="Go on with the campaign in the folder.")
@click.option("--dry-run", is_flag=True, help="Only say what is to be run, and what it may cost.")
@click.option("--again", is_flag=True, help="Replay also what has a verdict already.")
@click.option("--repeat", default=1, type=click.IntRange(1, 100), help="Run each so many times.")
@click.option(
    "-p", "--parameter", "parameters", type=(str, str), multiple=True, metavar="NAME VALUE"
)
@click.option("--timeout", type=float, help="Seconds for one run of a crate.")
@click.option("--timeout-ceiling", type=float, help="How far that may grow for what ran out of it.")
@click.option("--cell-timeout", type=float, help="Seconds for one cell.")
@click.option("--memory", type=SIZE, help="Memory for one kernel and its children, e.g. 4G.")
@click.option("--memory-ceiling", type=SIZE, help="How far that may grow for what ran out of it.")
@click.option("--tries", default=3, show_default=True, type=click.IntRange(1, 20),
              help="Attempts of what a machine, a network or a disk let down.")  # fmt: skip
@click.option("--environment", type=click.Choice(["lock", "current"]), default="lock",
              show_default=True, help="The crate's lock, or this machine's kernels.")  # fmt: skip
@click.option("--environments-here", is_flag=True,
              help="Make environments with this command: for nodes without a network.")  # fmt: skip
@click.option("--allow-network", is_flag=True, help="Let cells reach the network.")
@click.option("--unsandboxed", is_flag=True, help="Run without walls: only what you trust.")
@yes_option
@language_option
@json_option
@config_option
def campaign(**given: Any) -> int:
    """Replay every crate of LIST and keep all verdicts in one folder.

    LIST is a file of paths, addresses and DOIs (text, CSV, JSON), a folder of crates, one crate, a
    Zenodo community (zenodo:NAME) or an OAI-PMH set (oai:URL). However it ends, the same command
    with --resume goes on. Open index.html in the folder to see how it stands.
    """
    settings = read_settings(given["config_file"], unsandboxed=given["unsandboxed"])
    order = _order(given)
    with Display(quiet=given["as_json"]) as display:
        if given["dry_run"]:
            cost = estimate(order, settings=settings, progress=display.progress)
            return _show_estimate(cost, display, as_json=given["as_json"])
        page = shown_in(order.destination, language=given["language"])

        def show(status: CampaignStatus, journal: Journal) -> None:
            page(status, journal)
            display.progress("campaign", *_done(status), campaign_text(status))

        status = run_campaign(order, settings=settings, show=show, progress=display.progress)
    if given["as_json"]:
        print_json(campaign_document(status, order.destination))
    else:
        display.say(campaign_text(status, language=given["language"] or default_language()))
        display.say(f"page: {order.destination / 'index.html'}")
    verdicts = status.counts.verdicts
    return 0 if set(verdicts) <= {str(one) for one in HOLDS} else 1


def _done(status: CampaignStatus) -> tuple[int, int]:
    return sum(status.counts.verdicts.values()), status.counts.total


def _order(given: dict[str, Any]) -> CampaignOrder:
    listed = given["listed"]
    config: Path | None = given["config_file"]
    return CampaignOrder(
        list=str(Path(listed).resolve()) if Path(listed).exists() else listed,
        destination=given["output"],
        runner=given["runner"],
        workers=given["workers"],
        resume=given["resume"],
        agreed=given["agreed"],
        config=config.resolve() if config else None,
        environments_here=given["environments_here"],
        language=given["language"],
        options=CampaignOptions(
            repeats=given["repeat"],
            parameters=given["parameters"],
            current=given["environment"] == "current",
            allow_network=given["allow_network"],
            unsandboxed=given["unsandboxed"],
            limits=TaskLimits(memory_bytes=given["memory"], seconds=given["timeout"]),
            ceiling=TaskLimits(
                memory_bytes=given["memory_ceiling"], seconds=given["timeout_ceiling"]
            ),
            cell_seconds=given["cell_timeout"],
            tries=given["tries"],
            again=given["again"],
        ),
    )


def _show_estimate(cost: Estimate, display: Display, *, as_json: bool) -> int:
    if as_json:
        print_json(to_plain(cost))
        return 0
    display.say(f"{cost.tasks} crates in {cost.environments} environments")
    if cost.known:
        display.say(f"{cost.known} have a verdict already and are not run again")
    if cost.same:
        display.say(f"{cost.same} are the same as another of the list")
    if cost.unreadable:
        display.say(f"{cost.unreadable} cannot be read: " + "; ".join(cost.complaints))
    if cost.core_hours is None:
        display.say("how long they take nobody knows: none of them was ever replayed here")
    else:
        display.say(
            f"about {cost.core_hours:.2f} core-hours, reckoned from {cost.timed} that were "
            "replayed before; the making of environments comes on top"
        )
    return 0
