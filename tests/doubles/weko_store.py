"""What a small WEKO holds, in plain sight: users, tokens, clients, indexes, items, activities."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAPPING_FILE = Path(__file__).resolve().parents[3] / "shared/data/weko/jsonld_mapping.json"
"""WEKO's reference mapping, where the official data lie beside the checkout."""
INDEX = "1623632832836"
CLOSED_INDEX = "1700000000001"
"""An index that is neither public nor open to harvesters."""
SCOPES = frozenset(
    {"deposit:write", "deposit:actions", "item:create", "item:update", "item:delete"}
)
OWNER_TOKEN = "owner-token-5f1c"
WORKFLOW_TOKEN = "workflow-token-77aa"
OTHER_TOKEN = "other-token-90b1"
PERSONAL_TOKEN = "personal-token-3d3d"
"""Of a client of its own, which the staff's form does not offer (weko_admin/admin.py)."""
FIRST_RECID = 96568


@dataclass
class User:
    """Somebody with an account. `roles` as WEKO names them."""

    name: str
    email: str
    eppn: str = ""
    roles: tuple[str, ...] = ("Contributor",)


@dataclass
class Client:
    """The setting of an OAuth client for SWORD, which staff register (nii.md 3.2)."""

    active: bool = True
    registration: str = "Direct"
    mapping: dict[str, str] | None = field(
        default_factory=lambda: dict(json.loads(MAPPING_FILE.read_text()))
    )
    duplicate_check: bool = False


@dataclass
class Token:
    """A token: whose, for which client, and what it allows."""

    user: str
    client: str = "direct"
    scopes: frozenset[str] = SCOPES


@dataclass
class Index:
    """An index of the repository."""

    public: bool = True
    harvested: bool = True


@dataclass
class Item:
    """A record. `unseen`: so many searches do not show it yet."""

    recid: str
    owner: str
    title: str
    kept: dict[str, Any]
    lost: dict[str, Any]
    files: dict[str, bytes]
    roles: dict[str, str]
    public: bool
    indexes: tuple[str, ...]
    shared: tuple[str, ...] = ()
    versions: int = 1
    revision: int = 5
    doi: str | None = None
    agency: str | None = None
    deleted: bool = False
    being_edited: bool = False
    unseen: int = 0
    links: tuple[tuple[str, str], ...] = ()


@dataclass
class Activity:
    """A workflow on its way. `recid`: of the record that it changes, empty for a new one."""

    identifier: str
    owner: str
    title: str
    recid: str
    files: dict[str, bytes]
    finished: bool = False
    stopped: bool = False


@dataclass
class Store:
    """The repository, and how it is set up.

    sees_private: the role may search its own private items (permission `search-access`)
    lag:          so many searches do not show a new item yet
    halfway:      what a workflow says that stops in the middle; empty for none
    finishes:     a workflow needs nobody
    mail_fails:   an item is made, and the mail that tells of it cannot be sent
    limited:      so many requests are answered with 429 first
    """

    users: dict[str, User] = field(
        default_factory=lambda: {
            "hanako": User("hanako", "hanako@example.ac.jp", "hanako@idp.example.ac.jp"),
            "taro": User("taro", "taro@example.ac.jp"),
        }
    )
    tokens: dict[str, Token] = field(
        default_factory=lambda: {
            OWNER_TOKEN: Token("hanako"),
            WORKFLOW_TOKEN: Token("hanako", "workflow", SCOPES | {"user:activity"}),
            OTHER_TOKEN: Token("taro"),
            PERSONAL_TOKEN: Token("hanako", "internal-client-of-the-token"),
        }
    )
    clients: dict[str, Client] = field(
        default_factory=lambda: {
            "direct": Client(),
            "workflow": Client(registration="Workflow"),
        }
    )
    indexes: dict[str, Index] = field(
        default_factory=lambda: {INDEX: Index(), CLOSED_INDEX: Index(False, False)}
    )
    prefixes: dict[str, str] = field(
        default_factory=lambda: {"JaLC": "10.5072", "Crossref": "10.5555", "DataCite": "10.82001"}
    )
    schemes: tuple[str, ...] = ("ORCID", "e-Rad_Researcher", "ROR", "WEKO", "CiNii", "KAKEN2")
    items: dict[str, Item] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    maximum_bytes: int = 16_777_216_000
    verifies_digest: bool = True
    verifies_bag: bool = True
    allows_on_behalf_of: bool = True
    sees_private: bool = True
    lag: int = 0
    halfway: str = ""
    finishes: bool = False
    mail_fails: bool = False
    limited: int = 0
    received: list[dict[str, str]] = field(default_factory=list)
    """The headers of each package that came whole."""

    def living(self) -> list[Item]:
        """Return the items that are not deleted."""
        return [item for item in self.items.values() if not item.deleted]

    def next_recid(self) -> str:
        """Return the number of the next item: deleted ones keep theirs."""
        return str(FIRST_RECID + len(self.items))


@dataclass
class Refusal(Exception):  # noqa: N818 - it is an answer, not a mistake of ours
    """What WEKO answers when it refuses (nii.md 3.8). `kind`: the `@type` of its answer."""

    status: int
    kind: str
    error: str


def malformed(error: str) -> Refusal:
    """Return the refusal of a package's content (nii.md 3.8)."""
    return Refusal(400, "ContentMalformed", f"Item check error: {error}")


def bad(error: str) -> Refusal:
    """Return the refusal of a request (nii.md 3.8)."""
    return Refusal(400, "BadRequest", error)
