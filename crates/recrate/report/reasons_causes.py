"""What a cause was concluded from, in Japanese; see `report.reasons`.

The study's own names and calls are never changed, and what is not known here stays English.
"""

import re
from functools import lru_cache

EVIDENCE: tuple[tuple[str, str], ...] = (
    (r"follows from cell (\d+): (.+)", "セル {0} の結果から生じたもの：{more}"),
    (
        r"(.+); the author's run of this cell raised nothing: raised inside (.+)",
        "{0}（作者の実行ではこのセルにエラーがなく、{1} の内部で発生した）",
    ),
    (
        r"(.+); the author's run of this cell raised nothing: recorded with (.+), run with (.+)",
        "{0}（作者の実行ではこのセルにエラーがない。記録は {1}、再実行は {2}）",
    ),
    (
        r"(.+); the author's run of this cell raised nothing: the packages or Python are not the"
        r" author's",
        "{0}（作者の実行ではこのセルにエラーがない。パッケージか Python が作者のものと異なる）",
    ),
    (r"(.+) \(a module of Python 2\)", "{0}（Python 2 のモジュール）"),
    (r"(.+) \(a part of Python that was left out\)", "{0}（この Python に含まれない標準部品）"),
    (r"(.+) \(a name of Python 2\)", "{0}（Python 2 の名前）"),
    (r"(.+) \(Python (\S+) came without it\)", "{0}（Python {1} で廃止されたモジュール）"),
    (r"the cell shows an error instead: (.+)", "セルは代わりにエラーを示す：{0}"),
    (r"(.+) has no file `(.+)` of its own: (.+)", "{0} にファイル `{1}` が含まれない：{2}"),
    (r"as recorded with (.+)", "{more}では記録と一致する"),
    (r"another one again with (.+)", "{more}ではさらに別の結果になる"),
    (
        r"the same as now with the packages of (\S+) and with the packages of (\S+):"
        r" the record has another origin",
        "{0} 時点のパッケージでも {1} 時点のパッケージでも今と同じになるため、"
        "記録は別のものに由来する",
    ),
    (r"three threads", "スレッド数 3"),
    (r"the time zone of Kiritimati", "キリティマティ島の時間帯"),
    (r"a Turkish locale", "トルコ語のロケール"),
    (r"other threads, time zone and locale", "別のスレッド数・時間帯・ロケール"),
    (r"the packages of (\d{4}-\d\d-\d\d)", "{0} 時点のパッケージ"),
    (r"(\S+) (\S+) instead of (\S+)", "{0} {2} を {1} に替えた環境"),
    (r"the notebook stopped at cell (\d+): (.+)", "ノートブックがセル {0} で停止した：{1}"),
    (r"the notebook stopped before its end: (.+)", "ノートブックが途中で停止した：{0}"),
    (r"the code of the cell could not be read", "セルのコードを読み取れない"),
    (r"two reruns differ from each other", "2 回の再実行の結果が互いに異なる"),
    (
        r"the recorded output is a cell's value, and the code of the cell ends without one",
        "記録された出力はセルの値だが、セルのコードの末尾に値を示す式がない",
    ),
    (
        r"nothing in the code of the cell shows anything",
        "セルのコードには出力する処理がない",
    ),
    (
        r"the output is of run \[(\d+)\] and the cell of run \[(\d+)\]",
        "出力は実行番号 [{0}]、セルは実行番号 [{1}] のもの",
    ),
    (
        r"the code prints “(.*)”, whatever it is run with",
        "コードはどの環境でも “{0}” を出力する",
    ),
    (
        r"the code says “(.*)” where the record says “(.*)”, a word that it lacks",
        "コードには “{0}” とあるが、記録には、コードにない語 “{1}” がある",
    ),
    (
        r"the cell and what it hangs on use nothing but Python itself, which gives the same"
        r" everywhere",
        "セルとその依存先は Python 自体の機能だけを使うため、どの環境でも結果は同じになる",
    ),
    (
        r"the record was not run from top to bottom: in cell (\d+) \[(\d+)\] (`.+`) came from cell"
        r" (\d+) \[(\d+)\], and now comes from (?:cell )?(\d+|none)",
        "記録は上から順に実行されていない：セル {0} [{1}] の {2} は、"
        "記録ではセル {3} [{4}] のもので、再実行では{from_cell}",
    ),
    (
        r"cell (\d+) changes (`.+`) each time it is run, and the record \(it is run \[(\d+)\], the"
        r" one before \[(\d+)\]\) misses runs before it",
        "セル {0} は実行のたびに {1} を変更するが、"
        "記録（このセルは [{2}]、その前は [{3}]）では間の実行が欠けている",
    ),
    (r"cell (\d+) reads (.+?): (.+)", "セル {0} が読み込む {1}：{2}"),
    (
        r"cell (\d+) draws by chance \((`.+`)\) and no seed is set",
        "セル {0} は乱数（{1}）を使うが、シードが設定されていない",
    ),
    (r"cell (\d+) asks for the time \((`.+`)\)", "セル {0} は時刻を取得する（{1}）"),
    (
        r"cell (\d+) shows sets or folders, whose order is not promised",
        "セル {0} は順序の定まらない集合やフォルダの一覧を表示する",
    ),
    (r"cell (\d+) asks for the machine: (`.+`)", "セル {0} は実行環境の情報を取得する：{1}"),
    (
        r"only the last digits differ, as they do between processors, threads and builds",
        "末尾の桁のみ異なる（プロセッサ・スレッド・ビルドの違いで生じる程度）",
    ),
    (
        r"(\w+): the record was drawn by (\S+), the rerun by (\S+)",
        "{0}：記録は {1}、再実行は {2} で描かれた",
    ),
    (
        r"the notebook uses (\S+), which is (\S+) here and (\S+) in the lock",
        "このノートブックが使う {0} は、ここでは {1}、ロックでは {2} である",
    ),
    (
        r"the help of `(.+)` in `(.+)` is another one in another version",
        "{1} の {0} のヘルプは、版によって異なる",
    ),
    (r"the help of `(.+)` is another one in another version", "{0} のヘルプは、版によって異なる"),
    (
        r"cell (\d+) sets a seed, so that chance does not explain it: packages of other versions"
        r" draw otherwise",
        "セル {0} でシードが設定されているため、偶然では説明できない。"
        "パッケージの版が異なると、抽出される値も異なる",
    ),
    (r"the rerun prints an error: (.+)", "再実行ではエラーが表示される：{0}"),
    (
        r"(.+): cell (\d+) would define it, and catches what its import raises: (.+)",
        "{0}（セル {1} がその名前を定義するはずだが、import の例外を捕捉している：{2}）",
    ),
    (
        r"R: since 3\.6\.0 the same seed gives other samples",
        "R：3.6.0 以降は、同じシードでも抽出される標本が異なる",
    ),
    (
        r"R: since 4\.0\.0 texts in a data frame are no factors",
        "R：4.0.0 以降は、データフレームの文字列は因子にならない",
    ),
    (
        r"code, data and package versions are those of the author's kernel, and nothing in the"
        r" code is chance: the record comes from other code or data",
        "コード・データ・パッケージの版は著者のカーネルと同じで、コードに偶然の要素もないため、"
        "記録は別のコードまたはデータによるもの",
    ),
    (
        r"nothing in the code is chance, and it was run in its order; what is left are other"
        r" versions than (.+)",
        "コードに偶然の要素はなく、順に実行されている。残る原因は {0} との版の違い",
    ),
    (
        r"a seed is set, for which NumPy gives the same numbers in every version: the record comes"
        r" from other code or another order",
        "シードが設定されており、NumPy はどの版でも同じ数を返すため、"
        "記録は別のコードか別の順序によるもの",
    ),
    (
        r"the versions that the author had are not recorded, and nothing in the code is chance",
        "著者が使った版は記録されておらず、コードに偶然の要素もない",
    ),
    (
        r"the same error, worded by another version of Python or of a package",
        "同じエラー（Python またはパッケージの版により文言が異なる）",
    ),
    (
        r"scikit-learn: since 0\.23 it shows only the parameters that were set",
        "scikit-learn：0.23 以降は、設定されたパラメータのみ表示する",
    ),
    (
        r"scikit-learn: since 1\.0 it shows a learner as a diagram",
        "scikit-learn：1.0 以降は、学習器を図で表示する",
    ),
    (
        r"pandas: since 3\.0 texts have a type of their own",
        "pandas：3.0 以降は、文字列に専用の型がある",
    ),
    (
        r"pandas: since 2\.0 its indices have one class",
        "pandas：2.0 以降は、索引のクラスが一つになった",
    ),
    (
        r"pandas: since 3\.0 times are counted in another unit",
        "pandas：3.0 以降は、時刻の単位が異なる",
    ),
    (
        r"pandas: since 2\.2 it spells frequencies otherwise",
        "pandas：2.2 以降は、頻度の表記が異なる",
    ),
    (
        r"keras: since 3 it draws the table of layers with other lines",
        "keras：3 以降は、層の表の罫線が異なる",
    ),
    (
        r"networkx: since 2\.x it names a graph by its nodes and edges",
        "networkx：2.x 以降は、グラフを頂点数と辺数で表示する",
    ),
    (
        r"xarray: since 0\.16 it shows a data set as a page of its own",
        "xarray：0.16 以降は、データセットを HTML で表示する",
    ),
    (
        r"numpy: since 1\.14 it prints numbers in the fewest digits",
        "numpy：1.14 以降は、数値を最少の桁数で表示する",
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), told) for pattern, told in EVIDENCE)


@lru_cache(maxsize=4_096)
def evidence_in_japanese(text: str) -> str:
    """Return the evidence of a cause in Japanese, or as it is where it is not known here."""
    for pattern, told in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            groups = [group or "" for group in found.groups()]
            last = groups[-1] if groups else ""
            more = evidence_in_japanese(last) if "{more}" in told else ""
            cell = "定義されていない" if last == "none" else f"セル {last} のもの"
            return told.format(*groups, more=more, from_cell=cell)
    return text
