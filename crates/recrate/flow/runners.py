"""The places that run which this installation knows, and how a runner is made for one."""

import sys
from dataclasses import dataclass

from recrate.flow.parts import runner_kinds, runner_of
from recrate.flow.places import answers_from
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput, NotFound, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.model.runner import AboutRunner, Site
from recrate.runners.runner import Depot, Runner

LOCAL = Site(name="local", kind="local", title="This machine")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRunner:
    """A place that runs, as people choose it. `trouble`: why it cannot be used; else empty."""

    site: Site
    about: AboutRunner | None
    trouble: str = ""


def site_from(name: str, said: object) -> Site:
    """Return a site as it is configured; raises BadInput for what is none."""
    kind, title, answers = answers_from(said, where=f"c.Runners.sites[{name!r}]")
    return Site(name=name, kind=kind, title=title, answers=answers)


def sites(settings: Settings) -> tuple[Site, ...]:
    """Return the places that run: this machine, and those that were configured."""
    return tuple({one.name: one for one in (LOCAL, *settings.sites)}.values())


def offered_runners(settings: Settings) -> tuple[OfferedRunner, ...]:
    """Return every place that runs with what it can do; one that cannot be used says why."""
    return tuple(_offered(site) for site in sites(settings))


def _offered(site: Site) -> OfferedRunner:
    try:
        return OfferedRunner(site=site, about=runner_of(site.kind).about)
    except RecrateError as error:
        return OfferedRunner(site=site, about=None, trouble=str(error))


def site_named(name: str, settings: Settings) -> Site:
    """Return a site by its name, or a kind that needs no answers; NotFound says what there is."""
    known = {one.name: one for one in sites(settings)}
    if name in known:
        return known[name]
    if name in runner_kinds():
        return Site(name=name, kind=name)
    raise NotFound(
        f"no runner called {name!r}",
        hint=f"there are: {', '.join(known)}; c.Runners.sites names others",
    )


def make_runner(site: Site, settings: Settings) -> Runner:
    """Make the runner of a site.

    Raises BadInput for a kind or an option that there is not, and what the runner raises.
    """
    maker = runner_of(site.kind)
    options = {one.name: one for one in maker.about.options}
    for name, value in site.answers.items():
        option = options.get(name)
        if option is None:
            raise BadInput(
                f"{site.kind} has no option {name!r}",
                where=f"c.Runners.sites[{site.name!r}]",
                hint=f"its options: {', '.join(options) or 'none'}",
            )
        if option.choices and value not in option.choices:
            raise BadInput(
                f"{value!r} is no choice for {name}",
                where=f"c.Runners.sites[{site.name!r}]",
                hint=f"choose one of: {', '.join(option.choices)}",
            )
    depot = Depot(
        cache=settings.cache,
        data=settings.data,
        agent=settings.agent,
        python=sys.executable,
        variables=settings.environment.variables,
    )
    return maker(site.answers, depot)


def check_site(site: Site, settings: Settings) -> tuple[Finding, ...]:
    """Try a site, and say what is wrong in words; what it raises is a finding, too."""
    try:
        return tuple(make_runner(site, settings).check())
    except RecrateError as error:
        return (find(Severity.ERROR, "runner-fails", str(error), hint=error.hint),)
