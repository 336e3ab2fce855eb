"""`recrate pack --blind`: nothing in the crate tells who made the study; later it is proved."""

import base64
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest
from PIL import Image

from blind_studies import ALL, commit, contents, left, named_study, png, still_there
from recrate.configuration import read_settings
from recrate.crate.addressing import Address, write_addressed
from recrate.crate.read import read_crate
from recrate.flow.credits import creators_of, is_blind
from recrate.flow.publishing import PublishOrder, preflight
from recrate.flow.sealing import prove, sealed_path
from recrate.model.errors import BadInput, Refused
from recrate.model.finding import Severity

SALT = "0123456789abcdef" * 4

ROOT = Path(__file__).parents[3]


@pytest.fixture
def study(tmp_path):
    return named_study(tmp_path)


def test_no_form_of_any_name_is_left_in_any_byte_of_the_crate(study):
    commit(study)
    packed = study.pack()
    assert left(packed) == []
    assert still_there(Path(packed.crate.location)) == []
    assert not [name for name in contents(Path(packed.crate.location)) if ".git" in name]


def test_the_title_licence_and_data_stay_and_the_crate_says_that_it_is_blind(study):
    commit(study)
    packed = study.pack()
    crate = read_crate(Path(packed.crate.location))
    assert is_blind(crate)
    assert "no-author" not in {one.code for one in packed.findings}
    assert crate.name == "Tides of a sea"
    assert creators_of(crate.metadata) == ()
    held = contents(Path(packed.crate.location))
    assert held["data/in.csv"] == b"a,b\n1,2\n"
    assert held["LICENSE"].endswith(b"Copyright (c) 2024 [hidden]\n")
    assert {"CITATION.cff", "AUTHORS", "codemeta.json", ".zenodo.json"}.isdisjoint(held)
    assert not [name for name in held if name.startswith("ro-crate") and b"Person" in held[name]]


def test_a_notebook_stays_a_notebook_with_its_code_and_its_outputs_in_place(study):
    commit(study)
    packed = study.pack()
    document = json.loads(contents(Path(packed.crate.location))["one.ipynb"])
    code = document["cells"][1]
    assert code["source"] == "print(1)"
    assert code["outputs"][1]["ename"] == "ValueError"
    assert len(code["outputs"][1]["traceback"]) == 1 + len(ALL)
    assert "/home/hidden/tides.py" in code["outputs"][1]["traceback"][0]
    assert document["metadata"]["kernelspec"]["name"] == "python3"


def test_code_is_never_changed_and_each_place_is_an_error_with_its_cell_and_line(study):
    commit(study)
    for number, text in enumerate(ALL):
        study.notebook(f"n{number:02}.ipynb", f"x = 1\ny = {text!r}")
    packed = study.pack()
    held = contents(Path(packed.crate.location))
    places = {(one.path, one.cell, one.line): one.severity for one in left(packed)}
    for number, text in enumerate(ALL):
        path = f"n{number:02}.ipynb"
        assert json.loads(held[path])["cells"][1]["source"] == f"x = 1\ny = {text!r}"
        assert places[path, 1, 2] is Severity.ERROR, text


def test_data_are_never_changed_and_what_they_name_is_found_in_any_encoding(study):
    written = {}
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"):
        for text in ("山田 花子", "Hanako Yamada"):
            path = f"data/{encoding}-{len(text)}.dat"
            written[path] = b"\x00\x01" + f"x;{text};1".encode(encoding)
    for number, text in enumerate(
        (json.dumps({"a": "山田花子"}), quote("山田花子"), "&#23665;&#30000;花子")
    ):
        written[f"data/escaped-{number}.txt"] = text.encode()
    for path, content in written.items():
        study.put(path, content)
    packed = study.pack()
    held = contents(Path(packed.crate.location))
    assert {path: held[path] for path in written} == written
    assert {one.path for one in left(packed)} == set(written)


def test_the_name_of_a_file_is_found_and_not_changed(study):
    study.put("data/hanako_yamada.csv", "a\n")
    packed = study.pack()
    assert "data/hanako_yamada.csv" in contents(Path(packed.crate.location))
    assert [one.path for one in left(packed) if "its name" in one.message]


def test_what_is_waived_by_name_is_a_note(study):
    study.put("data/hanako_yamada.csv", "a\n")
    (one, *_) = left(study.pack("blind-name-left"))
    assert one.severity is Severity.NOTE


def test_who_made_a_picture_a_pdf_or_an_office_document_is_found(study):
    study.put("a.png", png(Author="Somebody Else"))
    exif = Image.Exif()
    exif[0x013B] = "Somebody Else"
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=exif)
    study.put("b.jpg", out.getvalue())
    study.put("c.pdf", b"%PDF-1.4\n1 0 obj<</Author <FEFF5C7175300020>>>endobj\n%%EOF")
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as archive:
        core = "<cp:coreProperties><dc:creator>Somebody</dc:creator></cp:coreProperties>"
        archive.writestr("docProps/core.xml", core)
        archive.writestr("xl/sheet.xml", "<c>Hanako Yamada</c>")
    study.put("d.xlsx", office.getvalue())
    study.put("e.png", png(Software="Matplotlib"))
    packed = study.pack()
    assert {one.path for one in left(packed, "blind-metadata")} == {
        "a.png", "b.jpg", "c.pdf", "d.xlsx",
    }  # fmt: skip
    assert {one.path for one in left(packed)} == {"d.xlsx"}
    assert {one.path for one in left(packed, "blind-not-searched")} == {"c.pdf"}


def test_a_picture_in_an_output_is_looked_at_too(study):
    study.notebook("one.ipynb")
    document = json.loads((study.root / "one.ipynb").read_text())
    picture = base64.b64encode(png(Comment="by Hanako Yamada")).decode()
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}
    document["cells"][1]["outputs"].append(output)
    study.put("one.ipynb", json.dumps(document))
    assert [one.cell for one in left(study.pack())] == [1]


def test_names_that_only_look_alike_are_left_alone(study):
    study.put("README.md", "Yamadahana Yanhanako; Thanakos Yamadas; charm yamada.\nΔH yamadaX\n")
    packed = study.pack()
    text = contents(Path(packed.crate.location))["README.md"].decode()
    assert text == "Yamadahana Yanhanako; Thanakos Yamadas; charm yamada.\nΔH yamadaX\n"
    assert left(packed) == []


def test_a_family_name_that_stands_alone_is_warned_of(study):
    study.put("README.md", "As Yamada said.\n")
    (one,) = [one for one in left(study.pack(), "blind-family-name") if one.path == "README.md"]
    assert one.severity is Severity.WARNING


def test_the_sealed_crate_is_the_full_one_and_proves_what_the_blind_one_was_made_of(study):
    packed = study.pack()
    sealed, blind = packed.sealed, Path(packed.crate.location)
    assert sealed is not None
    assert sealed == sealed_path(blind)
    assert "Hanako Yamada" in creators_of(read_crate(sealed).metadata)
    (proof,) = prove(sealed, blind)
    assert proof.code == "blind-proved"
    assert "one.ipynb" in proof.message
    assert SALT.encode() not in blind.read_bytes() + b"".join(contents(blind).values())


def test_a_doi_written_into_the_sealed_crate_leaves_the_proof(study, tmp_path):
    packed = study.pack()
    published = tmp_path / "published.crate.zip"
    write_addressed(packed.sealed, published, Address(doi="10.5072/x", url="https://example.org/x"))
    codes = [one.code for one in prove(published, Path(packed.crate.location))]
    assert codes == ["blind-proved", "blind-described-since"]


def test_another_crate_proves_nothing(study, tmp_path):
    blind = Path(study.pack().crate.location)
    kept = tmp_path / "first.crate.zip"
    kept.write_bytes(blind.read_bytes())
    study.put("data/in.csv", "a,b\n9,9\n")
    other = study.pack()
    assert [one.code for one in prove(other.sealed, kept)] == ["blind-not-of"]
    assert [one.code for one in prove(kept, other.sealed)] == ["blind-not-blind"]
    assert [one.code for one in prove(kept, Path(other.crate.location))] == ["blind-not-sealed"]


def test_a_sealed_crate_is_never_packed_into_a_blind_one(study):
    first = study.pack()
    study.put("old.sealed.crate.zip", first.sealed.read_bytes())
    packed = study.pack()
    assert "old.sealed.crate.zip" not in contents(Path(packed.crate.location))
    assert left(packed) == []
    with pytest.raises(BadInput, match="inside the study"):
        study.pack(into=study.root)


def test_a_blind_crate_may_be_a_folder_and_tells_the_same(study, tmp_path):
    packed = study.pack(name="tides")
    folder = Path(packed.crate.location)
    assert folder.is_dir()
    assert packed.sealed == tmp_path / "tides.sealed"
    assert left(packed) == []
    assert [one.code for one in prove(packed.sealed, folder)] == ["blind-proved"]


def test_a_secret_still_refuses_and_then_there_is_neither_crate(study):
    study.notebook("one.ipynb", 'key = "AKIA' + "IOSFODNN7EXAMPLQ" + '"')
    with pytest.raises(Refused):
        study.pack()
    assert not list(study.root.parent.glob("*.zip"))


def test_a_blind_crate_is_not_published_but_may_be_kept_as_a_draft(study, tmp_path):
    blind = Path(study.pack().crate.location)
    settings = read_settings()
    publish = replace(settings.publish, ledger=tmp_path / "ledger", places=())
    settings = replace(settings, publish=publish)
    order = PublishOrder(
        location=blind, place="site", mark="m1", answers={"folder": str(tmp_path / "site")}
    )
    codes = {one.code for one in preflight(order, settings=settings).refused}
    assert "blind-published" in codes
    drafted = preflight(replace(order, draft=True), settings=settings).refused
    assert "blind-published" not in {one.code for one in drafted}


def test_the_same_study_and_salt_give_the_same_blind_crate(study):
    first = study.pack().crate.identity
    assert study.pack().crate.identity == first
    assert re.fullmatch(r"[0-9a-f]{64}", first)


def test_the_command_line_seals_tells_where_and_proves_it(study, recrate):
    blind = study.root.parent / "tides.crate.zip"
    study.put("data/hanako_yamada.csv", "a\n")
    packed = recrate("pack", study.root, "--no-lock", "--blind", "--json", "-o", blind)
    assert packed.code == 1, packed.error
    schema = json.loads((ROOT / "docs/schemas/pack.json").read_text("utf-8"))
    jsonschema.validate(packed.document, schema)
    sealed = Path(packed.document["sealed"])
    assert sealed == study.root.parent / "tides.sealed.crate.zip"
    checked = recrate("check", sealed, "--blind-of", blind, "--json")
    assert checked.code == 0, checked.error
    assert "blind-proved" in {one["code"] for one in checked.document["findings"]}
    wrong = recrate("check", blind, "--no-profile", "--blind-of", sealed, "--json")
    assert wrong.code == 1
    assert wrong.document["valid"] is False


def test_every_finding_of_blind_review_is_explained():
    page = (ROOT / "docs" / "findings.md").read_text("utf-8")
    rooms = ("flow/*blind*.py", "flow/sealing.py", "crate/hidden*.py")
    sources = [one for room in rooms for one in (ROOT / "crates/recrate").glob(room)]
    codes = {code for one in sources for code in re.findall(r'"(blind-[a-z-]+)"', one.read_text())}
    assert len(codes) > 8
    assert {one for one in codes if f"`{one}`" not in page} == set()


def test_the_studys_own_repository_page_and_doi_are_hidden_without_a_git_remote(study):
    own = ("github.com/tide-lab/shiomi", "tide-lab.github.io", "10.5281/zenodo.4711")
    study.put(
        "CITATION.cff",
        "cff-version: 1.2.0\ntitle: Tides\nauthors:\n  - family-names: Yamada\n"
        f"    given-names: Hanako\nrepository-code: https://{own[0]}\ndoi: {own[2]}\n"
        "url: https://tide-lab.example.ac.jp/shiomi/\n",
    )
    other = "https://github.com/numpy/numpy"
    study.put(
        "README.md",
        f"See https://{own[0]}/issues, https://{own[1]}/x, doi:{own[2]};\n"
        f"https://tide-lab.example.ac.jp/shiomi/data.html uses {other}",
    )
    packed = study.pack()
    assert left(packed) == []
    held = contents(Path(packed.crate.location))
    for name, content in held.items():
        for one in (*own, "tide-lab"):
            assert one.encode() not in content, (name, one)
    assert other.encode() in held["README.md"]


@pytest.mark.parametrize(
    "text",
    ["We thank Prof. Tanaka.", "## Acknowledgements", "JSPS KAKENHI 21K12345", "## 謝辞",
     "科研費の助成を受けた", "supported by JP24H00123", "JST CREST JPMJCR1234"],
)  # fmt: skip
def test_thanks_and_grants_that_nobody_named_before_are_warned_of(study, text):
    study.put("notes.md", f"# Notes\n\n{text}\n")
    packed = study.pack()
    assert {"notes.md"} <= {one.path for one in left(packed, "blind-thanks")}


def test_numbers_and_words_of_every_day_are_no_thanks(study):
    study.put(
        "notes.md", "# Notes\nRun 21 of 12345; 3H2O; grant access; thanks to FFT it is fast.\n"
    )
    packed = study.pack()
    assert "notes.md" not in {one.path for one in left(packed, "blind-thanks")}
