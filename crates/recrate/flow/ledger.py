"""The ledger of deposits: what was given to which repository, kept so that nothing is given twice.

One folder for each deposit, named by its mark: `deposit.json` (what was asked for), `journal.jsonl`
(what was done), `parcel.crate.zip` (what is sent, until it is published), `receipt.json`.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from recrate.crate.addressing import UNFINISHED
from recrate.model.deposit import DepositStatus, Receipt, Reservation
from recrate.model.errors import BadInput, Busy, NotFound, OutsideFailed
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.publish.journal import Journal

Value = TypeVar("Value", Receipt, Reservation)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositHead:
    """What was asked for. `source`: real path of the crate; `made`: ISO moment.

    answers: of the depositor's options; no token is ever among them
    """

    mark: str
    place: str
    kind: str
    source: str
    identity: str
    name: str
    made: str
    draft: bool = False
    new_version_of: str | None = None
    is_replay: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One deposit's folder."""

    root: Path
    head: DepositHead

    @property
    def parcel(self) -> Path:
        """The zip that is sent."""
        return self.root / "parcel.crate.zip"

    @property
    def journal(self) -> Journal:
        """What was done so far, read anew."""
        return Journal(self.root)

    def receipt(self) -> Receipt | None:
        """Return what came back, None while nothing did."""
        return _read(self.root / "receipt.json", Receipt)

    def reservation(self) -> Reservation | None:
        """Return what was reserved, None while nothing was."""
        return _read(self.root / "reservation.json", Reservation)

    def keep(self, value: Receipt | Reservation) -> None:
        """Write a receipt or a reservation, whole or not at all."""
        name = "receipt.json" if isinstance(value, Receipt) else "reservation.json"
        write_text(self.root / name, to_json(value))

    def tidy(self) -> None:
        """Remove what a process that was killed was only writing; call it where `held`."""
        with disk_errors(self.root):
            left = [*self.root.glob(f"{UNFINISHED}*"), *self.root.glob("recrate-*")]
            for path in left:
                if path.is_dir():
                    remove_tree(path)
                else:
                    path.unlink(missing_ok=True)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do: published, handed in, or the draft that was wanted."""
        receipt = self.receipt()
        if receipt is None:
            return False
        return receipt.status is not DepositStatus.DRAFT or self.head.draft


def _read(file: Path, kind: type[Value]) -> Value | None:
    if not file.is_file():
        return None
    with disk_errors(file):
        return from_json(file.read_bytes(), kind, where=str(file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All deposits of this installation. `root`: a folder that need not exist yet."""

    root: Path

    def deposits(self) -> tuple[Deposit, ...]:
        """Return every deposit that can be read, the newest first."""
        found = []
        with disk_errors(self.root):
            for folder in self.root.iterdir() if self.root.is_dir() else ():
                with contextlib.suppress(BadInput):
                    found.append(self._open(folder))
        return tuple(sorted(found, key=lambda one: one.head.made, reverse=True))

    def deposit(self, mark: str) -> Deposit:
        """Return the deposit of a mark; raises NotFound."""
        if not mark.isalnum():
            raise NotFound("no such deposit", where=mark, hint="see `recrate publish --list`")
        return self._open(self.root / mark)

    def begin(self, head: DepositHead) -> Deposit:
        """Make the folder of a new deposit."""
        deposit = Deposit(root=self.root / head.mark, head=head)
        with disk_errors(deposit.root):
            deposit.root.mkdir(parents=True, mode=0o700)
        write_text(deposit.root / "deposit.json", to_json(head))
        return deposit

    def change(self, deposit: Deposit, head: DepositHead) -> Deposit:
        """Write what is asked for now over what was asked for first."""
        write_text(deposit.root / "deposit.json", to_json(head))
        return Deposit(root=deposit.root, head=head)

    def forget(self, deposit: Deposit) -> None:
        """Remove a deposit of which nothing is left in the repository."""
        remove_tree(deposit.root)

    def of(self, identity: str, place: str) -> tuple[Deposit, ...]:
        """Return the deposits of one crate at one place, the newest first."""
        return tuple(
            one
            for one in self.deposits()
            if one.head.identity == identity and one.head.place == place
        )

    def before(self, source: Path, identity: str, place: str) -> Deposit | None:
        """Return the last published deposit of an earlier crate that lay where this one lies."""
        for one in self.deposits():
            receipt = one.receipt()
            if (
                one.head.place == place
                and one.head.source == str(source)
                and one.head.identity != identity
                and receipt is not None
                and receipt.status is DepositStatus.PUBLISHED
            ):
                return one
        return None

    @contextlib.contextmanager
    def held(self, identity: str, place: str) -> Iterator[None]:
        """Let nobody else deposit this crate at this place meanwhile.

        Raises Busy where somebody does, OutsideFailed where the ledger cannot be written.
        """
        safe = "".join(one if one.isalnum() else "-" for one in place)
        lock = FileLock(self.root / f".{safe}-{identity[:32]}.lock")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise Busy(
                "this crate is being published there already",
                where=place,
                hint="wait for the other one to end, then look at its outcome",
            ) from error
        except OSError as error:
            raise OutsideFailed(
                f"the ledger of deposits cannot be kept there: {error.strerror or error}",
                where=str(self.root),
                hint="name a folder that you may write to: c.Publish.ledger in the configuration",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _open(self, folder: Path) -> Deposit:
        file = folder / "deposit.json"
        if not file.is_file():
            raise NotFound("no such deposit", where=folder.name, hint="publish the crate again")
        with disk_errors(file):
            head = from_json(file.read_bytes(), DepositHead, where=str(file))
        return Deposit(root=folder, head=head)
