"""What is said of runs by hand and of fresh cells, in Japanese; see `report.reasons`."""

HAND_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"not judged: the reviewer changed this cell", "査読者が変更したセルのため判定なし"),
    (r"not judged: the reviewer deleted this cell", "査読者が削除したセルのため判定なし"),
    (r"not judged: the reviewer did not run this cell", "査読者が実行していないセルのため判定なし"),
    (
        r"not judged: it was last run with another source",
        "最後に実行したときのソースが公開されたものと異なるため判定なし",
    ),
    (
        r"not judged: what it gave when it was run was not saved",
        "実行した結果が保存されていないため判定なし",
    ),
    (
        r"changed by the reviewer, not judged: cells (.+)",
        "査読者が変更したため判定しなかったセル：{0}",
    ),
    (
        r"deleted by the reviewer, not judged: cells (.+)",
        "査読者が削除したため判定しなかったセル：{0}",
    ),
    (
        r"not run by the reviewer, not judged: cells (.+)",
        "査読者が実行しなかったため判定しなかったセル：{0}",
    ),
    (
        r"last run with another source, not judged: cells (.+)",
        "公開されたものと異なるソースで最後に実行されたため判定しなかったセル：{0}",
    ),
    (
        r"run, but not saved afterwards, not judged: cells (.+)",
        "実行後に保存されなかったため判定しなかったセル：{0}",
    ),
    (r"added and run by the reviewer: (\d+) cells", "査読者が追加して実行したセル：{0} 個"),
    (
        r"run out of order: cell (\d+) as number (-?\d+), cell (\d+) as (-?\d+)",
        "上から順に実行されていない（セル {0} が {1} 番目、セル {2} が {3} 番目）",
    ),
    (
        r"run by hand in JupyterLab, cell by cell: no unattended replay",
        "JupyterLab でセルごとに手動で実行（自動の再実行ではない）",
    ),
    (r"not run by the reviewer, left out: (.+)", "査読者が実行しなかったため除外：{0}"),
    (r"no longer in the session, left out: (.+)", "セッションに見つからないため除外：{0}"),
    (r"cannot be read as a notebook, left out: (.+)", "ノートブックとして読めないため除外：{0}"),
    (r"too large to be judged, left out: (.+)", "大きすぎて判定できないため除外：{0}"),
    (
        r"not among the published notebooks, left out: (.+)",
        "公開されたノートブックに含まれないため除外：{0}",
    ),
    (r"this notebook is not among the published ones", "公開されたノートブックではない"),
    (
        r"this cell is not among the published ones: shown, not judged",
        "公開されたノートブックにないセル（表示のみ、判定なし）",
    ),
    (
        r"this cell is not as published: shown, not judged",
        "公開されたものから変更されたセル（表示のみ、判定なし）",
    ),
    (r"nothing is recorded here to compare with", "比較できる記録された出力がない"),
    (r"none of its outputs can be compared", "比較できる出力がない"),
    (
        r"too large to be compared while you work: the review compares it",
        "大きいため、ここでは比較しない（査読結果の作成時に比較）",
    ),
    (r"identical to what is published", "公開された出力と完全に一致"),
    (r"equivalent to what is published", "公開された出力と同等"),
    (
        r"different from what is published: (\d+) of (\d+) outputs",
        "公開された出力と相違（{1} 件中 {0} 件）",
    ),
    (r"different from what is published", "公開された出力と相違"),
    (r"stopped with an error that was not recorded: (\S+)", "記録にないエラーで停止：{0}"),
)
"""As `_SENTENCES` there: what the judge says, and its Japanese."""
