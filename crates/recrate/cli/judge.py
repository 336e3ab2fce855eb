"""`recrate judge`: the verdict again, from saved observations."""

from pathlib import Path

import click

from recrate.cli.console import Display, print_json
from recrate.cli.options import PLACE, config_option, json_option, language_option
from recrate.cli.verdicts import exit_code_of
from recrate.configuration import AGENT, default_language, read_settings
from recrate.flow.documents import verdict_document
from recrate.flow.judging import judge_folder
from recrate.flow.work import ReplayFolder
from recrate.model.errors import NotFound
from recrate.model.policy import Policy
from recrate.model.wire import from_json
from recrate.report.account import Language
from recrate.report.text import summarise


@click.command
@click.argument("folder", metavar="DIR", type=PLACE)
@click.option("--policy", "policy_file", type=PLACE, help="Judge by this policy (JSON).")
@language_option
@json_option
@config_option
def judge(
    folder: Path,
    policy_file: Path | None,
    language: Language | None,
    as_json: bool,
    config_file: Path | None,
) -> int:
    """Judge what a replay saved in DIR again, and write verdict, report and run crate anew."""
    policy = read_settings(config_file).policy
    if policy_file is not None:
        if not policy_file.is_file():
            raise NotFound("no such policy file", where=str(policy_file))
        policy = from_json(policy_file.read_bytes(), Policy, where=str(policy_file))
    spoken = language or default_language()
    verdict = judge_folder(folder, policy=policy, agent=AGENT, language=language)
    report = ReplayFolder(root=folder).report
    if as_json:
        print_json({**verdict_document(verdict), "run_crate": str(folder), "report": str(report)})
    else:
        display = Display()
        display.say(summarise(verdict, language=spoken))
        display.say(f"report: {report}")
    return exit_code_of(verdict)
