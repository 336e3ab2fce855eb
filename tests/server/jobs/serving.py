"""A server's part in small: a desk in a process of its own, so that it can be killed.

    python serving.py SETTINGS.json ORDER.json…     each order {"order", "source", "destination"}

Prints the ids of the jobs, one a line, then minds them until it is ended.
"""

import asyncio
import json
import sys
from pathlib import Path

from recrate.model.wire import from_plain
from recrate_server.jobs.desk import Desk
from recrate_server.jobs.orders import read_order
from recrate_server.jobs.settings import DeskSettings


async def serve(settings: Path, orders: list[Path]) -> None:
    plain = json.loads(settings.read_text())
    folder = Path(plain.pop("folder"))
    desk = await Desk.open(from_plain({"folder": str(folder), **plain}, DeskSettings))
    for path in orders:
        asked = json.loads(path.read_text())
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


asyncio.run(serve(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
