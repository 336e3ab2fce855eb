"""What the depositor of GakuNin RDM is, asks for, and made of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from recrate.model.deposit import About, Capabilities, Option, OptionKind
from recrate.model.errors import BadInput
from recrate.publish.grdm_client import API, FILES, WEB, Addresses, project_of
from recrate.publish.grdm_keeping import check_part

FORMAT = "grdm"
_ADDRESSES = (
    Option(
        name="api",
        label_en="Address of the API",
        label_ja="API のアドレス",
        default=API,
        fixed_by_place=True,
    ),
    Option(
        name="files",
        label_en="Address of the file service",
        label_ja="ファイルサービスのアドレス",
        default=FILES,
        fixed_by_place=True,
    ),
    Option(
        name="web",
        label_en="Address of the pages",
        label_ja="ウェブページのアドレス",
        default=WEB,
        fixed_by_place=True,
    ),
)

ABOUT = About(
    kind="grdm",
    title_en="GakuNin RDM",
    title_ja="GakuNin RDM",
    capabilities=Capabilities(gives_doi=False, private=True, versions=True),
    formats=(FORMAT,),
    homepage=WEB,
    options=(
        Option(
            name="project",
            label_en="Project",
            label_ja="プロジェクト",
            required=True,
            help_en="The five characters at the end of the project's address, or the address.",
            help_ja="プロジェクトのアドレスの末尾にある 5 文字、またはアドレス全体。",
        ),
        Option(
            name="storage",
            label_en="Storage",
            label_ja="ストレージ",
            help_en="A storage of the project, such as osfstorage. Empty: the default one.",
            help_ja="プロジェクトのストレージ（osfstorage など）。空欄なら既定のストレージ。",
        ),
        Option(
            name="folder",
            label_en="Folder in the storage",
            label_ja="ストレージ内のフォルダ",
            default="/recrate/",
        ),
        Option(
            name="unpacked",
            label_en="Also as a folder, for NII's Binder",
            label_ja="フォルダとしても置く（データ解析機能用）",
            kind=OptionKind.YES_NO,
            default="no",
            help_en=(
                "Puts the crate's files beside it as a folder, and writes .binder/ in the default "
                "storage, so that the data analysis function launches this study. Files in "
                ".binder/ that a person edited stay as they are."
            ),
            help_ja=(
                "クレートのファイルを隣にフォルダとして置き、"
                "既定のストレージに .binder/ を書きます。"
                "データ解析機能でこの研究を起動できるようになります。"
                ".binder/ の手で編集されたファイルには触れません。"
            ),
        ),
        Option(
            name="metadata",
            label_en="Fill in the file's metadata form",
            label_ja="ファイルのメタデータを登録する",
            kind=OptionKind.YES_NO,
            default="no",
            help_en="The common metadata items. What was answered there already stays.",
            help_ja="公的資金による研究データの共通項目。すでにある回答はそのまま残ります。",
        ),
        *_ADDRESSES,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the person wants of this deposit. `storage` None: the project's default one."""

    guid: str
    storage: str | None
    folder: tuple[str, ...]
    unpacked: bool
    metadata: bool


def addresses_of(answers: Mapping[str, str]) -> Addresses:
    """Return where the installation lies; raises BadInput for what is no address."""
    said = {}
    for option in _ADDRESSES:
        address = answers.get(option.name) or option.default
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise BadInput(
                f"not an address: {option.label_en.lower()}",
                where=option.name,
                hint=f"leave it empty for {option.default}",
            )
        said[option.name] = address.rstrip("/") + "/"
    return Addresses(**said)


def wishes_of(answers: Mapping[str, str], addresses: Addresses) -> Wishes:
    """Return what the answers ask for.

    Raises BadInput for a missing project, Refused for a folder that leads elsewhere.
    """
    folder = answers.get("folder")
    names = tuple(part for part in ("/recrate/" if folder is None else folder).split("/") if part)
    for name in names:
        check_part(name)
    return Wishes(
        guid=project_of(answers.get("project", ""), addresses.web),
        storage=answers.get("storage") or None,
        folder=names,
        unpacked=answers.get("unpacked", "no") == "yes",
        metadata=answers.get("metadata", "no") == "yes",
    )
