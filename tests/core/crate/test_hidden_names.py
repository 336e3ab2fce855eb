"""Forms of names: all that are meant are found, what is told without them holds none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recrate.crate.hidden_files import blinded, part_of
from recrate.crate.hidden_metadata import makers_in
from recrate.crate.hidden_names import USER, Named, forms_of, split_name, users_in

LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwyzéöñāł", min_size=3, max_size=10).filter(
    lambda one: one not in {"hidden", "home", "users"}
)
KANJI = st.text(alphabet="山田花子佐藤鈴木太郎渡邊齋髙ヶ々", min_size=1, max_size=3)
AROUND = st.text(alphabet=" .,;:!?()[]\n\t-–/\"'", max_size=8)


def of(*people: tuple[str, str], **phrases: str):
    return forms_of(Named(people=people, phrases=tuple(phrases.items())))


@settings(max_examples=30)
@given(LATIN, LATIN, AROUND, AROUND, st.sampled_from(["", "upper", "title"]))
def test_a_latin_name_is_found_in_every_order_and_case_and_told_without(
    family, first, before, after, case
):
    forms = of((family, first))
    change = (lambda text: getattr(text, case)()) if case else (lambda text: text)
    initial = first[0].upper()
    for written in (
        f"{first} {family}", f"{family} {first}", f"{family}, {first}", f"{first}.{family}",
        f"{first}_{family}", f"{first}{family}", f"{first}\n{family}",
    ):  # fmt: skip
        text = before + change(written) + after
        assert list(forms.hits(text))
        assert not list(forms.hits(forms.replaced(text)))
    for written in (f"{initial}. {change(family)}", f"{change(family)}, {initial}."):
        assert list(forms.hits(before + written + after))
        assert not list(forms.hits(forms.replaced(before + written + after)))


@settings(max_examples=40)
@given(KANJI, KANJI, st.text(max_size=5), st.sampled_from(["", " ", "\u3000", "・", "\n"]))
def test_a_japanese_name_is_found_wherever_it_stands(family, first, around, between):
    forms = of((family, first))
    text = f"{around}{family}{between}{first}{around}"
    assert list(forms.hits(text))
    assert family + between + first not in forms.replaced(text)


@settings(max_examples=40)
@given(LATIN, LATIN, st.text(max_size=60))
def test_what_is_told_without_names_never_gains_any_and_stays_so(family, first, text):
    forms = of((family, first))
    told = forms.replaced(text)
    assert forms.replaced(told) == told


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("山田 花子", ("山田", "花子")),
        ("山田\u3000花子", ("山田", "花子")),
        ("山田花子", ("山田花子", "")),
        ("Hanako Yamada", ("Yamada", "Hanako")),
        ("Yamada, Hanako", ("Yamada", "Hanako")),
        ("Jean Paul van Dyk", ("Dyk", "Jean Paul van")),
    ],
)
def test_a_name_is_taken_apart_as_it_is_written(name, expected):
    assert split_name(name) == expected


@pytest.mark.parametrize(
    "text", ["/home/jovyan/x", "https://a.org/home/about", "C:\\Users\\Public\\x", "/home/", "~/x",
             "my/home/stuff", "/home/hidden/x", "/api/users/list", "https://a.org/x/home/y"],
)  # fmt: skip
def test_folders_that_name_nobody_are_left(text):
    assert not list(of().hits(text))
    assert of().replaced(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/home/taro/x.py", "/home/hidden/x.py"),
        ("file:///home/taro/x", "file:///home/hidden/x"),
        ("'C:\\\\Users\\\\Taro Y\\\\x'", "'C:\\\\Users\\\\hidden Y\\\\x'"),
        ("D:/Users/taro/x", "D:/Users/hidden/x"),
        ("/export/home/taro:/home2/jiro", "/export/home/hidden:/home2/hidden"),
        ("/mnt/c/Users/taro/x /lustre/home/taro", "/mnt/c/Users/hidden/x /lustre/home/hidden"),
        (r"\\server\Users\taro\x", r"\\server\Users\hidden\x"),
    ],
)
def test_the_folder_of_a_user_keeps_its_path_without_the_user(text, told):
    assert of().replaced(text) == told


@pytest.mark.parametrize(
    "text",
    ["Dr. Yamada", "prof Yamada", "Yamada-san", "Yamada Lab", "Yamada's group", "山田先生",
     "山田研究室", "Hanako M. Yamada", "Mary Yamada", "H. M. Yamada", "H.M.Yamada", "Yamada HM"],
)  # fmt: skip
def test_a_person_is_found_by_title_laboratory_and_every_given_name(text):
    forms = of(("Yamada", "Hanako Mary"), ("山田", "花子"))
    assert list(forms.hits(f"by {text}, 2024"))
    assert not list(forms.hits(forms.replaced(f"by {text}, 2024")))


def test_users_are_known_by_their_folders_where_their_names_tell_somebody():
    text = "/home/hyamada/x /home/data/y C:\\Users\\Public\\z /home/jovyan/ /home/li/"
    assert users_in(text) == {"hyamada"}


def test_a_user_with_a_name_and_a_space_leaves_no_family_name_behind():
    named = Named(people=(("Yamada", "Hanako"),), phrases=((USER, "Hanako"), ("mail", "a@b.jp")))
    told = forms_of(named).replaced("C:\\Users\\Hanako Yamada\\x Hanako@lab.jp ~Hanako/x a@b.jp")
    assert told == "C:\\Users\\[hidden]\\x [hidden] ~[hidden]/x [hidden]"


def test_a_short_affiliation_is_not_found_in_words():
    forms = of(affiliation="MIT")
    assert list(forms.hits("at MIT."))
    assert not list(forms.hits("mit dem Kommitee, MITHRIL"))


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"cells": 3}', b"\xff\xfe\x00", b"null"])
def test_what_is_no_notebook_stays_as_it_is(content):
    assert blinded("a.ipynb", content, of(("Yamada", "Hanako"))) == content


def test_a_notebook_without_names_stays_the_same_to_the_byte():
    content = b'{"cells": [],  "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    assert blinded("a.ipynb", content, of(("Yamada", "Hanako"))) == content


@pytest.mark.parametrize(
    ("path", "part"),
    [("CITATION.cff", "people"), ("docs/AUTHORS.md", "people"), (".git/config", "people"),
     ("a/README.txt", "prose"), ("LICENSE-MIT", "prose"), ("notes.md", "prose"),
     ("one.ipynb", "notebook"), ("run.py", "other"), ("authors.py", "other"),
     ("data/readme.csv.gz", "prose"), ("requirements.txt", "other"), ("in.txt", "other")],
)  # fmt: skip
def test_what_a_file_is_to_a_blind_crate_is_told_by_its_name(path, part):
    assert part_of(path) == part


@given(
    st.binary(max_size=200), st.sampled_from([b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
)
def test_a_damaged_picture_or_pdf_is_no_trouble(content, start):
    assert list(makers_in(start + content)) is not None
