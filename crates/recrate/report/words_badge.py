"""What badges and reviews say, in English and Japanese; `report.words` holds it with the rest."""

BADGE_WORDS: dict[str, tuple[str, str]] = {
    "badge.replay": ("Replay", "再実行"),
    "badge.compared": ("{compared} of {outputs} compared", "{outputs} 件中 {compared} 件を比較"),
    "badge.held": ("{held} of {outputs} repeat", "{outputs} 件中 {held} 件が再現"),
    "badge.eased": ("by the author’s tolerances", "著者の許容差による"),
    "badge.instead": ("in another environment", "別の実行環境"),
    "badge.nothing": ("nothing compared", "比較なし"),
    "badge.notebooks": ("{run} of {published} notebooks", "ノートブック {published} 件中 {run} 件"),
    "badge.said": (
        "The notebooks were executed again on {date}",
        "ノートブックを {date} に再実行しました",
    ),
    "badge.said-where": (
        "The notebooks were executed again on {date} in {environment}",
        "ノートブックを {date} に {environment} で再実行しました",
    ),
    "review.name": ("Re-execution of {crate}", "{crate} の再実行"),
    "review.notebooks": (
        "Of {published} notebooks, {run} were run.",
        "ノートブック {published} 件のうち {run} 件を実行しました。",
    ),
}
