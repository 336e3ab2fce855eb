"""The words of the files that notebooks wrote again; (English, Japanese)."""

FILE_WORDS: dict[str, tuple[str, str]] = {
    "files": ("Published files written again", "公開されたファイルのうち、再び書き出されたもの"),
    "files.path": ("File", "ファイル"),
    "files.outcome": ("Compared with the published one", "公開されたファイルとの比較"),
    "files.sentence": (
        "{count} published files were written again: {parts}.",
        "公開されたファイルのうち {count} 件が再び書き出されました：{parts}。",
    ),
    "files.sentence.one": (
        "{count} published file was written again: {parts}.",
        "公開されたファイルのうち {count} 件が再び書き出されました：{parts}。",
    ),
    "files.left.out": ("Written files not compared", "比較しない書き出しファイル"),
    "files.differing": ("Written files that differ", "書き出されたファイルの相違"),
    "files.picture": (
        "Where the published picture and the new one differ",
        "公開された図と新しい図が異なる部分",
    ),
}
