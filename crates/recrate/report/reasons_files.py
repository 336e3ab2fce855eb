"""What is said of written files, in Japanese; see `report.reasons`."""

import re

FILE_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the author marked this file as not to be compared", "著者が比較対象外と指定したファイル"),
    (r"the policy leaves this file out of the comparison", "ポリシーで比較対象外としたファイル"),
    (r"reruns differ between each other too", "再実行どうしでも異なる"),
    (r"differs", "相違あり"),
    (r"too large to be compared", "大きすぎて比較できない"),
    (
        r"differs, and is not compared: a log or a working file is no result",
        "相違があるが比較しない（ログや作業用のファイルは結果ではない）",
    ),
    (
        r"differs, and cannot be compared safely: loading it could run foreign code",
        "相違があるが、安全に比較できない（読み込むと他者のコードが実行されうる）",
    ),
    (
        r"differs, and its kind \((\S+|no ending)\) cannot be looked into",
        "相違があるが、この種類（{0}）は中身を比較できない",
    ),
    (
        r"differs, and its kind \((\S+|no ending)\) is not known: (.+)",
        "相違があるが、未知の種類（{0}）のため判定しない：{more}",
    ),
    (
        r"differs, and is not compared: no HDF5 file, but one of an older kind",
        "相違があるが比較しない（古い形式）",
    ),
    (
        r"differs, and is not compared: an archive within an archive",
        "相違があるが比較しない（アーカイブの中のアーカイブ）",
    ),
    (
        r"differs, and is not compared: (?:a PDF|PostScript) is not drawn here",
        "相違があるが比較しない（ここでは描画しない種類のファイル）",
    ),
    (
        r"not compared: needs (\S+) \(install \S+\)",
        "比較できない（{0} のインストールが必要）",
    ),
    (r"not compared: it took too long", "時間がかかりすぎるため比較しなかった"),
    (
        r"not compared: it took too much memory, or broke its reader",
        "メモリ不足、または読み込みの失敗により比較できなかった",
    ),
    (r"not compared: too much broke", "読み込みの失敗が続いたため比較しなかった"),
    (r"not compared: the published file: (.+)", "公開されたファイルを比較できない（{more}）"),
    (r"not compared: the rerun's file: (.+)", "再実行のファイルを比較できない（{more}）"),
    (r"not compared: one of the archives: (.+)", "アーカイブを比較できない（{0}）"),
    (r"the rerun's file: (.+)", "再実行のファイルに問題がある（{more}）"),
    (r"the rerun's file is no text any more", "再実行のファイルがテキストではなくなった"),
    (r"it is not as long as its header says", "長さがヘッダーと一致しない"),
    (r"it holds Python objects, which are never loaded", "Python オブジェクトを含み、読み込まない"),
    (r"it unpacks to more than (\d+) MiB", "展開すると {0} MiB を超える"),
    (r"its data lie in other files", "データが別のファイルにある"),
    (r"not (?:a )?readable(?: array| archive)? \((\w+)\)", "読み取れない（{0}）"),
    (r"not compared: not readable \((\w+)\)", "読み取れないため比較できない（{0}）"),
    (r"broken", "壊れている"),
    (r"cut off", "途中で切れている"),
    (r"in (“[^”]*”|\S+): (.+)", "{0}：{more}"),
    (r"(.+) is gone from the archive", "{0} がアーカイブからなくなった"),
    (r"(.+) is new in the archive", "{0} がアーカイブに加わった"),
    (r"(“[^”]*”|the array) is gone", "{0} がなくなった"),
    (r"(“[^”]*”|the array) is new", "{0} が加わった"),
    (r"(.+) has other fields", "{0} のフィールドが異なる"),
    (r"(.+) holds (\S+) instead of (\S+)", "{0} の型が {2} から {1} に変わった"),
    (r"the file has other sheets", "シートの構成が異なる"),
    (r"one of the tables is empty", "一方の表が空"),
    (r"same table, written otherwise", "同じ表（表記のみ異なる）"),
    (r"same table", "同じ表"),
    (r"same content, packed otherwise", "同じ内容（圧縮のみ異なる）"),
    (r"same values", "同じ値"),
    (r"same values, as (\S+) instead of (\S+)", "同じ値（型が {1} から {0} に変わった）"),
    (r"the table has (\d+) columns instead of (\d+)", "表の列数が {1} から {0} に変わった"),
    (r"the columns stand in another order", "列の順序が異なる"),
    (r"column (.+) is gone", "列{0}がなくなった"),
    (r"column (.+) is new", "列{0}が加わった"),
    (r"column (.+) instead of (.+)", "列{1}が列{0}に変わった"),
    (
        r"(.+) has the shape (\S.*) instead of (\S.*)",
        "{0} の形状が {2} から {1} に変わった",
    ),
    (
        r"(\d+) of (\d+) values differ, the first at (.+?): (\S+) became (\S+)",
        "{1} 個中 {0} 個の値が相違（最初は {2}：{3} → {4}）",
    ),
)
"""As `_SENTENCES` there: what the judge says, and its Japanese."""

FILE_RULES = {"dates of the file": "ファイルの日付", "order of columns": "列の順序"}
"""As `RULES` there."""


_CELL = re.compile(r"row (\d+), column (.+)", re.DOTALL)


def place_in_japanese(place: str) -> str:
    """Return where a number stands: a line of text, a row and column of a table; else as it is."""
    if place.startswith("line "):
        return f"{place.removeprefix('line ')} 行目"
    cell = _CELL.fullmatch(place)
    return f"行 {cell[1]}、列 {cell[2]}" if cell else place
