"""The places to publish that this installation knows, and how a depositor is made for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recrate.flow.parts import depositor_kinds, depositor_of
from recrate.flow.settings import Settings
from recrate.model.deposit import About, Option, OptionKind, Place
from recrate.model.errors import BadInput, NotFound, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.publish.depositor import Depositor, Surroundings

BUILT_IN = (
    Place(name="site", kind="folder", title="A folder or web site of your own"),
    Place(
        name="zenodo",
        kind="inveniordm",
        title="Zenodo",
        answers={"url": "https://zenodo.org/"},
    ),
    Place(
        name="zenodo-sandbox",
        kind="inveniordm",
        title="Zenodo sandbox (for trying)",
        answers={"url": "https://sandbox.zenodo.org/"},
    ),
    Place(name="grdm", kind="grdm", title="GakuNin RDM"),
)
"""Places that need no configuration; a configured one of the same name wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedPlace:
    """A place as people choose it. `trouble`: why it cannot be used, empty where it can."""

    place: Place
    about: About | None
    has_token: bool
    trouble: str = ""

    @property
    def title(self) -> str:
        """What it is called in English."""
        return self.place.title or (self.about.title_en if self.about else self.place.name)


def places(settings: Settings) -> tuple[Place, ...]:
    """Return the configured places and those that need no configuration, each name once."""
    installed = depositor_kinds()
    built_in = [one for one in BUILT_IN if one.kind in installed and settings.publish.builtin]
    named = {one.name: one for one in (*built_in, *settings.publish.places)}
    return tuple(named.values())


def offered_places(settings: Settings) -> tuple[OfferedPlace, ...]:
    """Return every place with what it can do; one that cannot be used says why."""
    found = []
    for place in places(settings):
        about, trouble = None, ""
        try:
            about = depositor_of(place.kind).about
        except RecrateError as error:
            trouble = str(error)
        has_token = settings.publish.token(place.name) is not None
        found.append(OfferedPlace(place=place, about=about, has_token=has_token, trouble=trouble))
    return tuple(found)


def place_from(name: str, said: object) -> Place:
    """Return a place as it is configured; raises BadInput for what is none."""
    kind, title, answers = answers_from(said, where=f"c.Publish.places[{name!r}]")
    return Place(name=name, kind=kind, title=title, answers=answers)


def answers_from(said: object, *, where: str) -> tuple[str, str, dict[str, str]]:
    """Return kind, title and answers, as texts, of what somebody configured a plug-in with.

    Raises BadInput for what has no kind, or answers that are no texts, numbers, yes or no.
    """
    told = {str(key): value for key, value in said.items()} if isinstance(said, dict) else {}
    kind, title = told.pop("kind", None), told.pop("title", "")
    simple = all(isinstance(value, str | bool | int) for value in told.values())
    if not isinstance(kind, str) or not isinstance(title, str) or not simple:
        raise BadInput(
            "a place needs a `kind`, and texts as answers to its options",
            where=where,
            hint="docs/configuration.md has examples",
        )
    answers = {
        key: ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for key, value in told.items()
    }
    return kind, title, answers


def place_named(name: str, settings: Settings) -> Place:
    """Return a place by its name; raises NotFound with the names that there are."""
    known = places(settings)
    for place in known:
        if place.name == name:
            return place
    names = ", ".join(one.name for one in known)
    raise NotFound(
        f"no place called {name} to publish",
        hint=f"there are: {names}; others are configured with c.Publish.places",
    )


def answered(place: Place, about: About, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to a depositor's options: defaults, the place's, then the person's.

    Raises BadInput for an answer that no option asks for, one that is fixed by the place, a choice
    that is not offered, and a required one that is missing.
    """
    options = {one.name: one for one in about.options}
    for name in answers:
        option = options.get(name)
        if option is None:
            known = ", ".join(options) or "none"
            raise BadInput(f"no option called {name}", where=place.name, hint=f"there are: {known}")
        if option.fixed_by_place and answers[name] != place.answers.get(name):
            raise BadInput(
                f"{name} is fixed by the configuration of this place",
                where=place.name,
                hint="whoever runs this installation sets it in c.Publish.places",
            )
    found = {one.name: one.default for one in about.options} | dict(place.answers) | dict(answers)
    for option in options.values():
        _check(option, found.get(option.name, ""), place)
    return found


def answered_folders(
    name: str, answers: Mapping[str, str], settings: Settings, real: Callable[[str], Path]
) -> dict[str, Path]:
    """Return the real places of a person's answers that name folders, by the option's name.

    real: from the path that the person sees to the one on disk; raises where it leads out
    """
    about = depositor_of(place_named(name, settings).kind).about
    return {
        option.name: real(answers[option.name])
        for option in about.options
        if option.kind is OptionKind.FOLDER and answers.get(option.name)
    }


def _check(option: Option, value: str, place: Place) -> None:
    if option.required and not value.strip():
        raise BadInput(
            f"{option.label_en} is needed",
            where=f"{place.name}: {option.name}",
            hint=option.help_en or f"say it with `--set {option.name} …`",
        )
    allowed = ("yes", "no") if option.kind is OptionKind.YES_NO else option.choices
    if value and allowed and value not in allowed:
        raise BadInput(
            f"{value!r} is not among the choices",
            where=f"{place.name}: {option.name}",
            hint="one of " + ", ".join(allowed),
        )


def make_depositor(
    place: Place,
    answers: Mapping[str, str],
    settings: Settings,
    *,
    secret_needed: bool = True,
) -> Depositor:
    """Make the depositor of a place; raises BadInput where a token is needed and missing."""
    maker = depositor_of(place.kind)
    secret = settings.publish.token(place.name)
    lacking = missing_token(place, settings)
    if lacking and secret_needed:
        raise BadInput(lacking[0].message, where=place.name, hint=lacking[0].hint)
    told = Place(name=place.name, kind=place.kind, title=place.title, answers=dict(answers))
    surroundings = Surroundings(
        web=settings.web,
        secret=secret,
        today=settings.clock().date().isoformat(),
        agent=settings.agent,
    )
    return maker(told, surroundings)


def missing_token(place: Place, settings: Settings) -> tuple[Finding, ...]:
    """Return a finding where a place needs a token and none is known."""
    about = depositor_of(place.kind).about
    if not about.capabilities.needs_account or settings.publish.token(place.name) is not None:
        return ()
    variable = token_variable(place.name)
    return (
        find(
            Severity.ERROR,
            "no-token",
            "no token for this place",
            hint=f"set {variable}, or keep one with `recrate token {place.name}`",
        ),
    )


def token_variable(place: str) -> str:
    """Return the name of the environment variable that may hold a place's token."""
    letters = "".join(one if one.isalnum() and one.isascii() else "_" for one in place)
    return f"RECRATE_TOKEN_{letters.upper()}"
