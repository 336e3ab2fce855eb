"""Personal data in outputs: mail addresses, phone numbers, and Japan's individual number.

Patterns are narrow on purpose: outputs are full of numbers, and a warning on each is no warning.
"""

import re
from collections.abc import Iterator

_MAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9][\w.+-]{0,63}@"
    r"(?P<host>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})(?![\w-])"
)
_NOBODY = re.compile(
    r"example\.|\.example$|^(test|localhost|domain|email|mail|company|foo|bar)\.|\.(local|lan|internal|invalid|test|png|jpe?g|svg"
    r"|gif|js|css|py|ipynb|whl|so)$|noreply\.",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"^(git|noreply|no-reply|user|username|name|your|someone|foo|bar|hg)@", re.IGNORECASE
)
_JAPANESE_PHONE = re.compile(
    r"(?<![\d.\-+/_\w])(?:\(0\d{1,4}\)\s?|0\d{1,4}[-‐−ー－])\d{1,4}[-‐−ー－]\d{4}(?![\d.\-_\w])"
)
_INTERNATIONAL_PHONE = re.compile(
    r"(?<![\d.\w+\-*/^)])\+[1-9]\d{0,2}[ -]?(?:\(0?\d{1,4}\)[ -]?|\d{1,4}[ -])"
    r"\d{2,4}(?:[ -]\d{2,4}){1,3}"
    r"(?![\d.\w])"
)
_AMERICAN_PHONE = re.compile(r"(?<![\d.\w-])\(\d{3}\) \d{3}-\d{4}(?![\d.\w-])")
_TWELVE = re.compile(
    r"(?<![\d.\w\-:/+,#])(\d{4})([ -]?)(\d{4})\2(\d{4})(?![\d\w]|[.,:/\-+]\d|[ -]\d{4}(?!\d))"
)
_TIMESTAMP = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}")
_CONTEXT = re.compile(r"マイナンバー|個人番号|my[ _]?number|individual[ _]number", re.IGNORECASE)
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def personal_data(text: str) -> Iterator[tuple[str, str]]:
    """Yield each kind found in `text` with a phrase such as `2 mail addresses (t…@… )`."""
    if "@" in text:
        mails = sorted({match.group() for match in _MAIL.finditer(text) if _is_person(match)})
        if mails:
            yield "mail address", _counted(mails, "mail address", "mail addresses")
    phones = sorted({match.group() for match in _phones(text)})
    if phones:
        yield "phone number", _counted(phones, "phone number", "phone numbers")
    numbers = sorted(_my_numbers(text))
    if numbers:
        yield "My Number", _counted(numbers, "My Number", "My Numbers")


def is_my_number(digits: str) -> bool:
    """Say whether 12 digits end in the check digit of an individual number.

    Source: Order of the Ministry of Internal Affairs and Communications No. 85 of 2014, article 5.
    """
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def _my_numbers(text: str) -> set[str]:
    """Return the individual numbers in `text`.

    One number in ten passes the check digit by chance. Without a word that says what they are,
    numbers count only if no other of 12 digits stands beside them that fails it, and none of them
    is a time or the same digit again and again.
    """
    found = {match[1] + match[3] + match[4] for match in _TWELVE.finditer(text)}
    valid = {digits for digits in found if is_my_number(digits) and len(set(digits)) > 2}
    if _CONTEXT.search(text):
        return valid
    plain = {digits for digits in found if not _TIMESTAMP.fullmatch(digits)}
    return valid if valid and plain == valid == found else set()


def _is_person(match: re.Match[str]) -> bool:
    return not (_NOBODY.search(match["host"]) or _NO_PERSON.match(match.group()))


def _phones(text: str) -> Iterator[re.Match[str]]:
    if "-" in text or "‐" in text or "－" in text or "ー" in text or "−" in text:
        for match in _JAPANESE_PHONE.finditer(text):
            if len(re.sub(r"\D", "", match.group())) in {10, 11}:
                yield match
    if "+" in text:
        for match in _INTERNATIONAL_PHONE.finditer(text):
            if 9 <= len(re.sub(r"\D", "", match.group())) <= 15:
                yield match
    if "(" in text:
        yield from _AMERICAN_PHONE.finditer(text)


def _counted(found: list[str], one: str, many: str) -> str:
    first = found[0]
    shown = f"{first[0]}…{first[-2:]}"
    return f"{len(found)} {one if len(found) == 1 else many} ({shown})"
