"""What is said of cells and the network, in English and Japanese; see `report.words`."""

NETWORK_WORDS: dict[str, tuple[str, str]] = {
    "lacking": (
        "{held} of {cells} cells hold; {lacking} want the network, or what it would have brought, "
        "and could not be verified.",
        "{cells} 個中 {held} 個のセルは記録と一致しました。{lacking} 個はネットワーク、または"
        "そこから得られるはずのものを必要とするため、検証できませんでした。",
    ),
    "asked": ("Asked of the network", "ネットワークへの要求"),
    "asked.cell": ("cell {cell}", "セル {cell}"),
    "asked.refused": (
        "No cell got an answer: replays have no network. Data that are saved in the study, with "
        "their source named by `recrate refer`, are there in every replay.",
        "再実行ではネットワークを利用できないため、応答はありません。データを研究フォルダに保存し、"
        "`recrate refer` で出所を示すと、どの再実行でも利用できます。",
    ),
    "asked.allowed": (
        "The cells could read from the web, and what came was kept with its checksum: "
        "`recrate pack STUDY -o FILE --found REPLAY` names it as data references, and replays of "
        "that crate need no network.",
        "セルはウェブから読み込むことができ、受け取った内容はチェックサムとともに保存されました。"
        "`recrate pack STUDY -o FILE --found REPLAY` でデータ参照として記録すると、"
        "そのクレートはネットワークなしで再実行できます。",
    ),
}
