"""A verdict in the words of ACM and NISO; (English, Japanese)."""

TERM_WORDS = {
    "terms": ("In the terms of ACM and NISO", "ACM・NISO の用語では"),
    "terms.reproduced": (
        "Evidence for “Results Reproduced” (ACM 1.1; NISO RP-31: ROR-R): every recorded output came"
        " out again from the authors’ own artifacts.",
        "「Results Reproduced」（ACM 1.1、NISO RP-31 の ROR-R）の根拠となります。"
        "著者自身の成果物から、記録されたすべての出力が再び得られました。",
    ),
    "terms.partly": (
        "Evidence for “Results Reproduced” (ACM 1.1; NISO RP-31: ROR-R) as far as outputs were"
        " compared; whether that covers the main results is for a reader to say.",
        "比較できた出力の範囲で、「Results Reproduced」（ACM 1.1、"
        "NISO RP-31 の ROR-R）の根拠となります。"
        "主要な結果が含まれるかどうかは、読み手の判断によります。",
    ),
    "terms.functional": (
        "Evidence that the artifacts are exercisable (ACM 1.1 “Artifacts Evaluated – Functional”;"
        " NISO RP-31: ROR); nothing is shown of the results.",
        "成果物が実行できること（ACM 1.1 の「Artifacts Evaluated – Functional」、"
        "NISO RP-31 の ROR）の根拠となります。"
        "結果については何も示しません。",
    ),
    "terms.against": (
        "Speaks against “Results Reproduced” (ACM 1.1; NISO RP-31: ROR-R) in this environment; the"
        " reasons are above.",
        "この環境では、「Results Reproduced」（ACM 1.1、NISO RP-31 の ROR-R）"
        "とは言えません。理由は上に示しています。",
    ),
    "terms.unknown": (
        "Says nothing in these terms: the study could not be run here.",
        "この用語では何も言えません。ここでは実行できませんでした。",
    ),
    "terms.note": (
        "Badges are awarded by those who evaluate, not by recrate. “Replicated” would need other"
        " artifacts or data.",
        "バッジを与えるのは評価者であり、recrate ではありません。"
        "「Replicated」には別の成果物やデータが必要です。",
    ),
}
