"""What is said of cells that want the network, in Japanese; see `report.reasons`.

Addresses hold no white space, and no sentence of ours.
"""

_ASKED = r"(?: \(asked for ([^\s()]+(?:, [^\s()]+){0,2})\))?"

NETWORK_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        rf"not verified: cell (\d+) wants the network{_ASKED}, which replays do not have",
        "未検証（セル {0} がネットワークを必要とするが、再実行では利用できない{asked}）",
    ),
    (
        rf"not verified: it depends on cell (\d+), which wants the network{_ASKED}",
        "未検証（依存先のセル {0} がネットワークを必要とするが、再実行では利用できない{asked}）",
    ),
    (r"cells that want the network: (.+)", "ネットワークを必要とするセル：{0}"),
    (
        r"cells that depend on them, not verified either: (.+)",
        "それらに依存するため未検証のセル：{0}",
    ),
    (
        r"behind them, cell (\d+) failed too, and ended the run",
        "その後、セル {0} も失敗し、そこで実行が終了",
    ),
)
"""As `_SENTENCES` there: what the judge says, and its Japanese."""
