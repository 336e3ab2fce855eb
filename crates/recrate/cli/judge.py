"""`recrate judge`: the verdict again, from saved observations."""

import re
from pathlib import Path
from typing import Any

import click

from recrate.cli.console import Display, print_json
from recrate.cli.judge_campaign import judge_whole_campaign
from recrate.cli.options import PLACE, config_option, json_option, language_option
from recrate.cli.verdicts import exit_code_of
from recrate.configuration import AGENT, default_language, read_settings
from recrate.crate.signing import SIGNATURE
from recrate.flow.campaign_folder import HEAD
from recrate.flow.documents import repair_part, verdict_document
from recrate.flow.judging import judge_folder
from recrate.flow.policies import named_policy
from recrate.flow.repaired import read_repaired
from recrate.flow.waiving import unwaive, waive
from recrate.flow.work import ReplayFolder
from recrate.model.errors import BadInput
from recrate.model.policy import Waiver, WaiverKind
from recrate.model.verdict import Verdict
from recrate.report.account import Language
from recrate.report.repair import repair_line
from recrate.report.text import summarise

PLACES = "NOTEBOOK:CELL:OUTPUT"


@click.command
@click.argument("folder", metavar="DIR", type=PLACE)
@click.option("--policy", metavar="NAME|FILE", help="usual, strict, loose, or a JSON file.")
@click.option("--waive", metavar=PLACES, help="Accept this difference; kept in DIR/policy.json.")
@click.option("--reason", default="", help="Why it may stand; --waive needs one.")
@click.option("--person", help="Who says so.")
@click.option("--unjudged", is_flag=True, help="With --waive: leave the output unjudged.")
@click.option("--unwaive", metavar=PLACES, help="Withdraw a waiver.")
@click.option("--jobs", default=0, type=click.IntRange(0, 1024),
              help="Of a campaign: replays judged at once; 0: one for each processor.")  # fmt: skip
@language_option
@json_option
@config_option
def judge(folder: Path, as_json: bool, **given: Any) -> int:
    """Judge what a replay saved in DIR again, and write verdict, report and run crate anew.

    DIR keeps its own policy once a difference was accepted there; --policy wins over it. DIR may
    also be the folder of a campaign: every replay in it is judged again, and what changed is told.
    """
    if (folder / HEAD).is_file():
        return judge_whole_campaign(folder, given, as_json=as_json)
    language: Language | None = given["language"]
    signed = (folder / SIGNATURE).is_file()
    verdict = _judge(folder, given, language)
    if signed and not (folder / SIGNATURE).is_file():
        Display().say(
            "the signature was removed, it was of the earlier verdict: sign again with "
            f"`recrate sign {folder}`"
        )
    spoken = language or default_language()
    report = ReplayFolder(root=folder).report
    repaired = read_repaired(folder)
    if as_json:
        told = {**verdict_document(verdict), "run_crate": str(folder), "report": str(report)}
        print_json({**told, **repair_part(repaired, folder)})
    else:
        display = Display()
        display.say(summarise(verdict, language=spoken))
        if repaired is not None:
            display.say(repair_line(repaired, spoken))
        display.say(f"report: {report}")
    return exit_code_of(verdict)


def _judge(folder: Path, given: dict[str, Any], language: Language | None) -> Verdict:
    settings = read_settings(given["config_file"])
    chosen = [name for name in ("policy", "waive", "unwaive") if given[name] is not None]
    if len(chosen) > 1:
        raise BadInput("--policy, --waive and --unwaive exclude one another", where="judge")
    if given["waive"] is not None:
        path, cell, output = _place(given["waive"])
        kind = WaiverKind.WAIVE if given["unjudged"] else WaiverKind.ACCEPT
        waiver = Waiver(path=path, cell=cell, output=output, reason=given["reason"], kind=kind)
        now = settings.clock().isoformat(timespec="seconds")
        person = given["person"]
        return waive(folder, waiver, person=person, now=now, agent=AGENT, language=language)
    if given["unwaive"] is not None:
        return unwaive(folder, *_place(given["unwaive"]), agent=AGENT, language=language)
    named = named_policy(given["policy"]) if given["policy"] is not None else None
    return judge_folder(
        folder, policy=settings.policy, agent=AGENT, language=language, chosen=named
    )


def _place(text: str) -> tuple[str, int, int]:
    """Return notebook, cell and output of `a.ipynb:3:0`; the path may hold colons."""
    found = re.fullmatch(r"(.+):([0-9]{1,7}):([0-9]{1,7})", text, re.ASCII)
    if found is None:
        raise BadInput(
            f"{text} names no output",
            where="judge",
            hint="write NOTEBOOK:CELL:OUTPUT, counted from 0: analysis.ipynb:3:0",
        )
    return found[1], int(found[2]), int(found[3])
