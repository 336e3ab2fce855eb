"""The session: what it is of, and each cell that a reviewer runs beside what was published."""

from typing import TYPE_CHECKING, Any

from recrate.model.errors import OutsideFailed
from recrate.model.wire import to_plain
from recrate_server.asking import Asked
from recrate_server.handlers.base import Handler, Raw, operation
from recrate_server.handlers.runs import OUTPUT_POLICY, page
from recrate_server.session import OpenSession, needed, session_document

if TYPE_CHECKING:
    from recrate.compare.beside import Beside
    from recrate.flow.beside import Ran

Plain = dict[str, Any]
CELL_BYTES = 64 << 20
"""The largest cell that is compared; its outputs are in the request."""


class SessionHandler(Handler):
    """The crate that this JupyterLab was opened in."""

    route = "/session"

    @operation("readSession")
    async def get(self, _asked: Asked) -> Plain:
        """Show it."""
        found = self.services.session
        return {"session": session_document(found.head) if found else None}


class RecordedHandler(Handler):
    """What is recorded in a notebook."""

    route = "/session/notebook"

    @operation("readRecorded")
    async def get(self, asked: Asked) -> Plain:
        """List its code cells."""
        found = needed(self.services.session)
        return await self.work(_recorded, found, asked.query["path"])


class CellsHandler(Handler):
    """A cell that was just run."""

    route = "/session/cells"
    body_bytes = CELL_BYTES

    @operation("judgeCell")
    async def post(self, asked: Asked) -> Plain:
        """Compare it with the published one, and remember that it was run."""
        return await self.work(self._judge, needed(self.services.session), asked.body)

    def _judge(self, found: OpenSession, body: Plain) -> Plain:
        from recrate.flow.beside import (  # noqa: PLC0415 - the comparing room takes a second
            judge_cell,
            recorded_outputs,
            remember_cell,
        )

        settings, session = self.services.settings, found.session
        ran = ran_of(body)
        judged = judge_cell(session, found.head, ran, policy=settings.policy)
        try:
            now = settings.clock().isoformat(timespec="seconds")
            remember_cell(session, ran, judged, now=now)
        except OutsideFailed as error:
            self.services.log.warning("recrate: a cell that was run is not remembered: %s", error)
        recorded = (
            0 if judged.index is None else recorded_outputs(session, ran.notebook, judged.index)
        )
        return judged_document(judged, recorded)


class BesideHandler(Handler):
    """Expected beside yours."""

    route = "/session/beside"
    body_bytes = CELL_BYTES

    @operation("showBeside")
    async def post(self, asked: Asked) -> Raw:
        """Send it as a page without any script."""
        found = needed(self.services.session)
        return page(await self.work(self._show, found, asked), OUTPUT_POLICY)

    def _show(self, found: OpenSession, asked: Asked) -> bytes:
        from recrate.flow.beside import show_cell  # noqa: PLC0415 - as above

        shown = show_cell(
            found.session,
            found.head,
            ran_of(asked.body),
            policy=self.services.settings.policy,
            theme=asked.query["theme"],
            language=asked.query["language"],
        )
        return shown.encode("utf-8", "replace")


def ran_of(body: Plain) -> "Ran":
    """Return the cell that a request tells of."""
    from recrate.compare.beside import Around, FreshCell  # noqa: PLC0415 - as above
    from recrate.flow.beside import Ran  # noqa: PLC0415

    cell = body["cell"]
    return Ran(
        notebook=body["notebook"],
        cell=FreshCell(
            index=cell["index"],
            id=cell.get("id") or "",
            source=cell["source"],
            outputs=cell["outputs"],
        ),
        around=tuple(
            Around(index=one["index"], id=one.get("id") or "", source=one["source"])
            for one in body["around"]
        ),
        execution_count=cell.get("execution_count"),
        whole=body["whole"],
    )


def judged_document(found: "Beside", recorded: int) -> Plain:
    """Return how a cell compares, as the contract shapes it."""
    from recrate.report.reasons import reason_in_japanese  # noqa: PLC0415 - as above

    outputs = () if found.cell is None or found.changed else found.cell.outputs
    return {
        "known": found.index is not None,
        "index": found.index,
        "changed": found.changed,
        "verdict": found.verdict.value if found.verdict else None,
        "recorded_outputs": recorded,
        "outputs": [
            {
                "index": one.index,
                "mime": one.mime,
                "verdict": one.verdict.value,
                "reason": one.reason,
                "reason_ja": reason_in_japanese(one.reason),
            }
            for one in outputs
        ],
        "sentence": found.sentence,
        "sentence_ja": reason_in_japanese(found.sentence),
    }


def _recorded(found: OpenSession, path: str) -> Plain:
    from recrate.flow.beside import recorded_cells  # noqa: PLC0415 - as above

    cells = recorded_cells(found.session, found.head, path)
    return {"notebook": path, "known": cells is not None, "cells": to_plain(cells or ())}
