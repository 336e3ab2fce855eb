"""What is said of patched copies, in English and Japanese; see `report.words`."""

REPAIR_WORDS: dict[str, tuple[str, str]] = {
    "repair": ("After repair", "修正後"),
    "repair.here": (
        "This is not the study as it was published: a patched copy was run. "
        "It is no verdict of the crate.",
        "公開された研究そのものではなく、コードを修正した複製を実行した結果です。"
        "このクレートの判定ではありません。",
    ),
    "repair.apart": (
        "A copy of the study was patched where an API is gone, and run. This is another run: the "
        "verdict above is of the study as it was published, and stays as it is.",
        "廃止された API を使う箇所を修正した複製を作り、実行しました。これは別の実行であり、"
        "上の判定は公開された研究そのものに対するもので、変わりません。",
    ),
    "repair.verdict": ("After repair: {verdict}", "修正後：{verdict}"),
    "repair.none": (
        "No known rename fitted: nothing was patched, and nothing run again.",
        "該当する既知の名称変更がないため、修正も再実行もしていません。",
    ),
    "repair.failed": (
        "The patch does not help: the copy does not run to its end, either.",
        "修正しても、複製は最後まで実行できませんでした。",
    ),
    "repair.dated": (
        "Better than a patch: unpatched, it runs to its end with {told}. Pin that.",
        "修正よりも望ましい方法があります。修正なしでも {told} を使えば最後まで実行できます。"
        "そのバージョンに固定してください。",
    ),
    "repair.what": ("What was patched", "修正した箇所"),
    "repair.left": ("What was not patched, and why", "修正しなかった箇所とその理由"),
    "repair.diff": ("The patch", "差分"),
    "repair.cut": (
        "The patch is long; all of it is in {name}.",
        "差分が長いため一部を省略しました。全体は {name} にあります。",
    ),
    "repair.gone": (
        "gone since {package} {gone}; restored: {version}",
        "{package} {gone} で廃止、復元した版は {version}",
    ),
    "repair.place": ("cell {cell}, line {lines}", "セル {cell}、{lines} 行目"),
    "repair.place.module": ("line {lines}", "{lines} 行目"),
    "repair.line": (
        "After repair (a patched copy, not the verdict): {verdict}: {sentence} "
        "Renames: {count}; {place}",
        "修正後（修正した複製の結果であり、判定ではない）：{verdict}：{sentence}"
        "名称変更 {count} 件（{place}）",
    ),
    "repair.line.none": (
        "After repair: no known rename fitted, nothing was patched.",
        "修正後：該当する既知の名称変更がなく、修正していません。",
    ),
}
