"""The words of a campaign's page and of its summary: (English, Japanese)."""

from markupsafe import Markup

from recrate.report.account import LANGUAGES, Language
from recrate.report.characters import escaped
from recrate.report.words import WORDS

CAMPAIGN_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Campaign", "一括検証"),
    "skip": ("Skip to the tasks", "課題一覧へ移動"),
    "language": ("Language", "言語"),
    "needs.script": (
        "This page shows its data with a script. Without one, see campaign.csv beside it.",
        "このページの表示にはスクリプトが必要です。"
        "使えない場合は同じフォルダの campaign.csv をご覧ください。",
    ),
    "loading": ("Reading data.js …", "data.js を読み込み中…"),
    "absent": (
        "data.js is not beside this page, or is not whole: keep the campaign’s folder together.",
        "data.js がこのページと同じ場所にないか、不完全です。"
        "一括検証のフォルダはまとめて置いてください。",
    ),
    "done": ("{done} of {total} done", "{total} 件中 {done} 件完了"),
    "list": ("List", "リスト"),
    "state.line.running": ("Running, as of {at}", "実行中（{at} 現在）"),
    "state.line.done": ("Complete since {at}", "完了（{at}）"),
    "state.line.stopped": ("Stopped at {at}; it can be resumed", "停止中（{at}）。再開できます"),
    "state.line.stale": (
        "No news since {at}: whoever ran it may have stopped; it can be resumed",
        "{at} 以降の更新なし。実行側が止まった可能性があります（再開できます）",
    ),
    "progress": ("Progress", "進捗"),
    "left.tasks": ("{count} to go", "残り {count} 件"),
    "facts": ("How it goes", "実行状況"),
    "per.hour": ("Throughput", "処理速度"),
    "per.hour.value": ("{count} tasks an hour", "毎時 {count} 件"),
    "left": ("Time left", "残り時間"),
    "elapsed": ("Time so far", "経過時間"),
    "elapsed.done": ("Took", "所要時間"),
    "core.hours": ("Core-hours", "コア時間"),
    "core.hours.value": ("{count} core-hours", "{count} コア時間"),
    "machines": ("Machines at work", "稼働中の計算機"),
    "workers": ("{count} workers", "ワーカー {count}"),
    "queued": ("{count} jobs queued", "待機中のジョブ {count}"),
    "attempts": ("Attempts", "試行"),
    "runners": ("Runners", "実行先"),
    "none": ("none", "なし"),
    "unknown": ("not known yet", "未定"),
    "notes": ("Notes", "注記"),
    "charts": ("In sum", "集計"),
    "charts.view": ("Show as", "表示形式"),
    "charts.charts": ("Charts", "グラフ"),
    "charts.tables": ("Tables", "表"),
    "chart.verdicts": ("Verdicts", "判定"),
    "chart.causes": ("Why not better, by cause", "原因別"),
    "chart.years": ("By year of publication", "公開年別"),
    "chart.pythons": ("By Python version", "Python バージョン別"),
    "chart.groups": ("By group", "グループ別"),
    "chart.time": ("Done over time", "完了数の推移"),
    "chart.hours": ("hours since the start", "開始からの時間"),
    "chart.minutes": ("minutes since the start", "開始からの分"),
    "chart.at": ("After", "経過"),
    "chart.tasks": ("Tasks", "課題"),
    "chart.all": ("All", "計"),
    "chart.share": ("Share", "割合"),
    "chart.empty": ("Nothing to count yet.", "まだ集計できるものがありません。"),
    "chart.others": ("{count} others", "ほか {count} 件"),
    "chart.unsaid": ("not known", "不明"),
    "chart.hint": (
        "A click on a bar shows its tasks.",
        "棒をクリックするとその課題を表示します。",
    ),
    "tasks": ("Tasks", "課題"),
    "filter": ("Filter the tasks", "課題の絞り込み"),
    "filter.text": ("Search", "検索"),
    "filter.hint": (
        "Title, address, message …",
        "題名・所在・メッセージなど",
    ),
    "filter.state": ("State", "状態"),
    "filter.verdict": ("Verdict", "判定"),
    "filter.cause": ("Cause", "原因"),
    "filter.python": ("Python", "Python"),
    "filter.year": ("Year", "年"),
    "filter.group": ("Group", "グループ"),
    "filter.any": ("any", "すべて"),
    "filter.none": ("none", "なし"),
    "filter.clear": ("Clear", "解除"),
    "sort": ("Sort by", "並べ替え"),
    "shown": ("{shown} of {total} tasks", "{total} 件中 {shown} 件を表示"),
    "shown.all": ("All {total} tasks", "全 {total} 件"),
    "nothing": ("No task is like this.", "該当する課題はありません。"),
    "pages": ("Pages of the table", "表のページ"),
    "page.of": ("Page {page} of {pages}", "{page} / {pages} ページ"),
    "page.first": ("First", "最初"),
    "page.before": ("Previous", "前へ"),
    "page.after": ("Next", "次へ"),
    "page.last": ("Last", "最後"),
    "column.number": ("No.", "番号"),
    "column.title": ("Study", "研究フォルダ"),
    "column.verdict": ("Verdict", "判定"),
    "column.python": ("Python", "Python"),
    "column.year": ("Year", "年"),
    "column.group": ("Group", "グループ"),
    "column.compared": ("Compared", "比較"),
    "column.seconds": ("Time", "時間"),
    "column.core": ("Core time", "コア時間"),
    "compared.value": ("{compared} of {outputs}", "{compared} / {outputs}"),
    "open": ("Report of {title}", "{title} のレポート"),
    "report": ("Report", "レポート"),
    "crate": ("Crate", "クレート"),
    "same.as": ("same crate as No. {number}", "No. {number} と同じクレート"),
    "tries": ("{count} attempts", "試行 {count} 回"),
    "hint": ("Hint", "対処のヒント"),
    "finished": ("The campaign is complete.", "一括検証が完了しました。"),
    "offline": (
        "This folder is complete in itself: the page asks nothing of the network.",
        "このフォルダは単体で完結しており、ページは外部と通信しません。",
    ),
    "made.by": ("Made by {agent}", "{agent} により作成"),
    "state.listed": ("Listed", "未確認"),
    "state.waiting": ("Waiting", "待機中"),
    "state.running": ("Running", "実行中"),
    "state.judged": ("Judged", "判定済み"),
    "state.known": ("Known before", "既知"),
    "state.broken": ("Broken", "破損"),
    "state.given up": ("Given up", "断念"),
    "seconds": ("{count} s", "{count} 秒"),
    "minutes": ("{minutes} min {seconds} s", "{minutes} 分 {seconds} 秒"),
    "hours": ("{hours} h {minutes} min", "{hours} 時間 {minutes} 分"),
    "days": ("{days} d {hours} h", "{days} 日 {hours} 時間"),
    "summary": (
        "{done} of {total} tasks done{parts}. {pace}",
        "{total} 件中 {done} 件の課題が完了{parts}。{pace}",
    ),
    "summary.parts": (": {parts}", "（{parts}）"),
    "summary.part": ("{count} {word}", "{word} {count} 件"),
    "summary.running": (
        "{per_hour} an hour, {left} left; {core} core-hours so far, {workers} workers at work.",
        "毎時 {per_hour} 件、残り {left}。コア時間 {core}、ワーカー {workers}。",
    ),
    "summary.ended": (
        "It took {elapsed} and {core} core-hours in {attempts} attempts.",
        "所要時間 {elapsed}、コア時間 {core}、試行 {attempts} 回。",
    ),
}

_TAKEN = ("judgement.", "cause.", "meaning.")
"""Groups of the report's own words that the page says too."""


def words_of_page() -> dict[str, tuple[str, str]]:
    """Return every word that the page's script may say, by key."""
    taken = {
        key: entry
        for key, entry in WORDS.items()
        if key.startswith(_TAKEN) and not key.startswith("meaning.output.")
    }
    return taken | CAMPAIGN_WORDS


def campaign_word(key: str, language: Language, **values: object) -> str:
    """Return the string of `key`, its braces filled; raises KeyError for an unknown key."""
    entry = CAMPAIGN_WORDS[key] if key in CAMPAIGN_WORDS else WORDS[key]
    text = entry[0 if language == "en" else 1]
    return text.format(**values) if values else text


def say_campaign(key: str) -> Markup:
    """Return the words of `key` in both languages as HTML; the style sheet shows one of them."""
    return Markup("").join(
        Markup('<span class="w" lang="{}">{}</span>').format(
            language, escaped(campaign_word(key, language))
        )
        for language in LANGUAGES
    )
