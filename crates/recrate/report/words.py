"""Every word the report says itself, in English and Japanese; nothing else holds such a string.

Verdict words follow the table of ARCHITECTURE.md. Keys with a dot name a group and a value of the
model: `judgement.identical`, `output.missing`, `cause.memory`. Braces are filled by `Words`.
"""

from recrate.report.account import Language
from recrate.report.words_badge import BADGE_WORDS
from recrate.report.words_candidates import CANDIDATE_WORDS
from recrate.report.words_files import FILE_WORDS
from recrate.report.words_hand import HAND_WORDS
from recrate.report.words_network import NETWORK_WORDS
from recrate.report.words_page import PAGE_WORDS
from recrate.report.words_policy import POLICY_WORDS
from recrate.report.words_repair import REPAIR_WORDS
from recrate.report.words_terms import TERM_WORDS

Entry = tuple[str, str]

VERDICT_WORDS: dict[str, Entry] = {
    "judgement.identical": ("Identical", "完全一致"),
    "judgement.equivalent": ("Equivalent", "同等"),
    "judgement.ran": ("Ran to the end", "実行完了"),
    "judgement.different": ("Different", "相違あり"),
    "judgement.failed": ("Failed", "実行失敗"),
    "judgement.not restored": ("Not restored", "環境の復元不可"),
    "output.identical": ("identical", "完全一致"),
    "output.equivalent": ("equivalent", "同等"),
    "output.different": ("different", "相違"),
    "output.missing": ("missing", "欠落"),
    "output.added": ("added", "追加"),
    "output.unstable": ("unstable", "不安定"),
    "output.skipped": ("skipped", "比較対象外"),
    "output.waived": ("waived", "許容"),
    "meaning.identical": (
        "Every output that can repeat came back exactly as it was recorded.",
        "再現しうる出力は、すべて記録と完全に一致しました。",
    ),
    "meaning.equivalent": (
        "Every output that can repeat came back the same within the policy’s tolerance and rules.",
        "再現しうる出力は、すべてポリシーの許容誤差と規則の範囲内で一致しました。",
    ),
    "meaning.ran": (
        "The notebooks ran to their end; no recorded output was compared.",
        "ノートブックは最後まで実行されましたが、比較した記録された出力はありません。",
    ),
    "meaning.different": (
        "The notebooks ran to their end, and at least one output, or published file that was "
        "written again, is not what was recorded.",
        "ノートブックは最後まで実行されましたが、記録と異なる出力、または公開時と異なる"
        "書き出しファイルがあります。",
    ),
    "meaning.failed": (
        "At least one notebook did not run to its end.",
        "最後まで実行できなかったノートブックがあります。",
    ),
    "meaning.not restored": (
        "The environment could not be restored, so nothing could be run.",
        "実行環境を復元できなかったため、何も実行できませんでした。",
    ),
    "meaning.output.identical": ("the same, byte for byte", "バイト単位で同じ"),
    "meaning.output.equivalent": (
        "the same within tolerance, or after a named rule",
        "許容誤差内、または規則の適用後に同じ",
    ),
    "meaning.output.different": ("not what was recorded", "記録された内容と異なる"),
    "meaning.output.missing": (
        "recorded, but the rerun gave none; counts as different",
        "記録されているが再実行では出力されなかった（相違として数える）",
    ),
    "meaning.output.added": (
        "only the rerun gave it; does not lower the verdict",
        "再実行でのみ出力された（判定を下げない）",
    ),
    "meaning.output.unstable": (
        "differs between reruns too; does not lower the verdict",
        "再実行どうしでも異なる（判定を下げない）",
    ),
    "meaning.output.skipped": (
        "not compared, for the reason given; does not lower the verdict",
        "示された理由により比較しなかった（判定を下げない）",
    ),
    "meaning.output.waived": (
        "accepted or left unjudged by a person, with the reason; does not lower the verdict",
        "理由を付して人が許容または判定保留とした相違（判定を下げない）",
    ),
    "cause.missing package": ("missing package", "パッケージの不足"),
    "cause.API changed": ("API changed", "API の変更"),
    "cause.missing file": ("missing file", "ファイルの不足"),
    "cause.local module missing": ("local module missing", "ローカルモジュールの不足"),
    "cause.network refused": ("network refused", "ネットワーク接続の拒否"),
    "cause.kernel missing": ("kernel missing", "カーネルの不足"),
    "cause.system program missing": ("system program missing", "システムプログラムの不足"),
    "cause.no build for this platform": (
        "no build for this platform",
        "この環境向けのビルドがない",
    ),
    "cause.memory": ("memory", "メモリ不足"),
    "cause.time": ("time", "時間切れ"),
    "cause.killed": ("killed", "強制終了"),
    "cause.author's code": ("author’s code", "著者のコード"),
    "cause.stale output": ("stale output", "古い出力の残存"),
    "cause.data changed": ("data changed", "データの変更"),
    "cause.nondeterminism": ("nondeterminism", "非決定性"),
    "cause.hardware or threads": ("hardware or threads", "ハードウェアまたはスレッド"),
    "cause.sandbox": ("sandbox", "サンドボックス"),
    "cause.not known": ("not known", "不明"),
    "severity.error": ("error", "エラー"),
    "severity.warning": ("warning", "警告"),
    "severity.note": ("note", "注記"),
    "status.completed": ("ran to the end", "最後まで実行"),
    "status.failed": ("a cell raised an error", "セルでエラーが発生"),
    "status.timeout": ("out of time", "時間切れ"),
    "status.memory": ("out of memory", "メモリ不足"),
    "status.killed": ("its kernel died", "カーネルが異常終了"),
    "status.not run": ("not run", "未実行"),
    "status.interrupted": ("interrupted", "中断"),
}

WORDS: dict[str, Entry] = (
    VERDICT_WORDS
    | PAGE_WORDS
    | FILE_WORDS
    | BADGE_WORDS
    | CANDIDATE_WORDS
    | HAND_WORDS
    | REPAIR_WORDS
    | NETWORK_WORDS
    | TERM_WORDS
    | POLICY_WORDS
)


def word(key: str, language: Language, **values: object) -> str:
    """Return the string of `key`, its braces filled; raises KeyError for an unknown key.

    A foreign value can hold braces: only the table's own text is a format.
    """
    text = WORDS[key][0 if language == "en" else 1]
    return text.format(**values) if values else text
