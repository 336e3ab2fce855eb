"""A server's part in small: a desk in a process of its own, so that it can be killed.

    python serving.py SETTINGS.json ORDER.json…     each order {"order", "source", "destination"}

Prints the ids of the jobs, one a line, then minds them until it is ended.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from recrate.model.wire import from_plain
from recrate_server.jobs.desk import Desk
from recrate_server.jobs.orders import read_order
from recrate_server.jobs.settings import DeskSettings


async def serve(settings: DeskSettings, orders: list[dict[str, Any]]) -> None:
    desk = await Desk.open(settings)
    for asked in orders:
        destination = asked.get("destination")
        job = await desk.accept(
            read_order(asked["order"]),
            user="hanako",
            title="a study",
            source=Path(asked["source"]),
            destination=Path(destination) if destination else None,
        )
        print(job.id, flush=True)
    await asyncio.sleep(600)


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(name).read_text())
    return found


asyncio.run(serve(from_plain(read(sys.argv[1]), DeskSettings), [*map(read, sys.argv[2:])]))
