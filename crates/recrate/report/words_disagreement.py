"""What is said of replays that disagree, and of what differs between them."""

from recrate.report.account import Language

_WORDS: dict[str, tuple[str, str]] = {
    "agree": (
        "The {count} replays agree: {verdict}.",
        "{count} 件の再実行の判定は一致しています（{verdict}）。",
    ),
    "disagree": ("The replays disagree: {told}.", "再実行の判定が分かれています: {told}。"),
    "disagree.inside": (
        "The replays come to the same verdict by different outputs: {told}.",
        "全体の判定は同じですが、出力ごとの判定が分かれています: {told}。",
    ),
    "could be": ("What differs between them, likeliest first:", "違い（可能性の高い順）:"),
    "nothing differs": (
        "Nothing that was recorded differs where the verdicts do: it may be chance, or what"
        " replays do not record.",
        "記録された範囲では、判定の違いに対応する違いはありません。偶然か、記録されていない"
        "違いによる可能性があります。",
    ),
    "not recorded": (
        "Not recorded by every replay, so not compared: {kinds}.",
        "すべての再実行では記録されていないため比較していない項目: {kinds}。",
    ),
    "pair": ("{value} ({names})", "{value}（{names}）"),
    "none": ("none", "なし"),
    "stop": (".", "。"),
    "near.named": (
        "; its name stands in the error of {paths}",
        "。{paths} のエラーにその名前があります",
    ),
    "near.imported": ("; {paths} imports it", "。{paths} が読み込んでいます"),
    "near.elsewhere": ("", ""),
    "kind.crate": (
        "the crate is another one, or there is none: {told}",
        "クレートの内容が異なるか、クレートがありません: {told}",
    ),
    "kind.data": (
        "the data reference {name} is not what was promised: {told}",
        "データ参照 {name} が登録時の内容と異なります: {told}",
    ),
    "kind.environment": (
        "the environment was not had as locked: {told}",
        "ロックどおりの実行環境が得られていません: {told}",
    ),
    "kind.package": ("the package {name}: {told}", "パッケージ {name}: {told}"),
    "kind.interpreter": ("the interpreter: {told}", "インタープリター: {told}"),
    "kind.limit": ("a limit was reached: {told}", "制限に達しました: {told}"),
    "kind.sandbox": ("the sandbox: {told}", "サンドボックス: {told}"),
    "kind.network": ("the network for cells: {told}", "セルのネットワーク利用: {told}"),
    "kind.parameters": ("the parameters: {told}", "パラメーター: {told}"),
    "kind.runner": ("the place where it ran: {told}", "実行先: {told}"),
    "kind.hand": ("how it was run: {told}", "実行の方法: {told}"),
    "kind.limits held": ("who holds the limits: {told}", "制限の実施方法: {told}"),
    "kind.system": ("the operating system: {told}", "オペレーティングシステム: {told}"),
    "kind.machine": ("the kind of machine: {told}", "マシンの種類: {told}"),
    "kind.processor": ("the processor: {told}", "プロセッサー: {told}"),
    "kind.cores": ("processor cores: {told}", "プロセッサーのコア数: {told}"),
    "kind.memory": ("the machine’s memory in bytes: {told}", "メモリ（バイト）: {told}"),
    "kind.blas": (
        "the linear algebra library and its threads: {told}",
        "線形代数ライブラリとスレッド数: {told}",
    ),
    "kind.c library": ("the C library: {told}", "C ライブラリ: {told}"),
    "kind.gpu": ("the graphics processor: {told}", "GPU: {told}"),
    "kind.locale": ("the locale: {told}", "ロケール: {told}"),
    "kind.timezone": ("the time zone: {told}", "タイムゾーン: {told}"),
    "kind.judge": ("the version of the judge: {told}", "判定プログラムの版: {told}"),
    "kind.policy": ("the policy that judges: {told}", "判定のポリシー: {told}"),
    "word.system": ("operating system", "オペレーティングシステム"),
    "word.machine": ("kind of machine", "マシンの種類"),
    "word.processor": ("processor", "プロセッサー"),
    "word.cores": ("cores", "コア数"),
    "word.memory": ("memory", "メモリ"),
    "word.blas": ("linear algebra library and threads", "線形代数ライブラリとスレッド数"),
    "word.c library": ("C library", "C ライブラリ"),
    "word.gpu": ("graphics processor", "GPU"),
    "word.locale": ("locale", "ロケール"),
    "word.timezone": ("time zone", "タイムゾーン"),
}


def said(key: str, language: Language, **values: object) -> str:
    """Return the string of `key`, its braces filled; raises KeyError for an unknown key."""
    text = _WORDS[key][0 if language == "en" else 1]
    return text.format(**values) if values else text
