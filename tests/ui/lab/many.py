"""Fill a list of jobs through the server's own store: `python many.py DATA_FOLDER COUNT`."""

import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recrate_server.jobs.model import Job, Kind, Status, Summary
from recrate_server.jobs.store import Store

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
VERDICTS = ("identical", "equivalent", "different", "failed")


def job_number(number: int) -> Job:
    """Return a replay that was done; each thousandth is of the study of rare earths."""
    study = "rare-earths" if number % 1000 == 7 else f"study-{number % 97}"
    moment = (FIRST + timedelta(minutes=number)).isoformat()
    return Job(
        id=uuid.UUID(int=number).hex,
        kind=Kind.REPLAY,
        status=Status.DONE,
        subject=f"{study}.crate.zip",
        title=f"{study} {number}",
        created=moment,
        started=moment,
        ended=moment,
        order={"kind": "replay", "path": f"{study}.crate.zip"},
        user="somebody",
        summary=Summary(verdict=VERDICTS[number % 4], errors=0, warnings=0, notes=0),
    )


def main() -> None:
    """Add the jobs."""
    store = Store(Path(sys.argv[1]) / "jobs.sqlite")
    for number in range(int(sys.argv[2])):
        store.add(job_number(number))
    store.close()


if __name__ == "__main__":
    main()
