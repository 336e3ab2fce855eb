"""Every route, with our address in front; Jupyter Server puts its base URL before that."""

import re

from recrate_server.handlers.about import AboutHandler, ContractHandler, LicencesHandler
from recrate_server.handlers.base import NoSuchRoute
from recrate_server.handlers.campaigns import (
    CampaignHandler,
    CampaignPageHandler,
    RunnersHandler,
)
from recrate_server.handlers.crates import CratesHandler
from recrate_server.handlers.jobs import (
    CancelHandler,
    EventsHandler,
    JobHandler,
    JobsHandler,
    ResultHandler,
    ResumeHandler,
    WaiversHandler,
)
from recrate_server.handlers.publishing import (
    DepositHandler,
    DepositsHandler,
    LookupsHandler,
    PlacesHandler,
    PreflightHandler,
    TokenHandler,
)
from recrate_server.handlers.runs import (
    ExportHandler,
    OutputPageHandler,
    OutputsHandler,
    ReportHandler,
)
from recrate_server.handlers.session import (
    BesideHandler,
    CellsHandler,
    RecordedHandler,
    SessionHandler,
)
from recrate_server.handlers.stream import StreamHandler
from recrate_server.handlers.studies import DescriptionHandler, FixesHandler, UndoHandler

ADDRESS = "/recrate/api"
HANDLERS: tuple[type, ...] = (
    AboutHandler,
    ContractHandler,
    LicencesHandler,
    RunnersHandler,
    DescriptionHandler,
    FixesHandler,
    UndoHandler,
    CratesHandler,
    JobsHandler,
    JobHandler,
    CancelHandler,
    ResumeHandler,
    EventsHandler,
    StreamHandler,
    ResultHandler,
    CampaignHandler,
    ReportHandler,
    OutputsHandler,
    OutputPageHandler,
    WaiversHandler,
    ExportHandler,
    PlacesHandler,
    TokenHandler,
    PreflightHandler,
    DepositsHandler,
    DepositHandler,
    LookupsHandler,
    SessionHandler,
    RecordedHandler,
    CellsHandler,
    BesideHandler,
)


def routes() -> list[tuple[str, type]]:
    """Return (pattern, handler) of all routes, and last the one for what does not exist."""
    known = [(ADDRESS + pattern_of(one.route), one) for one in HANDLERS]  # type: ignore[attr-defined]  # REST and websocket handlers alike
    known.append((ADDRESS + CampaignPageHandler.pattern, CampaignPageHandler))
    return [*known, (rf"{ADDRESS}(?:/.*)?", NoSuchRoute)]


def pattern_of(route: str) -> str:
    """Return the regular expression of a path of the contract, with its parameters as groups."""
    pieces = re.split(r"\{(\w+)\}", route)
    return "".join(
        f"(?P<{piece}>[^/]+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)
    )
