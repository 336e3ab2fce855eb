"""What InvenioRDM can do and asks for, and what is particular to Zenodo."""

from dataclasses import replace

from recrate.model.deposit import About, Capabilities, Option, OptionKind

FORMAT = "inveniordm"
"""The writer of `metadata.writing` whose document is sent."""
ZENODO_HOSTS = ("zenodo.org", "www.zenodo.org", "sandbox.zenodo.org")
_ZENODO_LIMIT_BYTES = 50 * 10**9
_ZENODO_FILES = 100
"""Source: zenodo-rdm, invenio.cfg: APP_RDM_DEPOSIT_FORM_QUOTA, RDM_FILES_DEFAULT_QUOTA_SIZE"""

ABOUT = About(
    kind="inveniordm",
    title_en="Zenodo or another InvenioRDM",
    title_ja="Zenodo などの InvenioRDM",
    homepage="https://inveniosoftware.org/products/rdm/",
    formats=(FORMAT,),
    capabilities=Capabilities(
        needs_account=True,
        gives_doi=True,
        reserves_doi=True,
        drafts=True,
        versions=True,
        private=True,
        relations=True,
        review=True,
    ),
    options=(
        Option(
            name="url",
            label_en="Address of the repository",
            label_ja="リポジトリのアドレス",
            default="https://zenodo.org/",
            required=True,
            fixed_by_place=True,
        ),
        Option(
            name="community",
            label_en="Community",
            label_ja="コミュニティ",
            help_en="the last part of its address; its curators look at the deposit first",
            help_ja="アドレスの最後の部分。公開前にキュレーターが確認します",
        ),
        Option(
            name="file_form",
            label_en="Files",
            label_ja="ファイルの形",
            kind=OptionKind.CHOICE,
            choices=("zip", "files"),
            default="zip",
            help_en="zip: the crate as one file, its metadata and preview beside it; "
            "files: every file by itself, its folders written into its name",
            help_ja="zip: クレート全体を一つのファイルで（メタデータとプレビューも並べる）。"
            "files: ファイルごと（フォルダーは名前に書き込む）",
        ),
    ),
)

ABOUT_ZENODO = replace(
    ABOUT,
    capabilities=replace(
        ABOUT.capabilities,
        crate_limit_bytes=_ZENODO_LIMIT_BYTES,
        file_limit_bytes=_ZENODO_LIMIT_BYTES,
        file_count_limit=_ZENODO_FILES,
    ),
)
