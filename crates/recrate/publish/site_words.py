"""What the pages of a site say, in English and Japanese."""

from collections.abc import Mapping

LANGUAGES = ("en", "ja")
PAGES = {"en": "index.html", "ja": "index.ja.html"}

_WORDS = {
    "language_name": ("English", "日本語"),
    "skip": ("Skip to content", "本文へ"),
    "study": ("Notebook study", "ノートブック研究"),
    "replay": ("Replay", "再実行の記録"),
    "default_title": ("Research crates", "研究クレート"),
    "draft": ("Draft: not published", "下書き（未公開）"),
    "draft_more": (
        "Only people who know this address see it. It is in no list.",
        "このアドレスを知る人だけが閲覧できます。一覧には表示されません。",
    ),
    "older": ("There is a newer version of this record.", "この記録には新しい版があります。"),
    "newest": ("Go to the newest version", "最新版を見る"),
    "version_number": ("Version {number}", "第 {number} 版"),
    "version_count": ("{count} versions", "全 {count} 版"),
    "versions": ("Versions", "版の一覧"),
    "this_version": ("this page", "このページ"),
    "newest_mark": ("newest", "最新"),
    "published": ("Published", "公開日"),
    "publisher": ("Publisher", "公開者"),
    "licence": ("Licence", "ライセンス"),
    "no_licence": ("not stated", "記載なし"),
    "access": ("Access", "アクセス権"),
    "available": ("available from {date}", "{date} 公開予定"),
    "conditions": ("Conditions", "利用条件"),
    "contact": ("Contact", "問い合わせ先"),
    "withheld": (
        "The crate itself is not offered here. This page tells what it is and whom to ask.",
        "クレート本体はここでは公開していません。内容と問い合わせ先のみを示します。",
    ),
    "people": ("Authors", "著者"),
    "affiliations": ("Affiliations", "所属"),
    "description": ("Description", "概要"),
    "keywords": ("Keywords", "キーワード"),
    "funding": ("Funding", "助成"),
    "related": ("Related works", "関連する成果"),
    "notebooks": ("Notebooks, in the order they run", "ノートブック（実行順）"),
    "environment": ("Environment", "実行環境"),
    "packages": ("packages", "パッケージ"),
    "as_of": ("as of {date}", "{date} 時点"),
    "all_packages": ("Show packages", "パッケージを表示"),
    "and_more": ("and {count} more", "ほか {count} 件"),
    "files": ("Files", "ファイル"),
    "show_files": ("Show {count} files", "ファイル {count} 件を表示"),
    "path": ("Path", "パス"),
    "size": ("Size", "サイズ"),
    "download": ("Download the crate", "クレートをダウンロード"),
    "verify": ("Verify", "検証"),
    "verify_more": (
        "Runs the notebooks again in their environment, and says whether the results still hold.",
        "記録された実行環境でノートブックを再実行し、結果が再現するかを判定します。",
    ),
    "badge": ("Verdict of the last known replay", "最新の再実行の判定"),
    "badge_alt": ("Replay: {verdict}", "再実行：{verdict}"),
    "verdict": ("Verdict", "判定"),
    "verdicts": ("Verdicts", "再実行の判定"),
    "verdict_line": ("Verdict: {verdict}", "判定：{verdict}"),
    "replayed_on": ("Replayed on {date}", "再実行日：{date}"),
    "replayed_in": (
        "Replayed on {date} in {environment}",
        "再実行日：{date}、実行環境：{environment}",
    ),
    "replay_of": ("Crate that was replayed:", "再実行したクレート："),
    "brief": (
        "{verdict}, {compared} of {outputs} outputs compared",
        "{verdict}（出力 {outputs} 件中 {compared} 件を比較）",
    ),
    "brief_notebooks": (
        ", {run} of {published} notebooks run",
        "、ノートブック {published} 件中 {run} 件を実行",
    ),
    "facts_run": ("About this run crate", "この実行クレートについて"),
    "download_run": ("Download the run crate", "実行クレートをダウンロード"),
    "check": ("Check this verdict", "この判定を確認する"),
    "check_more": (
        "Verifies every file of the run crate, and whose signature it bears, if any.",
        "実行クレートの全ファイルを検証します。署名があれば、その署名者も確認します。",
    ),
    "replay_yourself": ("Replay the crate yourself", "自分で再実行する"),
    "replay_yourself_more": (
        "Runs the notebooks once more, and gives a verdict of your own.",
        "同じクレートのノートブックを手元で再実行し、改めて判定します。",
    ),
    "readme": ("Badge for a README", "README に貼るバッジ"),
    "launch": ("Launch", "起動"),
    "launch_button": ("Open it in the browser", "ブラウザで開く"),
    "launch_binder": ("Open it on mybinder.org", "mybinder.org で開く"),
    "launch_more": (
        "Opens the study in JupyterLab, in its environment.",
        "記録された実行環境で研究フォルダを JupyterLab で開きます。",
    ),
    "how_to_replay": ("How to replay", "再実行の手順"),
    "step_install": (
        "Install recrate with Python 3.11 or newer:",
        "Python 3.11 以降で recrate をインストールします：",
    ),
    "step_replay": ("Replay the crate:", "クレートを再実行します："),
    "step_read": (
        "Read the verdict and the report that it writes.",
        "出力された判定とレポートを確認します。",
    ),
    "cite": ("Cite as", "引用"),
    "cite_formats": ("Citation", "引用形式"),
    "metadata": ("Metadata", "メタデータ"),
    "use": ("Use this crate", "クレートを使う"),
    "facts": ("About this crate", "このクレートについて"),
    "identity": ("Identity", "同一性"),
    "checksum": ("SHA-256 of the file", "ファイルの SHA-256"),
    "search_label": ("Search titles, people and keywords", "題名・著者・キーワードで検索"),
    "show_all": ("Show all", "すべて表示"),
    "browse": ("Browse by year or keyword", "年・キーワードで絞り込む"),
    "records": ("{count} records", "{count} 件"),
    "one_record": ("1 record", "1 件"),
    "none_yet": ("Nothing is published here yet.", "まだ何も公開されていません。"),
    "nothing_found": ("Nothing fits.", "該当する記録はありません。"),
    "feed": ("Feed", "更新情報（フィード）"),
    "machine_list": ("List for programs", "機械可読の一覧"),
    "made_with": ("Made with", "作成："),
}  # fmt: skip

ACCESS = {
    "open": ("Open", "公開"),
    "shared": ("Shared on request", "共有"),
    "closed": ("Not public", "非共有・非公開"),
    "embargoed": ("Embargoed", "公開期間猶予"),
}

VERDICTS = {
    "identical": ("Identical", "完全一致"),
    "equivalent": ("Equivalent", "同等"),
    "ran": ("Ran to the end", "実行完了"),
    "different": ("Different", "相違あり"),
    "failed": ("Failed", "実行失敗"),
    "not restored": ("Not restored", "環境の復元不可"),
}
"""As the report and the badge say them."""

RELATIONS = {
    "IsSupplementTo": ("Supplement to", "次の成果の補足"),
    "IsSupplementedBy": ("Supplemented by", "補足資料"),
    "Cites": ("Cites", "引用文献"),
    "IsCitedBy": ("Cited by", "被引用"),
    "References": ("Refers to", "参照先"),
    "IsReferencedBy": ("Referred to by", "参照元"),
    "IsDerivedFrom": ("Derived from", "由来するデータ"),
    "IsSourceOf": ("Source of", "派生した成果"),
    "Requires": ("Requires", "必要とするもの"),
    "IsRequiredBy": ("Required by", "これを必要とするもの"),
    "Reviews": ("Replay of", "再実行の対象"),
    "IsReviewedBy": ("Reviewed in", "レビュー"),
    "HasPart": ("Has part", "構成要素"),
    "IsPartOf": ("Part of", "次の一部"),
    "HasVersion": ("Has version", "版"),
    "IsVersionOf": ("Version of", "次の版"),
    "IsNewVersionOf": ("New version of", "旧版"),
    "IsPreviousVersionOf": ("Previous version of", "新版"),
    "HasMetadata": ("Metadata", "メタデータ"),
    "IsIdenticalTo": ("Identical to", "同一のもの"),
}


def words(language: str) -> Mapping[str, str]:
    """Return every word of the pages in `en` or `ja`."""
    return {name: pair[LANGUAGES.index(language)] for name, pair in _WORDS.items()}


def access_word(right: str, language: str) -> str:
    """Return an access right in words."""
    return ACCESS[right][LANGUAGES.index(language)]


def verdict_word(verdict: str, language: str) -> str:
    """Return a verdict in words; one that is none of ours as it is."""
    pair = VERDICTS.get(verdict)
    return pair[LANGUAGES.index(language)] if pair else verdict


def relation_word(relation: str, language: str) -> str:
    """Return a relation in words."""
    return RELATIONS[relation][LANGUAGES.index(language)]
