"""Files that a notebook wrote again, on the page: bounded, escaped, those that differ first."""

from dataclasses import replace

from recrate.compare.written import count_files
from recrate.model.policy import Policy
from recrate.model.verdict import FileVerdict, Judgement, OutputJudgement
from recrate.report.page import render_page
from recrate.report.terms import level_of
from report_accounts import account_of, count, judged, notebook, picture

PATH = "a.ipynb"


def account(*files, pictures=None, verdict=Judgement.DIFFERENT):
    told = replace(judged(PATH, [], verdict=verdict), files=tuple(files))
    made = account_of(
        (told,), {PATH: notebook()}, {PATH: notebook()}, coverage=count([]), judgement=verdict
    )
    counted = replace(made.verdict, files=count_files((told,)), policy=Policy())
    return replace(made, verdict=counted, file_pictures=pictures or {})


def file(path, verdict="different", reason="identical"):
    return FileVerdict(path=path, verdict=OutputJudgement(verdict), reason=reason)


def test_names_and_reasons_of_strangers_are_shown_and_never_acted_on():
    evil = "</td><script>alert(1)</script>\u202e.csv"
    page = render_page(account(file(evil, reason=f"column “{evil}” is gone")))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page


def test_what_differs_comes_first_and_a_flood_is_cut():
    files = [file(f"{number:04}.csv", "identical") for number in range(1_000)]
    page = render_page(account(*files, file("z.csv"), file("y.csv", "unstable")))
    table = page[page.index("<tbody>") :]
    places = [table.index(f"<code>{name}</code>") for name in ("z.csv", "y.csv", "0000.csv")]
    assert places == sorted(places)
    assert "<code>0999.csv</code>" not in page


def test_a_picture_shows_where_it_differs():
    drawn = picture("orange")
    page = render_page(account(file("f.png"), pictures={(PATH, "f.png"): drawn}))
    assert page.count("data:image/png;base64,") == 1
    assert "Where the published picture and the new one differ" in page


def test_an_unstable_file_is_no_whole_reproduction():
    whole = account(file("a.csv", "identical"), verdict=Judgement.IDENTICAL).verdict
    assert level_of(whole) == "reproduced"
    shaky = account(file("a.csv", "unstable"), verdict=Judgement.IDENTICAL).verdict
    assert level_of(shaky) == "partly"
