"""docs/fidelity.md from the rows of benchmarks/fidelity.py and what a person found; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from fidelity_truth import (
    ENVIRONMENTS,
    HOLDS,
    Entry,
    Row,
    by_chance,
    causes_of,
    entry_of,
    right_cause,
    right_verdict,
)

Restored = tuple[str, int, float | None, float | None]


def page(
    rows: Sequence[Row],
    *,
    studies: Sequence[str],
    truth: Sequence[Entry],
    restored: Sequence[Restored] = (),
) -> str:
    """Return the page.

    studies:  all of the corpus, so that it says which were not run
    restored: study, packages, and seconds to restore its environment first and again; None where
              that was not run
    """
    known = [row for row in rows if row["study"] in studies]
    place = {study: number for number, study in enumerate(studies)}
    known.sort(key=lambda row: (place[row["study"]], row["notebook"]))
    parts = [
        head(known),
        shares(known, truth),
        again(known, truth),
        restoration(restored),
        causes(known),
        table(known),
        wrong(known, truth),
        looked_at(known, truth),
        not_run(known, studies),
    ]
    return "\n".join(part for part in parts if part)


def head(rows: Sequence[Row]) -> str:
    days = sorted({row["day"] for row in rows})
    limits = sorted({row["limit"] for row in rows})
    when = f"from {days[0]} to {days[-1]}" if len(days) > 1 else f"on {''.join(days)}"
    packages = {row["package"] for row in rows}
    lines = [
        "# Fidelity: what became of public notebooks",
        "",
        f"`make fidelity` makes this page anew. Run {when}: {len(notebooks(rows))} notebooks from "
        f"the source distributions of {len(packages)} packages, as their authors published "
        "them, each "
        f"with {' or '.join(map(str, limits))} seconds and no network. The study is the notebooks' "
        "folder and a `requirements.txt` with the package's version. The environments:",
        "",
        *(f"- **{name}**: {what}" for name, what in ENVIRONMENTS.items()),
        "",
        "The packages were chosen because their distributions hold notebooks: this is no sample of "
        "the world, and kinder than it, for each declares its own version. After a mistake of the "
        "judge is mended, `--judge` judges anew what was observed, without running again.",
        "",
    ]
    return "\n".join(lines)


def notebooks(rows: Iterable[Row]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row["study"], row["notebook"]) for row in rows))


def shares(rows: Sequence[Row], truth: Sequence[Entry]) -> str:
    """Return the table of shares; verdict and cause count among the rows somebody looked at."""
    lines = [
        "## Shares",
        "",
        "| environment | notebooks | restored | ran to the end | with recorded outputs | of these, "
        "all hold | outputs compared | of these, hold | looked at | right verdict | right cause |",
        "|" + " --- |" * 11,
    ]
    for name in ENVIRONMENTS:
        those = [row for row in rows if row["environment"] == name]
        if not those:
            continue
        lines.append(f"| {' | '.join([name, *_shares_of(those, truth)])} |")
    lines += [
        "",
        "*Restored*: every package that was asked for is there in the version that the lock "
        "names. A verdict is right when a person who looked at recorded and rerun outputs says "
        "the same; a cause, when the one that recrate names for most of the outputs (or for the "
        "failure) is the one that person found. What they found stands below.",
        "",
    ]
    return "\n".join(lines)


def _shares_of(those: Sequence[Row], truth: Sequence[Entry]) -> list[str]:
    """Return the cells of one environment's line."""
    recorded = [row for row in those if row["coverage"].get("outputs")]
    counts = [row["coverage"] for row in recorded]
    compared = sum(one["compared"] for one in counts)
    same = sum(one["identical"] + one["equivalent"] for one in counts)
    judged = [(row, entry) for row in those if (entry := entry_of(row, truth))]
    with_cause = [(row, entry) for row, entry in judged if entry.get("cause")]
    return [
        str(len(those)),
        share(sum(row["restored"] for row in those), len(those)),
        share(sum(row["ran"] for row in those), len(those)),
        str(len(recorded)),
        share(sum(row["verdict"] in HOLDS for row in recorded), len(recorded)),
        str(compared),
        share(same, compared),
        str(len(judged)),
        share(sum(right_verdict(row, entry) for row, entry in judged), len(judged)),
        share(sum(right_cause(row, entry) for row, entry in with_cause), len(with_cause)),
    ]


def share(part: int, whole: int) -> str:
    """Return `3 of 4 (75 %)`."""
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "–"


def again(rows: Sequence[Row], truth: Sequence[Entry]) -> str:
    """Return what differed between two replays of one crate in one environment."""
    twice = [row for row in rows if row["again"]]
    if not twice:
        return ""
    outputs = sum(row["again"]["outputs"] for row in twice)
    flagged = [(row, one) for row in twice for one in row["again"]["differences"]]
    lines = [
        "## The same crate twice in the same environment",
        "",
        f"{len(twice)} notebooks were replayed twice by recrate's own path: of {outputs} outputs "
        f"{len(flagged)} are flagged as different ({per_cent(len(flagged), outputs)}; the aim is "
        "less than 0.5 %).",
        "",
    ]
    chance = [(row, one) for row, one in flagged if by_chance(row, one["cell"], truth)]
    if flagged:
        lines += [
            f"In {len(chance)} of them the notebook itself gives something else each time, as who "
            f"looked at its code found; the other {len(flagged) - len(chance)} "
            f"({per_cent(len(flagged) - len(chance), outputs)}) are flagged wrongly or not looked "
            "at. By name:",
            "",
        ]
    for row, one in flagged:
        why = by_chance(row, one["cell"], truth) or "not looked at, or wrong"
        lines.append(
            f"- {row['package']}, {row['notebook']}, cell {one['cell']}: {plain(one['reason'])} "
            f"({why})"
        )
    return "\n".join([*lines, ""]) if flagged else "\n".join(lines)


def per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "–"


def restoration(restored: Sequence[Restored]) -> str:
    """Return how long each study's own environment took, where both replays were run."""
    lines = [
        f"| {study} | {packages} | {cold:.1f} s | {warm:.2f} s |"
        for study, packages, cold, warm in restored
        if cold is not None and warm is not None
    ]
    if not lines:
        return ""
    head_lines = [
        "## Restoring an environment",
        "",
        "recrate's own path: the first replay makes the environment, from packages of which some "
        "were downloaded before; the second finds it. A study whose lock another one had before it "
        "finds it at once.",
        "",
        "| study | packages | first | again |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head_lines, *lines, ""])


def causes(rows: Sequence[Row]) -> str:
    """Return how often recrate names each cause, per environment."""
    names = [name for name in ENVIRONMENTS if any(row["environment"] == name for row in rows)]
    failed: dict[str, Counter[str]] = {name: Counter() for name in names}
    differing: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in rows:
        if row["error"]:
            failed[row["environment"]][row["error"]["cause"]] += 1
        else:
            differing[row["environment"]].update(causes_of(row))
    lines = ["## Causes, as recrate names them", ""]
    for title, counted in (
        ("notebooks that did not run", failed),
        ("outputs that do not hold, in notebooks that ran", differing),
    ):
        total = sum(counted.values(), Counter[str]())
        lines += [
            f"| {title} | {' | '.join(names)} |",
            "|" + " --- |" * (len(names) + 1),
            *(
                f"| {cause} | {' | '.join(str(counted[name][cause]) for name in names)} |"
                for cause, _ in sorted(total.items(), key=lambda one: (-one[1], one[0]))
            ),
            "",
        ]
    return "\n".join(lines)


def table(rows: Sequence[Row]) -> str:
    """Return one line for each notebook: verdict and outputs that hold, by environment."""
    lines = [
        "## Every notebook",
        "",
        "Verdict, and how many of the compared outputs hold. The last column is of recrate's own "
        "path: why it failed, or the causes of what does not hold.",
        "",
        f"| notebook | {' | '.join(ENVIRONMENTS)} | cause |",
        "|" + " --- |" * (len(ENVIRONMENTS) + 2),
    ]
    by = {(row["study"], row["notebook"], row["environment"]): row for row in rows}
    for study, notebook in notebooks(rows):
        found = {name: by.get((study, notebook, name)) for name in ENVIRONMENTS}
        some = next(row for row in found.values() if row)
        cells = [outcome(row) if row else "not run" for row in found.values()]
        own = found["recrate"]
        name = f"{some['package']} {some['version']}: {plain(notebook.removesuffix('.ipynb'))}"
        lines.append(f"| {name} | {' | '.join(cells)} | {because(own) if own else ''} |")
    return "\n".join([*lines, ""])


def outcome(row: Row) -> str:
    """Return `equivalent 5/5`."""
    coverage = row["coverage"]
    if not coverage.get("outputs"):
        return str(row["verdict"])
    held = coverage["identical"] + coverage["equivalent"]
    return f"{row['verdict']} {held}/{coverage['compared']}"


def because(row: Row) -> str:
    """Return the failure with its message, or the causes of the outputs with their counts."""
    if row["error"]:
        error = row["error"]
        return plain(f"{error['cause']}: {error['name']}: {error['message'][:70]}")
    if row["said"]:
        return plain(row["said"][:90])
    return ", ".join(f"{count} × {cause}" for cause, count in causes_of(row).most_common())


def plain(text: str) -> str:
    """Return text that breaks no table."""
    return " ".join(text.replace("|", "/").replace("`", "'").replace("<", "‹").split())


def wrong(rows: Sequence[Row], truth: Sequence[Entry]) -> str:
    """Name every wrong verdict and cause; environments where it is the same stand together."""
    lines = ["## Wrong verdicts, by name", "", *_named(rows, truth, of_cause=False), ""]
    return "\n".join(
        [*lines, "## Wrong causes, by name", "", *_named(rows, truth, of_cause=True), ""]
    )


def _named(rows: Sequence[Row], truth: Sequence[Entry], *, of_cause: bool) -> list[str]:
    found: dict[tuple[str, str, str, str, str], list[str]] = {}
    for row in rows:
        entry = entry_of(row, truth)
        if entry is None:
            continue
        if of_cause:
            said = ", ".join(causes_of(row)) or "none"
            expected = entry.get("cause", "")
            right = not expected or right_cause(row, entry)
        else:
            said, expected, right = row["verdict"], entry["verdict"], right_verdict(row, entry)
        if not right:
            key = (row["package"], row["notebook"], said, expected, entry["why"])
            found.setdefault(key, []).append(row["environment"])
    return [
        f"- **{package}, {plain(notebook)}** ({', '.join(where)}): {said}, should be {expected}. "
        f"{why}"
        for (package, notebook, said, expected, why), where in found.items()
    ] or ["None among what was looked at."]


def looked_at(rows: Sequence[Row], truth: Sequence[Entry]) -> str:
    """Say what a person found, of each entry that is of some row."""
    lines = [
        "## What was found by looking",
        "",
        "Kept in `benchmarks/truth.toml`. A notebook that holds in an environment is not looked at "
        "there unless it stands here: that nothing which matters differs is what the comparison "
        "itself is [tested for](single-changes.md).",
        "",
    ]
    for entry in truth:
        fits = [row for row in rows if entry_of(row, truth) is entry]
        if fits:
            where = ", ".join(dict.fromkeys(row["environment"] for row in fits))
            cause = f", {entry['cause']}" if entry.get("cause") else ""
            title = entry["notebook"] or "the others"
            lines.append(
                f"- **{entry['package']}, {title}** ({where}): {entry['verdict']}{cause}. "
                f"{entry['why']}"
            )
    return "\n".join([*lines, ""])


def not_run(rows: Sequence[Row], studies: Sequence[str]) -> str:
    """Name what is in the corpus and was not run."""
    done = {(row["study"], row["environment"]) for row in rows}
    missing = {
        study: [name for name in ENVIRONMENTS if (study, name) not in done] for study in studies
    }
    lines = [
        f"- {study}: {', '.join(names) if len(names) < len(ENVIRONMENTS) else 'in no environment'}"
        for study, names in missing.items()
        if names
    ]
    if not lines:
        return ""
    return "\n".join(["## Not run", "", "In the corpus, but not run yet:", "", *lines, ""])
