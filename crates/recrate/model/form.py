"""The form in which a person describes a study: what is known, from where, and what is wrong."""

from dataclasses import dataclass

from recrate.model.finding import Severity
from recrate.model.study import Description


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldComplaint:
    """What is wrong with one field.

    field: names and positions from 0, joined by dots: `creators.0.identifier`, `access.available`;
           empty for what concerns none, such as a metadata file that cannot be read
    code:  stable and kebab-case, as a finding's
    """

    field: str
    code: str
    severity: Severity
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A value that the person may take; it is never filled in unasked.

    field:  which field of the description: `creators`, `funding`, …
    source: where it is from: `git`, `last study`, or the file name of an earlier crate
    offered: a description in which nothing but that field has been set
    """

    field: str
    source: str
    offered: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionForm:
    """The form as it stands. `sources`: the file that each filled field came from."""

    description: Description
    sources: dict[str, str]
    suggestions: tuple[Suggestion, ...] = ()
    complaints: tuple[FieldComplaint, ...] = ()
