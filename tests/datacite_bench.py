"""A bench for DataCite: the double, and depositors that know it, as new processes make them."""

import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from doubles.datacite import ACCOUNT, PASSWORD, PREFIX, Doi
from doubles.serving import Trouble
from recrate.model.deposit import Place
from recrate.model.progress import silent
from recrate.model.secret import Secret
from recrate.publish.datacite import DataCite
from recrate.publish.depositor import Parcel
from recrate.publish.journal import Journal
from site_parcels import DOCUMENTS, parcel, surroundings

URL = "https://crates.example.ac.jp/"
ATTRIBUTES: dict[str, Any] = {
    "creators": [{"name": "Yamada, Hanako"}],
    "titles": [{"title": "Tide prediction"}],
    "publisher": {"name": "(:unav)"},
    "publicationYear": "2026",
    "types": {"resourceTypeGeneral": "ComputationalNotebook"},
    "alternateIdentifiers": [
        {"alternateIdentifier": "sha256:1", "alternateIdentifierType": "recrate identity"}
    ],
    "url": "https://old.example.org/",
}


class Bench:
    """The double, and depositors that know it."""

    def __init__(self, folder: Path, app: Starlette, trouble: Trouble, port: int) -> None:
        self.folder, self.app, self.trouble, self.port = folder, app, trouble, port
        self.slept: list[float] = []

    @property
    def dois(self) -> dict[str, Doi]:
        """What the service holds."""
        found: dict[str, Doi] = self.app.state.store.dois
        return found

    def depositor(self, secret: str | None = f"{ACCOUNT}:{PASSWORD}", **answers: str) -> DataCite:
        """Make a depositor, as a new process does."""
        told = {
            "folder": str(self.folder / "site"),
            "url": URL,
            "prefix": PREFIX,
            "api": f"http://127.0.0.1:{self.port}/",
            "publisher": "Kyoto University",
            **answers,
        }
        place = Place(name="kyoto", kind="datacite", answers=told)
        token = Secret(secret) if secret else None
        return DataCite(place, surroundings(token), sleep=self.slept.append)

    def parcel(self, mark: str = "m1", **more: Any) -> Parcel:
        """Return a parcel with what DataCite is told."""
        attributes = more.pop("attributes", ATTRIBUTES)
        documents = {**DOCUMENTS, "datacite-json": json.dumps(attributes).encode()}
        return parcel(self.folder, mark, documents=documents, **more)

    def journal(self, mark: str = "m1") -> Journal:
        """Read a deposit's journal anew."""
        return Journal(self.folder / "journals" / mark)

    def publish(self, mark: str = "m1", **more: Any) -> Any:
        """Deposit from beginning to end."""
        return self.depositor().deposit(self.parcel(mark, **more), self.journal(mark), silent)
