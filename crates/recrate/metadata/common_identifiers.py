"""Identifiers of works and researchers: form and check digits, by idutils where it knows them."""

import re

_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_LONGEST = 2_000
"""Characters; what is longer is somebody's joke."""


def doi_of(written: str) -> str | None:
    """Return a DOI bare, `10.5072/abc`, from however people write it; None for what is none."""
    found = _DOI.fullmatch(written.strip()) if len(written) <= _LONGEST else None
    if found is None:
        return None
    import idutils  # noqa: PLC0415 - half a second that a study without identifiers need not wait

    return found[1] if idutils.is_doi(found[1]) else None


def issn_of(written: str) -> str | None:
    """Return an ISSN as `1234-5679` when form and check digit are right, else None."""
    bare = written.strip().upper().removeprefix("ISSN").strip(": ")
    if not re.fullmatch(r"\d{4}-?\d{3}[\dX]", bare, re.ASCII):
        return None
    import idutils  # noqa: PLC0415 - as above

    plain = bare.replace("-", "")
    return f"{plain[:4]}-{plain[4:]}" if idutils.is_issn(f"{plain[:4]}-{plain[4:]}") else None


def is_erad_number(written: str) -> bool:
    """Say whether a text has the form of a researcher's number in e-Rad: eight digits."""
    return re.fullmatch(r"\d{8}", written, re.ASCII) is not None


def erad_check_fits(number: str) -> bool:
    """Say whether the first digit of a researcher's number is the one that the others give.

    number: eight digits
    It is the last digit of the sum of the others, every second of them doubled.

    Source: https://doi.org/10.14864/fss.25.0.141.0; no office publishes the rule, so a number
    that does not fit is to be looked at again, and no more.
    """
    first, *others = (int(digit) for digit in number)
    return first == sum(digit * (1 + at % 2) for at, digit in enumerate(others)) % 10
