"""The judge's reasons in Japanese: its sentences are few, and each has its counterpart here.

The judge writes English, so that one verdict is the same for everybody. What is not known here
(another version's sentence) stays English; the text of a study inside a sentence is never changed.
"""

import re
from functools import lru_cache

from recrate.report.reasons_files import FILE_RULES, FILE_SENTENCES, place_in_japanese
from recrate.report.reasons_hand import HAND_SENTENCES
from recrate.report.reasons_network import NETWORK_SENTENCES

_LONGEST = 2_000
_QUOTED = r"(“[^”]*”)"

RULES = {
    "cell numbers": "セル番号",
    "file listings": "ファイル一覧",
    "installer messages": "インストーラのメッセージ",
    "memory addresses": "メモリアドレス",
    "memory that was used": "メモリ使用量",
    "number wrappers": "数値の型表記",
    "object representations": "オブジェクトの表示",
    "order within braces": "波括弧内の順序",
    "paths": "パス",
    "places in code": "コード内の位置",
    "positions of labels": "ラベルの位置",
    "process numbers": "プロセス番号",
    "progress bars": "進捗バー",
    "random identifiers": "ランダムな識別子",
    "spelling of dictionaries": "辞書の表記",
    "spelling of types": "型名の表記",
    "terminal colours": "端末の色",
    "times of this run": "この実行の時刻",
    "timings": "所要時間",
    "what the library adds of itself": "ライブラリが付け加える情報",
    **FILE_RULES,
}
"""Normalising rule → its name in Japanese."""

_SENTENCES: tuple[tuple[str, str], ...] = (
    *HAND_SENTENCES,
    *FILE_SENTENCES,
    (r"identical", "完全一致"),
    (r"a progress bar", "進捗バーのため比較対象外"),
    (r"not run", "実行されていない"),
    (r"its rerun is not there", "再実行の結果がない"),
    (r"not run: its environment could not be restored", "環境を復元できず未実行"),
    (r"not judged: it was run with other parameters", "パラメータを変えて実行したため判定なし"),
    (r"not reached: the notebook stopped at cell (\d+)", "セル {0} で停止したため未到達"),
    (r"not reached: the notebook stopped before its end", "途中で停止したため未到達"),
    *NETWORK_SENTENCES,
    (r"only the rerun shows this", "再実行でのみ出力された"),
    (r"the rerun shows nothing here", "再実行ではここに出力がない"),
    (r"some of the reruns show it, some do not", "出力される再実行とされない再実行がある"),
    (
        r"reruns differ between each other too(?:: values (\S+) … (\S+))?",
        "再実行どうしでも異なる{spread}",
    ),
    (r"recorded (\S+) lies within", "記録された値 {0} はその範囲内"),
    (r"recorded (\S+) lies outside", "記録された値 {0} はその範囲外"),
    (r"the author marked this cell as not to be compared", "著者が比較対象外と指定したセル"),
    (
        r"the author marked this notebook as not to be compared",
        "著者が比較対象外と指定したノートブック",
    ),
    (
        r"not verified: the author declared this cell as too expensive to run again",
        "未検証：著者が再実行しないと指定したセル（実行の負担が大きいため）",
    ),
    (r"holds no result", "結果を含まない"),
    (r"the rerun does not show it any more", "再実行では出力されない"),
    (r"same text, printed in other portions", "同じテキスト（出力の区切りのみ異なる）"),
    (r"same text after redrawn lines and line ends are settled", "行の上書きと改行を除けば同じ"),
    (r"same but for white space", "空白を除けば同じ"),
    (r"(?:same after )?ignoring (.+)", "{rules}を無視すれば同じ"),
    (r"same words", "語句は同じ"),
    (r"same structure", "構造は同じ"),
    (r"same values, written otherwise", "同じ値（表記のみ異なる）"),
    (
        r"(\d+) of (\d+) numbers differ within the tolerance",
        "{1} 個中 {0} 個の数値が許容差内で相違",
    ),
    (
        r"(\d+) of (\d+) numbers differ, largest by (.+?)(?: at (.+?))?: (\S+) became (\S+)",
        "{1} 個中 {0} 個の数値が相違（最大 {amount}{place}：{4} → {5}）",
    ),
    (r"(\d+) lines are gone, the first: (.+)", "{0} 行がなくなった（最初の行：{1}）"),
    (r"(\d+) of the lines are gone, the first: (.+)", "{0} 行がなくなった（最初の行：{1}）"),
    (r"(\d+) lines are new, the first: (.+)", "{0} 行が加わった（最初の行：{1}）"),
    (rf"line (\d+) reads {_QUOTED} instead of {_QUOTED}", "{0} 行目が {2} から {1} に変わった"),
    (r"(\d+) lines instead of (\d+)", "{1} 行が {0} 行になった"),
    (r"same table, other markup", "同じ表（マークアップのみ異なる）"),
    (r"same table within the tolerance", "許容差内で同じ表"),
    (r"the table has (-?\d+) rows instead of (-?\d+)", "表の行数が {1} から {0} に変わった"),
    (r"row (.+) has (\d+) cells instead of (\d+)", "行 {0} のセル数が {2} から {1} に変わった"),
    (
        r"(\d+) of (\d+) table cells differ(?:, largest by (.+))?",
        "表の {1} セル中 {0} セルが相違{largest}",
    ),
    (r"row (.+), column (.+): (.+) became (.+)", "行 {0}、列 {1}：{2} → {3}"),
    (r"same pixels, other bytes", "画素は同じ（符号化のみ異なる）"),
    (r"same bytes, encoded in other lines", "同じデータ（改行のみ異なる）"),
    (r"looks the same", "見た目は同じ"),
    (r"the same formula, set otherwise", "同じ数式（組み方のみ異なる）"),
    (r"cells of a styled table look otherwise", "表のセルの書式が異なる"),
    (r"something has another colour", "色の異なる部分がある"),
    (
        r"something is ticked, chosen, raised or struck out otherwise",
        "チェック・選択・上付き下付き・取り消し線のいずれかが異なる",
    ),
    (r"only the smoothing of edges differs", "輪郭の平滑化のみ異なる"),
    (r"(?:it is )?(\d+×\d+) instead of (\d+×\d+) pixels", "大きさは {1} から {0} 画素に変化"),
    (
        r"the picture is of another size: (\S+) instead of (\S+) pixels",
        "図の大きさが {1} から {0} 画素に変わった",
    ),
    (
        r"the proportions are the same, at (\S+) times the resolution",
        "縦横比は同じで解像度が {0} 倍",
    ),
    (
        r"(\d+) pixels show something else, most around column (\d+), row (\d+)",
        "{0} 画素が異なる（主に {1} 列 {2} 行付近）",
    ),
    (r"(\d+) frames instead of (\d+)", "コマ数が {1} から {0} に変わった"),
    (r"the picture is gone", "図がなくなった"),
    (r"neither picture can be read, and they differ", "どちらの図も読み取れず、内容が異なる"),
    (r"the recorded picture was not compared: (.+)", "記録された図は比較できない（{0}）"),
    (r"the recorded picture is not valid base64", "記録された図が正しい base64 ではない"),
    (r"the rerun's picture is not valid base64", "再実行の図が正しい base64 ではない"),
    (r"the rerun's picture: (.+)", "再実行の図に問題がある（{0}）"),
    (r"one of the drawings is not readable", "一方の図を読み取れない"),
    (r"same drawing", "同じ図"),
    (r"identifiers, dates or markup differ", "識別子・日付・マークアップのみ異なる"),
    (r"same drawing within a quarter of a unit", "四分の一単位以内で同じ図"),
    (r"the drawing has (\d+) elements instead of (\d+)", "図の要素数が {1} から {0} に変わった"),
    (r"(\d+) of (\d+) drawn elements differ", "図の {1} 要素中 {0} 要素が相違"),
    (r"(\d+) tables instead of (\d+)", "表の数が {1} から {0} に変わった"),
    (r"(\d+) drawings instead of (\d+)", "図の数が {1} から {0} に変わった"),
    (
        r"(\d+) embedded or linked things instead of (\d+)",
        "埋め込み・参照の数が {1} から {0} に変わった",
    ),
    (r"shows the same, in other markup", "表示は同じ（マークアップのみ異なる）"),
    (
        r"(\S+) cannot be looked into, and its bytes differ",
        "{0} は中身を比較できず、データが異なる",
    ),
    (r"no type of content that can be compared", "比較できる種類の内容がない"),
    (r"the error is (\S+) instead of (\S+)", "エラーが {1} から {0} に変わった"),
    (r"the same error, (.+)", "同じエラー（{more}）"),
    (r"(\S+) says something else: (.+)", "{0} のメッセージが異なる（{more}）"),
    (r"in a script: (.+)", "スクリプト内：{more}"),
    (
        r"the script of (.+)'s interactive figures holds no result",
        "{0} の対話的な図のスクリプトは結果を含まない",
    ),
    (
        r"an interactive figure is drawn by the reader's browser",
        "対話的な図は閲覧者のブラウザで描かれる",
    ),
    (r"none ran here", "ここではブラウザを動かしていない"),
    (
        r"the widget's state was not saved in both notebooks",
        "ウィジェットの状態が両方には保存されていない",
    ),
    (r"stderr is not compared under this policy", "このポリシーでは標準エラー出力を比較しない"),
    (r"stderr is no result", "標準エラー出力は結果ではない"),
    (
        r"only warnings and progress differ, which are no results",
        "警告と進捗のみの相違（結果ではない）",
    ),
    (
        r"the rerun's stderr tells of a failure: (.+)",
        "再実行の標準エラー出力に失敗の記録がある：{0}",
    ),
    (
        r"too large to be compared leaf by leaf, and not equal",
        "大きすぎて個別に比較できないが、一致しない",
    ),
    (r"(\S+) has (\d+) items instead of (\d+)", "{0} の項目数が {2} から {1} に変わった"),
    (r"the list has (\d+) items instead of (\d+)", "項目数が {1} から {0} に変わった"),
    (r"at (\S+|the text): (.+)", "{0}：{more}"),
    (r"(\S+|the value) is (.+) instead of (.+)", "{0} が {2} から {1} に変わった"),
    (r"(\S+) is gone", "{0} がなくなった"),
    (r"(\S+) is new", "{0} が加わった"),
    (r"(.+) instead of (.+)", "{1} ではなく {0}"),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), told) for pattern, told in _SENTENCES)
_WAIVED = re.compile(
    r"(accepted|waived)(?: by (.+?))?(?: on (\d{4}-\d\d-\d\d))?: (.*) \(was ([^:]+)(?:: (.*))?\)",
    re.DOTALL,
)
_VERDICTS = {
    "identical": "完全一致",
    "equivalent": "同等",
    "different": "相違",
    "missing": "欠落",
    "unstable": "不安定",
}


@lru_cache(maxsize=4_096)
def reason_in_japanese(reason: str) -> str:
    """Return an output's reason in Japanese; parts without a counterpart stay as they are."""
    if len(reason) > _LONGEST:
        return reason
    waived = _WAIVED.fullmatch(reason)
    if waived:
        return _waived(waived)
    whole = _sentence(reason) if "; " not in reason else None
    return whole or "、".join(_sentence(part) or part for part in _parts(reason))


def _parts(reason: str) -> list[str]:
    """Return the parts that semicolons set apart; those inside a quotation set nothing apart."""
    parts = [""]
    for piece in reason.split("; "):
        inside = parts[-1].count("“") > parts[-1].count("”")
        if inside:
            parts[-1] += "; " + piece
        elif parts[-1]:
            parts.append(piece)
        else:
            parts[-1] = piece
    return parts


def _sentence(text: str) -> str | None:
    for pattern, told in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return _filled(told, found)
    return None


def _filled(told: str, found: "re.Match[str]") -> str:
    """Fill a sentence's places; the study's own words stand as they were."""
    groups = [group or "" for group in found.groups()]
    extra: dict[str, str] = {}
    if "{rules}" in told:
        names = re.split(r", | and ", groups[0])
        extra["rules"] = "・".join(RULES.get(name, name) for name in names)
    if "{spread}" in told:
        extra["spread"] = f"（値は {groups[0]} から {groups[1]}）" if groups[0] else ""
    if "{amount}" in told:
        extra["amount"] = _amount(groups[2])
        at = place_in_japanese(groups[3])
        extra["place"] = f"、{at}" if at else ""
    if "{asked}" in told:
        extra["asked"] = f"、接続先：{groups[1]}" if groups[1] else ""
    if "{largest}" in told:
        extra["largest"] = f"（最大 {_amount(groups[2])}）" if groups[2] else ""
    if "{more}" in told:
        extra["more"] = _sentence(groups[-1]) or groups[-1]
    return told.format(*groups, **extra)


def _amount(text: str) -> str:
    if text == "beyond measure":
        return "測定不能"
    return text.removeprefix("a factor of ") + " 倍" if text.startswith("a factor") else text


def _waived(found: "re.Match[str]") -> str:
    kind, person, date, reason, verdict, was = found.groups()
    word = "許容" if kind == "accepted" else "判定保留"
    who = "、".join(part for part in (person, date) if part)
    seen = _VERDICTS.get(verdict, verdict)
    if was:
        seen += f"、{reason_in_japanese(was)}"
    return f"{word}{f'（{who}）' if who else ''}：{reason}（判定は{seen}）"
