"""What a replay saw: its report, its outputs one by one, and the differences people take on."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.model.errors import BadInput, Conflict, NotFound
from recrate.model.wire import to_plain
from recrate.outside.archive import Member, write_zip
from recrate.outside.disk import disk_errors
from recrate_server.asking import Asked
from recrate_server.handlers.base import Handler, Raw, operation

if TYPE_CHECKING:
    from recrate.flow.reviewing import OutputPage, OutputRow

CRATE_SUFFIX = ".crate.zip"
REPORT_BYTES = 512 << 20

_ALONE = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
REPORT_POLICY = f"sandbox allow-scripts; script-src 'unsafe-inline'; {_ALONE}"
"""The report is of another origin than Jupyter (no `allow-same-origin`), so its one script reaches
nothing of the person's; which script may act, the page's own policy says by its hash.

Source: https://www.w3.org/TR/CSP3/#directive-sandbox
"""
OUTPUT_POLICY = f"sandbox; {_ALONE}"


def page(html: str | bytes, policy: str) -> Raw:
    """Return a page that strangers' outputs are in, walled off from the person's Jupyter."""
    return Raw(
        content=html,
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        },
    )


class ReportHandler(Handler):
    """The report of a run."""

    route = "/jobs/{id}/report"

    @operation("readReport")
    async def get(self, asked: Asked) -> Raw:
        """Send the page."""
        folder = await self.run_folder(asked.path["id"])
        return page(await self.work(read_report, folder), REPORT_POLICY)


class OutputsHandler(Handler):
    """Outputs of a run."""

    route = "/jobs/{id}/outputs"

    @operation("listOutputs")
    async def get(self, asked: Asked) -> dict[str, Any]:
        """List a stretch of them."""
        folder = await self.run_folder(asked.path["id"])
        found = await self.work(
            _list_outputs,
            folder,
            notebook=asked.query.get("notebook"),
            verdicts=tuple(asked.query.get("verdict", ())),
            offset=asked.query["offset"],
            limit=asked.query["limit"],
        )
        return outputs_document(found)


class OutputPageHandler(Handler):
    """One output."""

    route = "/jobs/{id}/outputs/page"

    @operation("showOutput")
    async def get(self, asked: Asked) -> Raw:
        """Send it as a page without any script."""
        folder = await self.run_folder(asked.path["id"])
        query = asked.query
        shown = await self.work(
            _show_output,
            folder,
            query["notebook"],
            query["cell"],
            query["output"],
            theme=query["theme"],
            language=query["language"],
        )
        return page(shown, OUTPUT_POLICY)


class ExportHandler(Handler):
    """The run crate, among the person's files."""

    route = "/jobs/{id}/export"

    @operation("exportRun")
    async def post(self, asked: Asked) -> dict[str, Any]:
        """Write it whole or not at all; what lies there already is left alone."""
        folder = await self.run_folder(asked.path["id"])
        await self.work(self._export, folder, asked.body["destination"])
        return {"path": asked.body["destination"]}

    def _export(self, folder: Path, path: str) -> None:
        if not path.endswith(CRATE_SUFFIX):
            raise BadInput("is no name of a crate", where=path, hint=f"end it with {CRATE_SUFFIX}")
        place = self.places.plan(path)
        if place.real.exists():
            raise Conflict(
                "something of this name is there", where=path, hint="choose another name"
            )
        if not place.real.parent.is_dir():
            raise NotFound("there is no such folder", where=path, hint="make the folder first")
        write_zip(run_members(folder), place.real)


def read_report(folder: Path) -> bytes:
    """Return the report in a replay's folder; raises NotFound before it is written."""
    path = folder / "report.html"
    if not path.is_file():
        raise NotFound("there is no report yet", hint="it is written when the replay has ended")
    with disk_errors(path):
        if path.stat().st_size > REPORT_BYTES:
            raise BadInput("the report is too large to be shown", hint="export the run instead")
        return path.read_bytes()


def run_members(folder: Path) -> Iterator[Member]:
    """Yield what a run crate holds: plain files only, no links, nothing half-written."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not Path(parent, name).is_symlink()]
        for name in names:
            path = Path(parent, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield Member(path=path.relative_to(folder).as_posix(), source=path)


def _list_outputs(folder: Path, **named: Any) -> "OutputPage":
    """List outputs; the comparing room is loaded by who first asks for it, in a thread."""
    from recrate.flow.reviewing import list_outputs  # noqa: PLC0415 - a second, not at every start

    return list_outputs(folder, **named)


def _show_output(folder: Path, *place: Any, **named: Any) -> str:
    """Show an output; see `_list_outputs`."""
    from recrate.flow.reviewing import show_output  # noqa: PLC0415

    return show_output(folder, *place, **named)


def outputs_document(found: "OutputPage") -> dict[str, Any]:
    """Return a page of outputs as the contract shapes it."""
    return {
        "all": found.all,
        "total": found.total,
        "counts": found.counts,
        "filtered": found.filtered,
        "notebooks": list(found.notebooks),
        "failures": [
            {"notebook": path, "error": to_plain(failure)} for path, failure in found.failures
        ],
        "offset": found.offset,
        "outputs": [_row(one) for one in found.outputs],
    }


def _row(row: "OutputRow") -> dict[str, Any]:
    return to_plain(row)  # type: ignore[no-any-return]  # a record becomes an object
