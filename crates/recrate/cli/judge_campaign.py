"""`recrate judge CAMPAIGN`: every replay of a campaign judged again, and what changed told."""

from pathlib import Path
from typing import Any

from recrate.cli.console import Display, print_json
from recrate.cli.verdicts import HOLDS
from recrate.configuration import default_language, read_settings
from recrate.flow.campaign_judging import CampaignJudged, JudgeOrder, judge_campaign
from recrate.flow.campaign_pages import shown_in
from recrate.flow.documents import campaign_judged_document
from recrate.flow.policies import named_policy
from recrate.model.errors import BadInput
from recrate.report.campaign_judged import judged_text

_OF_ONE_REPLAY = ("waive", "unwaive")


def judge_whole_campaign(folder: Path, given: dict[str, Any], *, as_json: bool) -> int:
    """Judge a campaign's replays as the options say, and return the exit code."""
    for name in _OF_ONE_REPLAY:
        if given[name] is not None:
            raise BadInput(
                f"--{name} is for one replay, and this is a campaign",
                where=str(folder),
                hint="name the replay's folder: runs/NUMBER of the campaign",
            )
    settings = read_settings(given["config_file"])
    order = JudgeOrder(
        root=folder,
        policy=named_policy(given["policy"]) if given["policy"] is not None else None,
        jobs=given["jobs"],
        language=given["language"],
    )
    with Display(quiet=as_json) as display:
        done = judge_campaign(
            order,
            settings=settings,
            show=shown_in(folder, language=given["language"]),
            progress=display.progress,
        )
    if as_json:
        print_json(campaign_judged_document(done, folder))
    else:
        _tell(done, folder, display, given)
    holds = set(done.status.counts.verdicts) <= {str(one) for one in HOLDS}
    return 0 if holds and not done.unjudged else 1


def _tell(done: CampaignJudged, folder: Path, display: Display, given: dict[str, Any]) -> None:
    language = given["language"] or default_language()
    display.say(
        judged_text(
            done.status,
            judged=done.judged,
            policy=done.policy,
            changed=[(one.task, one.judging) for one in done.changed],
            unjudged=[(one.task, one.judging) for one in done.unjudged],
            language=language,
        )
    )
    if done.unsigned:
        display.say(f"signatures removed, they were of other verdicts: {done.unsigned}")
    display.say(f"page: {folder / 'index.html'}")
