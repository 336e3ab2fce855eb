"""The programs of a scheduler, run without a shell and without our secrets."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recrate.model.errors import OutsideFailed
from recrate.outside.process import Finished, run

SECONDS = 60.0
_SILENT = (
    "unable to contact slurm controller",
    "socket timed out",
    "slurm backup controller in standby",
    "zero bytes were transmitted",
    "cannot connect to server",
    "connection refused",
    "did not answer",
    "max retries exceeded",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Runs programs in one environment.

    variables: the whole of it; folder: where they begin
    """

    variables: Mapping[str, str]
    folder: Path

    def has(self, program: str) -> bool:
        """Say whether there is such a program."""
        return shutil.which(program, path=self.variables.get("PATH")) is not None

    def run(self, *command: str, seconds: float = SECONDS) -> Finished:
        """Run one to its end; past `seconds` it is killed and has code 124.

        Raises OutsideFailed when it is not there.
        """
        done = run(command, timeout_seconds=seconds, folder=self.folder, variables=self.variables)
        if not done.timed_out:
            return done
        said = f"{command[0]} did not answer within {seconds:.0f} s"
        return Finished(code=124, out=done.out, error=said, timed_out=True)

    def ask(self, *command: str) -> str:
        """Run one that only asks, and return what it printed; raises OutsideFailed if it fails."""
        done = self.run(*command)
        if done.code != 0:
            raise OutsideFailed(
                one_line(done.error or done.out) or f"{command[0]} ended with {done.code}",
                where=command[0],
                hint="does the scheduler answer? `recrate runners check` says more",
            )
        return done.out


def is_silent(message: str) -> bool:
    """Say whether a scheduler's message means that it does not answer, so that it may later."""
    return any(part in message.casefold() for part in _SILENT)


def one_line(text: str, length: int = 300) -> str:
    """Return a program's complaint as one line of bounded length."""
    return " ".join(text.split())[:length]


def lines_of(text: str) -> Sequence[str]:
    """Return the lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
