"""Secrets and personal data: found where they are, masked, and not seen where there are none."""

import pytest

from making import notebook_of, stream
from recrate.scan.inventory import take_inventory

KEY = "AKIA" + "QWERTYUIOPASDFGH"


@pytest.mark.parametrize(
    "text",
    [
        f"key = '{KEY}'",
        "password = 'hunter2-Very'",
        "api_key='a1b2c3d4e5f6g7h8'",
        "token = 'ghp_" + "a1B2" * 9 + "'",
        "url = 'postgresql://me:s3cr3tW0rd@db.example.net/x'",
        "-----BEGIN RSA PRIVATE KEY-----",
        "access_token = 'abcdef0123456789abcdef0123'",
        "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6q",
        "conf = {'secret_key': 'Zm9vYmFy99'}",
    ],
    ids=lambda text: text[:20],
)
def test_secrets_are_found_in_cells_and_outputs_and_never_shown(write, text):
    outputs = {1: [stream("x\n" + text + "\n")]}
    is_code = "BEGIN" not in text and "AIza" not in text
    source = f"1\n{text}" if is_code else f"'''\n{text}\n'''"
    root = write({"a.ipynb": notebook_of(source, "print()", outputs=outputs)})
    found = [one for one in take_inventory(root).findings if one.code == "secret"]
    assert [(one.cell, one.line) for one in found] == [(0, 2), (1, None)]
    for one in found:
        for word in text.replace("'", " ").split():
            assert len(word) < 12 or word not in one.message


@pytest.mark.parametrize(
    "text",
    [
        "password = os.environ['PASSWORD']",
        "password = getpass.getpass()",
        "password = 'your-password-here'",
        "api_key = '<API KEY>'",
        "tokenizer = 'bert-base-uncased'",
        "sha256:" + "0123456789abcdef" * 4,
        "key = 'column_name'",
        "df.sort_values(key='group')",
        "secret = None",
        "password: ********",
        "# the secret of success = 'hard work every day'",
        "iVBORw0KGgoAAAANSUhEUgAA" * 50,
        "https://example.org/a:b@c",
        "token_pattern = r'(?u)\\b\\w+\\b'",
        "http://user:password@example.com/",
    ],
    ids=lambda text: text[:20],
)
def test_what_only_looks_like_a_secret_is_no_finding(write, text):
    root = write({"a.ipynb": notebook_of("print()", outputs={0: [stream(text)]})})
    assert take_inventory(root).findings == ()


def test_secrets_in_scripts_and_settings_are_found_and_can_be_left_unsought(scan, write):
    files = {"a.ipynb": ["1"], ".env": "X=1\nDB_PASSWORD=s3cr3tW0rd\n", "m.py": f"k = '{KEY}'"}
    found = [(one.code, one.path, one.line) for one in scan(files).findings]
    assert found == [("secret", ".env", 2), ("secret", "m.py", 1)]
    assert scan(files, look_for_secrets=False).findings == ()


def test_pictures_are_not_searched(write):
    picture = {"output_type": "display_data", "data": {"image/png": KEY}, "metadata": {}}
    page = {
        "output_type": "display_data",
        "data": {"text/html": f'<img src="data:image/png;base64,{KEY}"><script>{KEY}</script>'},
        "metadata": {},
    }
    root = write({"a.ipynb": notebook_of("1", outputs={0: [picture, page]})})
    assert take_inventory(root).findings == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("contact taro.yamada@u-tokyo.ac.jp", "mail address"),
        ("a@uni.example.edu b@lab.org", "mail address"),
        ("電話 03-1234-5678", "phone"),
        ("090-1234-5678", "phone"),
        ("+81-90-1234-5678", "phone"),
        ("+44 20 7946 0958", "phone"),
        ("(555) 123-4567", "phone"),
        ("マイナンバー: 123456789018", "My Number"),
        ("1234 5678 9018", "My Number"),
    ],
)
def test_personal_data_in_outputs_is_found_and_masked(write, text, what):
    root = write({"a.ipynb": notebook_of("print()", outputs={0: [stream(text)]})})
    found = take_inventory(root).findings
    assert [(one.code, one.cell) for one in found] == [("personal-data", 0)]
    assert what in found[0].message
    assert text.split()[-1] not in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        "someone@example.com git@github.com:a/b.git me@localhost",
        "2023-01-15 12:30:45 2023-11-21",
        "202311211234",
        "マイナンバー: 123456789012",
        "123456789018 123456789019 123456789020",
        "1234-5678-9018-3456",
        "0.123456789018 1234567890181 1e-123456789018",
        "[1.0e+10 -2.0 +3.5]  10-20-3000 0-0-0000 +1 -2 +3",
        "id 140234567890123 uuid 12345678-1234-5678-1234-567812345678",
        "icon@2x.png a@b decorator @property",
        "978-3-16-148410-0 ISBN 0-306-40615-2",
        "111111111118",
    ],
)
def test_numbers_and_addresses_of_nobody_are_no_personal_data(write, text):
    root = write({"a.ipynb": notebook_of("print()", outputs={0: [stream(text)]})})
    assert [one for one in take_inventory(root).findings if one.code == "personal-data"] == []
