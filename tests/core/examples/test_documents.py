"""What people read agrees with the program: links, commands, codes, verdicts, both languages."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from recrate.cli.main import recrate
from recrate.model.policies import read_policy_file
from recrate.model.verdict import Cause, Judgement, OutputJudgement
from recrate.scan.codes import CODES

ROOT = Path(__file__).parents[3]
PAIRS = [
    ("README.md", "README.ja.md"),
    ("docs/researchers.md", "docs/researchers.ja.md"),
    ("docs/reviewers.md", "docs/reviewers.ja.md"),
    ("docs/judging.md", "docs/judging.ja.md"),
    ("docs/lab.md", "docs/lab.ja.md"),
    ("docs/r.md", "docs/r.ja.md"),
    ("docs/publishing.md", "docs/publishing.ja.md"),
    ("docs/publishing-grdm.md", "docs/publishing-grdm.ja.md"),
    ("docs/publishing-site.md", "docs/publishing-site.ja.md"),
    ("docs/publishing-weko.md", "docs/publishing-weko.ja.md"),
    ("docs/publishing-zenodo.md", "docs/publishing-zenodo.ja.md"),
]
ALONE = (
    "operators", "configuration", "finding-crates", "verdicts", "metadata", "findings", "lists",
    "clusters", "watching", "campaigns",
)  # fmt: skip
PAGES = [
    *(page for pair in PAIRS for page in pair),
    *(f"docs/{name}.md" for name in ALONE),
    "CONTRIBUTING.md",
    "CHANGELOG.md",
]


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _blocks(page: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", _text(page), re.MULTILINE | re.DOTALL)


def _commands(page: str) -> list[list[str]]:
    """Every `recrate VERB …` of a page, in a block or in the text, as words."""
    text = _text(page)
    inline = re.findall(r"`((?:\$ )?recrate [a-z][^`\n]*)`", text)
    lines = [line for block in _blocks(page) for line in block.splitlines()]
    shown = [line.removeprefix("$ ") for line in lines if re.match(r"(\$ )?recrate [a-z]", line)]
    return [shlex.split(line, comments=True)[1:] for line in [*inline, *shown]]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _first_column(page: str, header: str) -> list[str]:
    table = _text(page).split(f"| {header} |", 1)[1].split("\n\n", 1)[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[2:]]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_repository_leads_somewhere(page):
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", _text(page)):
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_a_picture_from_elsewhere_or_keeps_a_place_open(page):
    assert "](http" not in "".join(re.findall(r"!\[[^\]]*\]\([^)]*\)", _text(page)))
    assert "<!--" not in _text(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_shown_is_one_that_the_program_understands(page):
    for verb, *words in _commands(page):
        if verb == "COMMAND":
            continue
        command = recrate.get_command(click.Context(recrate), verb)
        assert command is not None, verb
        if isinstance(command, click.Group) and words:
            command, words = command.commands[words[0]], words[1:]
        named = isinstance(command, click.Group) or any(one.required for one in command.params)
        if words == [] and named:
            continue  # `recrate check` in a sentence names the verb
        command.make_context(verb, list(words))


@pytest.mark.parametrize("page", ["README.md", "README.ja.md"])
def test_the_readme_lists_every_verb(page):
    verbs = set(recrate.list_commands(click.Context(recrate)))
    assert len(verbs) > 10
    assert verbs - {verb for verb, *_ in _commands(page)} == set()


@pytest.mark.parametrize(("english", "japanese"), PAIRS)
def test_both_languages_show_the_same_commands_and_sections(english, japanese):
    def commands(page: str) -> list[str]:
        return [
            line.split("#")[0].strip()
            for block in _blocks(page)
            for line in block.splitlines()
            if re.match(r"(\$ )?(recrate|make|pip|cp) ", line)
        ]

    def levels(page: str) -> list[str]:
        return re.findall(r"^(#+) ", _text(page), re.MULTILINE)

    assert commands(english) == commands(japanese)
    assert levels(english) == levels(japanese)


@pytest.mark.parametrize("page", ["docs/researchers.md", "docs/researchers.ja.md"])
def test_every_finding_code_that_the_guide_names_exists(page):
    header = "code | what to do" if page == "docs/researchers.md" else "コード | 対処"
    named = [code for cell in _first_column(page, header) for code in re.findall("`(.+?)`", cell)]
    assert len(named) >= 9
    assert [code for code in named if code not in CODES] == []


@pytest.mark.parametrize(
    ("page", "header"),
    [
        ("README.md", "verdict | it means"),
        ("README.ja.md", "判定 | 意味"),
        ("docs/reviewers.md", "verdict | what you can say"),
        ("docs/reviewers.ja.md", "判定 | 言えること"),
    ],
)
def test_the_tables_of_verdicts_are_complete_and_in_order(page, header):
    shown = [re.findall("`(.+?)`", cell)[0] for cell in _first_column(page, header)]
    assert shown == [judgement.value for judgement in Judgement]


@pytest.mark.parametrize(
    ("page", "header"),
    [
        ("docs/reviewers.md", "output verdict | lowers the verdict? | it means"),
        ("docs/reviewers.ja.md", "出力の判定 | 全体の判定を下げるか | 意味"),
    ],
)
def test_the_tables_of_output_verdicts_are_complete_and_in_order(page, header):
    shown = [re.findall("`(.+?)`", cell)[0] for cell in _first_column(page, header)]
    assert shown == [judgement.value for judgement in OutputJudgement]


@pytest.mark.parametrize(
    ("page", "header"),
    [
        ("docs/reviewers.md", "cause | usual meaning | what to ask for"),
        ("docs/reviewers.ja.md", "原因 | 多くの場合の意味 | 求めること"),
    ],
)
def test_the_tables_of_causes_are_complete(page, header):
    named = ", ".join(_first_column(page, header)).replace("、", ", ")
    shown = [re.sub("（.*$", "", name).strip() for name in named.split(", ")]
    assert [cause.value for cause in Cause if cause.value not in shown] == []


@pytest.mark.parametrize("page", ["docs/judging.md", "docs/judging.ja.md"])
def test_the_policy_that_the_guide_shows_is_one_that_judge_takes(page):
    shown = [block.encode() for block in _blocks(page) if block.startswith('{"name"')]
    accepting, placed = (read_policy_file(one, where=page, name="shown") for one in shown)
    assert [one.path for one in placed.places] == ["analysis/*.ipynb", "*"]
    waiver = accepting.waivers[0]
    notebook = json.loads((ROOT / "examples/tides" / waiver.path).read_text(encoding="utf-8"))
    assert "image/png" in notebook["cells"][waiver.cell]["outputs"][waiver.output]["data"]


def test_the_changelog_has_a_place_for_what_is_not_released():
    assert re.search(r"^## \[?Unreleased\]?$", _text("CHANGELOG.md"), re.MULTILINE)
