"""Slurm, through sbatch, squeue and scancel."""

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recrate.model.deposit import Option
from recrate.model.errors import BadInput
from recrate_binder.cluster.commands import Commands, lines_of
from recrate_binder.cluster.options import (
    ACCOUNT,
    COMMON,
    EXCLUSIVE,
    NODES,
    SCHEDULER,
    Answers,
    Pilot,
)

if TYPE_CHECKING:
    from recrate_binder.cluster.slurm_provider import Provider

OPTIONS = (
    Option(
        name="partition",
        label_en="Partition",
        label_ja="パーティション",
        help_en="Empty: the cluster's default.",
        help_ja="空欄: クラスターの既定値。",
    ),
    ACCOUNT,
    Option(
        name="qos",
        label_en="Quality of service (QOS)",
        label_ja="QOS",
    ),
    Option(
        name="constraint",
        label_en="Features of the nodes",
        label_ja="ノードの条件 (constraint)",
        help_en="As of `sbatch --constraint`.",
        help_ja="`sbatch --constraint` と同じ書き方。",
    ),
    NODES,
    EXCLUSIVE,
    SCHEDULER,
    *COMMON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlurmSettings:
    """What is asked of Slurm for each job; empty where it decides."""

    partition: str
    account: str
    qos: str
    constraint: str
    exclusive: bool
    scheduler: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers) -> "SlurmSettings":
        """Make them of the site's answers; raises BadInput."""
        return cls(
            partition=answers.word("partition"),
            account=answers.word("account"),
            qos=answers.word("qos"),
            constraint=answers.word("constraint"),
            exclusive=answers.yes("exclusive"),
            scheduler=scheduler_lines(answers),
        )


def scheduler_lines(answers: Answers) -> tuple[str, ...]:
    """Return the further options of the scheduler, a line each; raises BadInput."""
    lines = tuple(lines_of(answers.text("scheduler")))
    for line in lines:
        if not line.startswith("-"):
            raise BadInput(
                f"{line} is no option of a job script",
                where="scheduler",
                hint="write it as --reservation=class, one on a line",
            )
    return lines


def pushed_lines(pilot: Pilot) -> tuple[str, ...]:
    """Return what a job's head says where nodes do not see the folder it is submitted from."""
    return () if pilot.shared else ("--chdir=/",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlurmScheduler:
    """Slurm of this submit host."""

    settings: SlurmSettings
    pilot: Pilot
    commands: Commands

    def provider(self, name: str, folder: Path) -> "Provider":
        """Return Parsl's provider of jobs of that name."""
        from recrate_binder.cluster.slurm_provider import Provider  # noqa: PLC0415 -- needs Parsl

        return Provider(self.settings, self.pilot, self.commands, name, folder)

    def jobs(self, name: str) -> tuple[str, ...]:
        """Return the ids of our jobs whose names begin so, as long as squeue lists them."""
        listed = self.commands.ask(
            "squeue", "--noheader", f"--user={getpass.getuser()}", "--format=%i %j"
        )
        pairs = [line.split(None, 1) for line in lines_of(listed)]
        return tuple(job for job, *rest in pairs if rest and rest[0].startswith(name))

    def cancel(self, jobs: tuple[str, ...]) -> None:
        """End these jobs."""
        if jobs:
            self.commands.ask("scancel", *jobs)
