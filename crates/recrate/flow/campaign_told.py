"""What a campaign tells others: nothing of where its files lie on the machine that ran it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from recrate.model.campaign import CampaignStatus, TaskResult, TaskRow


class Told:
    """A campaign's status and rows as pages and tables show them.

    Paths of crates are relative to the folder that the list lies in, those of the campaign's own
    files to its folder; of others the last two names are left.
    """

    def __init__(self, status: CampaignStatus, root: Path) -> None:
        """Tell of the campaign in a folder."""
        listed = Path(status.head.list)
        hidden = {str(root.resolve()): "", str(Path.home()): "~/"}
        self._base: Path | None = None
        if listed.exists():
            whole = listed.resolve()
            self._base = whole if whole.is_dir() else whole.parent
            hidden[str(self._base)] = ""
        here = self._base is not None or listed.is_absolute()
        self._list = listed.resolve().name if here else status.head.list
        beginnings = sorted(hidden, key=len, reverse=True)
        self._hidden = [(f"{one}/", hidden[one]) for one in beginnings if one != "/"]

    def status(self, status: CampaignStatus) -> CampaignStatus:
        """Return a status to be shown."""
        notes = tuple(self._text(one) for one in status.notes)
        return replace(status, head=replace(status.head, list=self._list), notes=notes)

    def rows(self, rows: Iterable[TaskRow]) -> Iterator[TaskRow]:
        """Yield rows to be shown."""
        for row in rows:
            yield replace(
                row,
                entry=replace(row.entry, where=self._where(row.entry.where)),
                crate=self._where(row.crate),
                result=self._result(row.result) if row.result else None,
                message=self._text(row.message),
                hint=self._text(row.hint),
            )

    def _result(self, result: TaskResult) -> TaskResult:
        return replace(
            result,
            reason=self._text(result.reason),
            message=self._text(result.message),
            hint=self._text(result.hint),
        )

    def _where(self, where: str) -> str:
        path = Path(where)
        if not path.is_absolute():
            return where
        if self._base is not None and path.is_relative_to(self._base):
            inside = path.relative_to(self._base).as_posix()
            return self._base.name if inside == "." else inside
        return "/".join(("…", *path.parts[-2:])) if len(path.parts) > 3 else path.name

    def _text(self, said: str) -> str:
        for beginning, short in self._hidden:
            said = said.replace(beginning, short)
        return said
