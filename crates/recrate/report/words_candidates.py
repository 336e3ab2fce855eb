"""What is said of the environments that were tried, in both languages; see `report.words`."""

CANDIDATE_WORDS: dict[str, tuple[str, str]] = {
    "candidates": ("Environments that were tried", "試した実行環境"),
    "candidates.intro": (
        "The crate’s lock could not be restored, or a notebook failed in it for a cause that "
        "another environment may cure. The best counts: most notebooks to their end, then most "
        "outputs that hold, then the earlier.",
        "クレートのロックを復元できなかったか、別の実行環境なら解消しうる原因でノートブックが"
        "失敗したため、ほかの環境を試しました。最後まで動いたノートブックの数、一致した出力の数、"
        "試した順で最良のものを判定に用います。",
    ),
    "candidate.lock": ("the crate’s lock", "クレートのロック"),
    "candidate.made": (
        "a lock made of its files {day}{python}",
        "ファイルから作成したロック（{day}{python}）",
    ),
    "candidate.declared": (
        "its declared packages {day}{python}",
        "宣言されたパッケージ（{day}{python}）",
    ),
    "candidate.inferred": (
        "the packages its code imports {day}{python}",
        "コードが import するパッケージ（{day}{python}）",
    ),
    "candidate.python": ("its packages {day}{python}", "必要なパッケージ（{day}{python}）"),
    "candidate.day": ("as of {date}", "{date} 時点"),
    "candidate.any-day": ("of any date", "日付の指定なし"),
    "candidate.on": (" on Python {python}", "、Python {python} 上"),
    "candidate.chosen": ("the verdict is of it", "判定の対象"),
    "candidate.ran": ("ran", "実行"),
    "candidate.not restored": ("not restored", "復元不可"),
    "candidate.not resolved": ("not resolved", "解決不可"),
    "candidate.same": ("the same lock again", "同じロックのため省略"),
    "candidate.not tried": ("not tried", "未試行"),
    "candidate.environment": ("Environment", "実行環境"),
    "candidate.outcome": ("Outcome", "結果"),
    "candidate.notebooks": ("Notebooks to their end", "最後まで動いたノートブック"),
    "candidate.outputs": ("Outputs that hold", "一致した出力"),
    "candidate.seconds": ("Time", "時間"),
    "candidate.of": ("{count} of {total}", "{total} 件中 {count} 件"),
    "candidates.other": (
        "The verdict is not of {first}: {why}; {told} ran {completed} of {notebooks} notebooks to "
        "their end, and {held} of {outputs} outputs hold.",
        "判定は{first}によるものではありません。{why}。{told}では、ノートブック {notebooks} 件中 "
        "{completed} 件が最後まで動き、出力 {outputs} 件中 {held} 件が一致しました。",
    ),
    "candidates.why-lost": (
        "it could not be restored on this machine ({reason})",
        "この環境では復元できませんでした（{reason}）",
    ),
    "candidates.why-failed": (
        "with it {completed} of {notebooks} notebooks ran to their end",
        "そのロックで最後まで動いたノートブックは {notebooks} 件中 {completed} 件です",
    ),
    "candidates.no-better": (
        "Other environments that were tried, and did no better than {first}: {count}.",
        "ほかの実行環境を {count} 件試しましたが、{first}より良い結果は得られませんでした。",
    ),
    "candidates.untried": (
        "No other environment than {first} could be tried: {reason}.",
        "{first}以外の実行環境は試せませんでした（{reason}）。",
    ),
}
