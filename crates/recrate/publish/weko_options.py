"""What a person says of a WEKO repository: the depositor's questions, and the answers as values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from recrate.model.deposit import About, Capabilities, DepositOrder, Option, OptionKind
from recrate.model.errors import BadInput
from recrate.model.record import RecordKind
from recrate.publish.weko_words import RESOURCE_TYPES

MAXIMUM_BYTES = 16_777_216_000
"""WEKO's maxUploadSize, of the whole request."""

SCOPES = (
    "deposit:write",
    "deposit:actions",
    "item:create",
    "item:update",
    "item:delete",
    "user:activity",
)
"""What a token must allow: the last for workflows, and to find an activity again."""
REDIRECT = "http://127.0.0.1/"
"""Where the repository sends the browser with the token: nothing has to listen there."""

ABOUT = About(
    kind="weko",
    title_en="JAIRO Cloud (WEKO3)",
    title_ja="JAIRO Cloud（WEKO3）",
    homepage="https://jpcoar.repo.nii.ac.jp/",
    capabilities=Capabilities(
        crate_limit_bytes=MAXIMUM_BYTES,
        file_limit_bytes=MAXIMUM_BYTES,
        drafts=True,
        versions=True,
        private=True,
        review=True,
    ),
    options=(
        Option(
            name="url",
            label_en="Address of the repository",
            label_ja="リポジトリのアドレス",
            required=True,
            fixed_by_place=True,
            help_en="such as https://example.repo.nii.ac.jp",
            help_ja="例: https://example.repo.nii.ac.jp",
        ),
        Option(
            name="index",
            label_en="Index",
            label_ja="インデックス",
            required=True,
            help_en="numbers of the indexes, with commas; the number stands in the index's address",
            help_ja="インデックスの番号。複数のときはコンマで区切る。番号はインデックスのアドレスにある",
        ),
        Option(
            name="way",
            label_en="How the crate is kept",
            label_ja="クレートの納め方",
            kind=OptionKind.CHOICE,
            choices=("whole", "exploded"),
            default="whole",
            help_en="whole: one zip that keeps every byte; exploded: each file of its own",
            help_ja="whole: バイト単位で保たれる 1 つの zip。exploded: ファイルを 1 つずつ",
        ),
        Option(
            name="publish",
            label_en="Who sees it at once",
            label_ja="登録直後の公開範囲",
            kind=OptionKind.CHOICE,
            choices=("private", "public", "workflow"),
            default="private",
            help_en="workflow: staff look at it first; the repository decides that for your client",
            help_ja="workflow: 先に担当者が確認する。そうなるかはリポジトリ側の設定で決まる",
        ),
        Option(
            name="resource_type",
            label_en="Resource type",
            label_ja="資源タイプ",
            kind=OptionKind.CHOICE,
            choices=tuple(RESOURCE_TYPES),
            help_en="without an answer: software, and dataset for a verdict; NII's Binder opens"
            " only a dataset with 50 characters of description or more",
            help_ja="答えないときは software（判定は dataset）。NII の Binder で開けるのは"
            "説明が 50 文字以上の dataset だけ",
        ),
        Option(
            name="doi_prefix",
            label_en="DOI prefix of the repository",
            label_ja="リポジトリの DOI プレフィックス",
            help_en="such as 10.5072, to ask for a DOI at once; needs publish=public",
            help_ja="例: 10.5072。登録と同時に DOI を求めるとき。publish=public が必要",
        ),
        Option(
            name="doi_agency",
            label_en="DOI registration agency",
            label_ja="DOI 登録機関",
            kind=OptionKind.CHOICE,
            choices=("JaLC", "DataCite", "Crossref"),
            default="JaLC",
        ),
        Option(
            name="mapping",
            label_en="Mapping of the repository",
            label_ja="リポジトリのマッピング",
            fixed_by_place=True,
            help_en="file or address of the JSON-LD mapping that the staff gave you",
            help_ja="リポジトリ担当者から受け取った JSON-LD マッピングのファイルまたはアドレス",
        ),
        Option(
            name="client_id",
            label_en="Client ID of the application",
            label_ja="アプリケーションのクライアント ID",
            fixed_by_place=True,
            help_en="of the OAuth application that the staff registered for recrate",
            help_ja="担当者が recrate のために登録した OAuth アプリケーションのもの",
        ),
        Option(
            name="identifier_schemes",
            label_en="Kinds of identifiers that the repository knows",
            label_ja="リポジトリに登録済みの識別子の種類",
            default="ORCID, e-Rad_Researcher, ROR",
            fixed_by_place=True,
            help_en="of people and organisations; WEKO refuses an item with any other",
            help_ja="著者と所属の識別子。これ以外があると WEKO は登録を拒む",
        ),
        Option(
            name="on_behalf_of",
            label_en="On behalf of",
            label_ja="代理登録",
            help_en="e-mail address or eduPersonPrincipalName of whom you deposit for",
            help_ja="代理登録する相手のメールアドレスまたは eduPersonPrincipalName",
        ),
        Option(
            name="feedback_mail",
            label_en="Mail addresses for access statistics",
            label_ja="フィードバックメールの宛先",
            help_en="with commas",
            help_ja="複数のときはコンマで区切る",
        ),
        Option(
            name="resend",
            label_en="Send again although the outcome is not known",
            label_ja="結果が不明でも再送する",
            kind=OptionKind.YES_NO,
            default="no",
            help_en="only after you looked in the repository and the crate is not there",
            help_ja="リポジトリを見て、クレートが登録されていないことを確かめたときだけ",
        ),
        Option(
            name="record",
            label_en="Record that was made",
            label_ja="登録されていた記録",
            help_en="its number or address, or the activity's: where an earlier answer was lost",
            help_ja="前の応答が失われたとき、できていたアイテムの番号・アドレスまたはアクティビティ",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WekoSettings:
    """The answers, checked. `base`: the repository's address without `/` at its end.

    public:  the item is public at once, else private
    review:  the person expects a workflow
    prefix:  of a DOI to be asked for, empty for none
    schemes: kinds of identifiers that the repository knows
    client:  identifier of the OAuth application, empty where nobody said
    resend:  the person looked: nothing was made
    record:  the person looked: this was made
    """

    base: str
    indexes: tuple[str, ...]
    whole: bool = True
    public: bool = False
    review: bool = False
    resource_type: str = "software"
    prefix: str = ""
    agency: str = "JaLC"
    mapping: str = ""
    schemes: tuple[str, ...] = ("ORCID", "e-Rad_Researcher", "ROR")
    on_behalf_of: str = ""
    feedback: tuple[str, ...] = ()
    client: str = ""
    resend: bool = False
    record: str = ""

    @property
    def token_hint(self) -> str:
        """Return how one comes by a token; a personal one of WEKO is of no use here."""
        if not self.client:
            return "how to get one stands in docs/publishing-weko.md; WEKO's hold for an hour"
        asked = {
            "response_type": "token",
            "client_id": self.client,
            "redirect_uri": REDIRECT,
            "scope": " ".join(SCOPES),
        }
        return (
            f"open {self.base}/oauth/authorize?{urlencode(asked)} , agree, and copy what stands"
            " after `access_token=` in the address of the page that then does not open; it holds"
            " for an hour"
        )

    def record_url(self, recid: str) -> str:
        """Return the address of a record's page, which WEKO compares letter by letter."""
        return f"{self.base}/records/{recid}"

    def activity_url(self, written: str) -> str:
        """Return the address of an activity's page, of its identifier or an address of it."""
        return f"{self.base}/workflow/activity/detail/{written.rstrip('/').rsplit('/', 1)[-1]}"

    def recid_of(self, written: str) -> str | None:
        """Return the number of a record of this repository; None for anything else."""
        found = re.fullmatch(
            rf"(?:{re.escape(self.base)}/(?:records|sword/deposit)/)?(\d+)(?:\.\d+)?/?",
            written.strip(),
        )
        return found[1] if found else None


def settings_of(
    answers: Mapping[str, str], *, order: DepositOrder | None = None, kind: RecordKind | None = None
) -> WekoSettings:
    """Return what the answers say; those of the order are the later word.

    Raises BadInput for an address that is none, a choice that is not offered, and an index or
    DOI prefix that cannot be one.
    """
    said = {**answers, **(order.answers if order is not None else {})}
    given = {name: value.strip() for name, value in said.items() if value and value.strip()}
    for option in ABOUT.options:
        if option.choices and given.get(option.name, option.choices[0]) not in option.choices:
            raise BadInput(
                f"`{option.name}` cannot be `{given[option.name][:40]}`",
                hint=f"choose one of {', '.join(option.choices)}",
            )
    publish = given.get("publish", "private")
    usual = "dataset" if kind is RecordKind.REPLAY else "software"
    return WekoSettings(
        base=_base(given.get("url", "")),
        indexes=_indexes(given.get("index", "")),
        whole=given.get("way", "whole") == "whole",
        public=publish == "public" and not (order is not None and order.draft),
        review=publish == "workflow",
        resource_type=given.get("resource_type", usual),
        prefix=_prefix(given.get("doi_prefix", "")),
        agency=given.get("doi_agency", "JaLC"),
        mapping=given.get("mapping", ""),
        schemes=_listed(given.get("identifier_schemes", "ORCID, e-Rad_Researcher, ROR")),
        on_behalf_of=_header(given.get("on_behalf_of", "")),
        feedback=_listed(given.get("feedback_mail", "")),
        client=given.get("client_id", ""),
        resend=given.get("resend", "no") == "yes",
        record=given.get("record", ""),
    )


def _listed(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in written.split(",") if one.strip()))


def _base(written: str) -> str:
    parts = urlsplit(written)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise BadInput(
            "the repository's address is missing or is none",
            hint="answer `url` with its front page, such as https://example.repo.nii.ac.jp",
        )
    return f"{parts.scheme}://{parts.netloc}"


def _indexes(written: str) -> tuple[str, ...]:
    found = _listed(written)
    for one in found:
        if not re.fullmatch(r"[0-9]{1,20}", one):
            raise BadInput(
                f"`{one[:40]}` is no number of an index",
                hint="open the index in the repository: its number stands in the address",
            )
    return found


def _prefix(written: str) -> str:
    bare = written.rstrip("/")
    if bare and not re.fullmatch(r"10\.[0-9]{4,9}(?:\.[0-9]+)*", bare):
        raise BadInput(
            f"`{written[:40]}` is no DOI prefix",
            hint="give the repository's prefix alone, such as 10.5072: WEKO makes the rest itself",
        )
    return bare


def _header(written: str) -> str:
    if not written.isascii() or not written.isprintable():
        raise BadInput(
            "`on_behalf_of` holds characters that cannot be sent",
            hint="give an e-mail address or an eduPersonPrincipalName",
        )
    return written
