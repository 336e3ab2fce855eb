"""Words about policies, and about what a study's author allows; (English, Japanese)."""

POLICY_WORDS = {
    "policy.line": ("Policy: {name}", "ポリシー：{name}"),
    "policy.line.author": ("Policy: {name}, the author’s", "ポリシー：{name}（著者による）"),
    "policy.places": ("Other tolerances", "箇所ごとの許容差"),
    "policy.unheeded": (
        "What the author asks for in the notebooks is not heeded.",
        "ノートブックに書かれた著者の指定は適用していません。",
    ),
    "authors.policy": ("The author’s policy: {told}.", "著者のポリシー：{told}。"),
    "authors.relative": ("relative {given} instead of {usual}", "相対 {given}（通常 {usual}）"),
    "authors.absolute": ("absolute {given} instead of {usual}", "絶対 {given}（通常 {usual}）"),
    "authors.pictures": (
        "{given} % of a picture instead of {usual} %",
        "画素の {given} %（通常 {usual} %）",
    ),
    "authors.files": (
        "written files left out by {given} patterns",
        "{given} 個のパターンで書き出しファイルを比較対象外に",
    ),
    "authors.stderr": ("standard error is not compared", "標準エラー出力を比較しない"),
    "authors.place": ("{told} for {place}", "{place} では{told}"),
    "authors.more": ("{count} more", "ほか {count} 件"),
    "authors.notebooks": (
        "Tolerances that the author gave in notebooks decided {count} outputs.",
        "著者がノートブックで指定した許容差により判定が変わった出力：{count} 件。",
    ),
    "authors.without": (
        "Without it the verdict is: {verdict}.",
        "これを適用しない場合の判定：{verdict}。",
    ),
    "again": (
        "Judged again: {count} replays; verdicts that changed: {changed}.",
        "再判定した再実行：{count} 件。判定の変更：{changed} 件。",
    ),
    "again.by": (
        "Judged again by the policy {policy}: {count} replays; verdicts that changed: {changed}.",
        "ポリシー {policy} により再判定した再実行：{count} 件。判定の変更：{changed} 件。",
    ),
    "again.sum": ("{count}: {before} → {after}", "{before} → {after}：{count} 件"),
    "again.task": ("{task}: {before} → {after}", "課題 {task}：{before} → {after}"),
    "again.not": (
        "Could not be judged again, their verdicts stand: {count}",
        "再判定できず、以前の判定のままの課題：{count} 件",
    ),
    "again.more": ("… and {count} more", "… ほか {count} 件"),
}
