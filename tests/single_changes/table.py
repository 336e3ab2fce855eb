# ruff: noqa: E501 -- a table of changes is read line by line
"""The counts of all kinds as a page of docs."""

from collections.abc import Sequence

from single_changes.judging import Row, precision_and_recall

HEAD = """# How good the verdict *different* is: single changes to real outputs

Made by `make changes` on {day} with seed {seed}; it takes some minutes. Outputs are made by the real libraries ({libraries});
one thing is changed at a time; the judge must call what is real *different* (or *missing*) and nothing else. A sample of every kind runs with the tests
(`tests/properties/test_single_changes.py`). Kinds and their labels: `tests/single_changes/`. Where a library is not there in an older version, its form was written by hand.

- {total} changes of {kinds} kinds: {benign} benign, {real} real.
- **Precision** of *different* (95 % interval by Wilson's score): {precision}
- **Recall**: {recall}

The kinds were chosen by those who wrote the judge, and what they showed was mended. So the numbers say that nothing known is missed, not what unseen changes will give:
before the mending the same kinds gave a precision of 0.87 (0.84 to 0.89) and a recall of 0.86 (0.83 to 0.88) on 1,241 changes.

**Known to be wrong, and not among the kinds:** pictures with another font or at another resolution are *different* ([0001-pictures.md](decisions/0001-pictures.md)); Bokeh 2's unordered list of references; a
parent folder in an absolute path, and a time after words such as *took* or *elapsed*, never count; white space within quotes does not count; the length of a bar made of HTML is not looked at;
sound, video and PDF whose bytes differ are `skipped`; what a table holds in another order of rows or columns is *different*; scikit-learn's settings are, where a version prints defaults that another leaves out.
"""


def page(rows: Sequence[Row], *, day: str, seed: int, libraries: str, limits: str) -> str:
    """Return the page: shares, wrong answers by name, then every kind."""
    precision, recall = precision_and_recall(rows)
    real = sum(row.count for row in rows if row.kind.is_real)
    total = sum(row.count for row in rows)
    head = HEAD.format(
        day=day,
        seed=seed,
        libraries=libraries,
        total=f"{total:,}",
        kinds=len(rows),
        benign=f"{total - real:,}",
        real=f"{real:,}",
        precision=precision,
        recall=recall,
    )
    parts = [head, "## Wrong answers\n", *_wrong(rows), "", limits.strip(), ""]
    parts += ["## By kind of output\n", *_families(rows), ""]
    parts += ["## Every kind\n", *_kinds(rows)]
    return "\n".join(parts) + "\n"


def _wrong(rows: Sequence[Row]) -> list[str]:
    bad = [row for row in rows if row.wrong]
    if not bad:
        return ["None in this run."]
    lines = ["| change | is | wrong | what the judge said |", "| --- | --- | --- | --- |"]
    for row in sorted(bad, key=lambda row: -len(row.wrong)):
        said = row.wrong[0].replace("|", "\\|")[:160]
        label = "real" if row.kind.is_real else "benign"
        lines.append(f"| {row.kind.label} | {label} | {len(row.wrong)} of {row.count} | {said} |")
    return lines


def _families(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| outputs | benign kinds | changes | called different | real kinds | changes | missed |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for family in sorted({row.kind.family for row in rows}, key=str.lower):
        cells = [family]
        for is_real in (False, True):
            found = [
                row for row in rows if (row.kind.family, row.kind.is_real) == (family, is_real)
            ]
            counts = len(found), sum(row.count for row in found), sum(len(r.wrong) for r in found)
            cells += [str(count) for count in counts]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _kinds(rows: Sequence[Row]) -> list[str]:
    lines: list[str] = []
    for is_real, title in ((False, "Benign: called different"), (True, "Real: missed")):
        lines += [f"### {title}\n", "| kind | changes | wrong |", "| --- | --- | --- |"]
        chosen = [row for row in rows if row.kind.is_real is is_real]
        for row in sorted(chosen, key=lambda row: row.kind.label.lower()):
            name = row.kind.label.replace("|", "\\|")
            lines.append(f"| {name} | {row.count} | {len(row.wrong)} |")
        lines.append("")
    return lines[:-1]
