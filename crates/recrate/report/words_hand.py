"""What is said of runs by hand and of fresh cells, in English and Japanese; see `report.words`."""

HAND_WORDS: dict[str, tuple[str, str]] = {
    "hand": (
        "A person ran these cells by hand in JupyterLab. This is no unattended replay.",
        "人が JupyterLab で手動実行した結果に対する判定です。自動の再実行ではありません。",
    ),
    "hand.short": (
        "Run by hand, not by an unattended replay.",
        "自動の再実行ではなく、手動で実行。",
    ),
    "hand.seen": ("Seen by {person}", "確認者：{person}"),
    "hand.anonymous": ("an anonymous reviewer", "匿名の査読者"),
    "hand.confirms": (
        "confirms the published results",
        "公開された結果を確認した",
    ),
    "hand.doubts": ("doubts the published results", "公開された結果に疑義がある"),
    "hand.undecided": ("is undecided", "判断を保留"),
    "hand.said-confirms": (
        "The reviewer confirms the published results.",
        "査読者は、公開された結果を確認しました。",
    ),
    "hand.said-doubts": (
        "The reviewer doubts the published results.",
        "査読者は、公開された結果に疑義があるとしています。",
    ),
    "hand.said-undecided": ("The reviewer is undecided.", "査読者は判断を保留しています。"),
    "hand.statement": ("In the reviewer’s words", "査読者の所見"),
    "badge.hand": ("By hand", "手動実行"),
    "badge.hand-said": (
        "A person ran the notebooks by hand on {date}",
        "ノートブックを {date} に人が手動で実行しました",
    ),
    "badge.hand-said-where": (
        "A person ran the notebooks by hand on {date} in {environment}",
        "ノートブックを {date} に {environment} で人が手動で実行しました",
    ),
    "review.hand-name": ("Review by hand of {crate}", "{crate} の手動による確認"),
    "beside.recorded": ("Expected", "公開された出力"),
    "beside.rerun": ("Yours", "あなたの出力"),
    "beside.both": ("Expected and yours, the same", "公開された出力と同じ"),
    "beside.difference": ("Difference", "差分"),
    "beside.nothing": (
        "This cell has no outputs, neither published nor now.",
        "このセルには、公開時にも今回も出力がありません。",
    ),
    "beside.title": ("Expected beside yours", "公開された出力との比較"),
}
