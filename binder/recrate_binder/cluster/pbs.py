"""PBS Professional and OpenPBS, through qsub, qstat and qdel."""

import getpass
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recrate.model.deposit import Option
from recrate.model.errors import BadInput, OutsideFailed
from recrate_binder.cluster.commands import Commands
from recrate_binder.cluster.options import ACCOUNT, COMMON, SCHEDULER, Answers, Pilot
from recrate_binder.cluster.slurm import scheduler_lines

if TYPE_CHECKING:
    from recrate_binder.cluster.pbs_provider import Provider

OPTIONS = (
    Option(
        name="queue",
        label_en="Queue",
        label_ja="キュー",
        help_en="Empty: the server's default.",
        help_ja="空欄: サーバーの既定値。",
    ),
    ACCOUNT,
    Option(
        name="select",
        label_en="Further parts of `-l select`",
        label_ja="`-l select` への追加",
        help_en="`ngpus=1:vnode_type=cpu`; cores and memory are asked by their own options.",
        help_ja="例: `ngpus=1:vnode_type=cpu`。コア数とメモリーは別の項目で指定します。",
    ),
    SCHEDULER,
    *COMMON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PbsSettings:
    """What is asked of PBS for each job; empty where it decides."""

    queue: str
    account: str
    select: str
    scheduler: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers) -> "PbsSettings":
        """Make them of the site's answers; raises BadInput."""
        return cls(
            queue=answers.word("queue"),
            account=answers.word("account"),
            select=answers.word("select").strip(":"),
            scheduler=scheduler_lines(answers),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PbsScheduler:
    """PBS of this submit host."""

    settings: PbsSettings
    pilot: Pilot
    commands: Commands

    def provider(self, name: str, folder: Path) -> "Provider":
        """Return Parsl's provider; raises BadInput for a path that a job script cannot name."""
        from recrate_binder.cluster.pbs_provider import Provider  # noqa: PLC0415 -- needs Parsl

        if any(letter.isspace() or letter in "'\"$" for letter in str(folder)):
            raise BadInput(
                "PBS takes no folder with blanks or quotes in its path",
                where=str(folder),
                hint="choose another folder for the campaign",
            )
        return Provider(self.settings, self.pilot, self.commands, name, folder)

    def jobs(self, name: str) -> tuple[str, ...]:
        """Return the ids of our jobs whose names begin so, as long as they are not finished."""
        owner = f"{getpass.getuser()}@"
        return tuple(
            job
            for job, told in unfinished(self.commands).items()
            if str(told.get("Job_Owner", "")).startswith(owner)
            and str(told.get("Job_Name", "")).startswith(name)
        )

    def cancel(self, jobs: tuple[str, ...]) -> None:
        """End these jobs. One that ended meanwhile is no failure: `jobs` tells what is left."""
        if jobs:
            self.commands.run("qdel", *jobs)


def unfinished(commands: Commands) -> dict[str, dict[str, object]]:
    """Return what PBS says of every job that is not finished, by id; raises OutsideFailed."""
    said = commands.ask("qstat", "-f", "-F", "json")
    try:
        found = json.loads(said).get("Jobs", {}) if said.strip() else {}
    except ValueError as error:
        raise OutsideFailed(
            f"qstat says something that is no JSON: {error}",
            where="qstat",
            hint="PBS Professional from 14 or OpenPBS is needed; TORQUE is another program",
        ) from error
    return dict(found)
