"""What is said of crates that are watched: changes, their causes, what could not be looked at."""

from recrate.report.account import Language

_WORDS: dict[str, tuple[str, str]] = {
    "changed": (
        "{name}: {before} until {last}, {after} since {first}",
        "{name}: {last} まで「{before}」、{first} から「{after}」",
    ),
    "changed.today": (
        "{name}, with today’s packages: {before} until {last}, {after} since {first}",
        "{name}（現在のパッケージ）: {last} まで「{before}」、{first} から「{after}」",
    ),
    "because": ("Because, likeliest first: {causes}", "原因（可能性の高い順）: {causes}"),
    "because.unknown": (
        "Why is not known: nothing that both replays recorded differs where the verdicts do.",
        "原因は不明です。両方の再実行の記録には、判定の違いに対応する違いがありません。",
    ),
    "notebooks": ("Notebooks: {told}.", "ノートブック: {told}。"),
    "notebook": ("{path}: {before} → {after}", "{path}: {before} → {after}"),
    "no crate": ("no readable crate", "読み取れるクレートなし"),
    "not yet": ("not replayed yet", "未実行"),
    "track.published": ("as published", "公開時の環境"),
    "track.today": ("with today’s packages", "現在のパッケージ"),
    "outcome.not confirmed": (
        "two replays in a row differ; tried again at the next run",
        "続けて行った 2 回の再実行の判定が異なるため、次回もう一度試します",
    ),
    "outcome.unlucky": (
        "could not be looked at; tried again at the next run",
        "確認できませんでした。次回もう一度試します",
    ),
    "outcome.refused": ("is not run", "実行しません"),
    "outcome.broken": ("no readable crate", "読み取れるクレートがありません"),
    "where": (
        "  (Python {python}, {packages} packages)",
        "（Python {python}、パッケージ {packages} 件）",
    ),
    "feed.where": ("Crate: {where}", "クレート: {where}"),
}


def told(key: str, language: Language, **values: object) -> str:
    """Return the string of `key`, its braces filled; raises KeyError for an unknown key."""
    text = _WORDS[key][0 if language == "en" else 1]
    return text.format(**values) if values else text
