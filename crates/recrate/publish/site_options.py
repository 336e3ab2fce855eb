"""What a site asks when a place is configured, and what the answers come to."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from recrate.model.deposit import Option, OptionKind
from recrate.model.errors import BadInput
from recrate.publish.site_frame import SiteLook, launch_template
from recrate.publish.site_text import line, web_address

OPTIONS = (
    Option(
        name="folder",
        label_en="Folder of the site",
        label_ja="サイトのフォルダ",
        kind=OptionKind.FOLDER,
        required=True,
        help_en="Where the pages are written; a web server shows it as it lies.",
        help_ja="ページを書き出すフォルダです。そのままウェブサーバーで公開できます。",
    ),
    Option(
        name="url",
        label_en="Public address of the site",
        label_ja="サイトの公開 URL",
        help_en="Where people reach the folder, such as https://example.org/crates/",
        help_ja="フォルダが公開されるアドレス（例：https://example.org/crates/）",
    ),
    Option(
        name="title",
        label_en="Title of the site",
        label_ja="サイト名（英語）",
    ),
    Option(
        name="title_ja",
        label_en="Title of the site in Japanese",
        label_ja="サイト名（日本語）",
    ),
    Option(
        name="publisher",
        label_en="Publisher",
        label_ja="公開者",
        help_en="The institution that publishes the site, as citations name it.",
        help_ja="引用に記載される、サイトを公開する機関の名称です。",
    ),
    Option(
        name="launch",
        label_en="Launch service",
        label_ja="起動サービス",
        help_en="Address of a Binder or JupyterHub, with {url} where the crate's address belongs.",
        help_ja="Binder や JupyterHub のアドレス。{url} がクレートのアドレスに置き換わります。",
    ),
    Option(
        name="inbox",
        label_en="COAR Notify inbox",
        label_ja="COAR Notify の受信箱",
        help_en="Where others may announce a review or a related work.",
        help_ja="レビューや関連成果の通知を受け取るアドレスです。",
    ),
)


def look_of(answers: Mapping[str, str]) -> SiteLook:
    """Return what the answers say of the pages; raises BadInput for an address that is none."""
    titles = {"en": line(answers.get("title"), 120), "ja": line(answers.get("title_ja"), 120)}
    titles = {"en": titles["en"] or titles["ja"], "ja": titles["ja"] or titles["en"]}
    launch = answers.get("launch", "").strip()
    return SiteLook(
        titles={code: text for code, text in titles.items() if text},
        url=_folder_address(answers.get("url", "")),
        launch=launch_template(launch) if launch else None,
        inbox=_address(answers.get("inbox", ""), "inbox"),
    )


def _folder_address(told: str) -> str | None:
    address = _address(told, "url")
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.query or parts.fragment:
        raise BadInput(
            "the site's address has a query or a fragment",
            where="url",
            hint="write the address of the folder alone, such as https://example.org/crates/",
        )
    return address if address.endswith("/") else f"{address}/"


def _address(told: str, name: str) -> str | None:
    if not told.strip():
        return None
    address = web_address(told)
    if address is None:
        raise BadInput(
            "not an http or https address", where=name, hint="write it with https:// in front"
        )
    return address
