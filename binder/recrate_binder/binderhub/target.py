"""Target `binder`: a link that opens a published crate on a BinderHub."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recrate.launch.target import Cargo, Running, Workshop
from recrate.locate.find import find_crate
from recrate.locate.settings import LocateSettings
from recrate.locate.whereabouts import Whereabouts
from recrate.model.deposit import Option, OptionKind
from recrate.model.errors import BadInput, NotFound, OutsideFailed, Refused
from recrate.model.finding import Finding, Severity, find
from recrate.model.launch import AboutTarget, Launched, LaunchOrder, TargetCapabilities
from recrate.model.progress import Progress, silent
from recrate.outside.disk import write_text
from recrate.outside.web import WebSettings
from recrate_binder.binderhub.badge import badge_markdown, badge_svg
from recrate_binder.binderhub.checks import (
    check_build,
    check_hub,
    check_other,
    check_record,
    check_size,
)
from recrate_binder.binderhub.choosing import Choice, choose_spec, stock_spec
from recrate_binder.binderhub.forms import (
    AUTO,
    FORMS,
    Spec,
    default_hub,
    hub_address,
    launch_url,
)
from recrate_binder.binderhub.hubs import AboutHub, ask_hub

OF_THE_PUBLIC = frozenset({"binder-restricted", "binder-record"})
"""What is no trouble where the hub logs in as the person who follows the link."""
OPTIONS = (
    Option(
        name="hub",
        label_en="BinderHub",
        label_ja="BinderHub",
        help_en="Its address; mybinder.org, and NII's for what lies in GakuNin RDM, without one.",
        help_ja="アドレス。省略時は mybinder.org（GakuNin RDM のものは NII の Binder）です。",
    ),
    Option(
        name="form",
        label_en="Form of the link",
        label_ja="リンクの形式",
        kind=OptionKind.CHOICE,
        choices=FORMS,
        default=AUTO,
        help_en="How the hub is told where the crate is; `crate` where it has recrate's provider.",
        help_ja="場所の伝え方です。recrate のプロバイダーがあるハブでは crate を選びます。",
    ),
    Option(
        name="ref",
        label_en="Commit, tag or branch",
        label_ja="コミット・タグ・ブランチ",
        default="HEAD",
        help_en="Of a git repository, where the crate's metadata name one.",
        help_ja="メタデータに git リポジトリがある場合に使います。",
    ),
    Option(
        name="badge",
        label_en="Write a badge to",
        label_ja="バッジの書き出し先",
        help_en="A file that ends in .svg; the Markdown for a README is told beside the link.",
        help_ja=".svg で終わるファイル名。README 用の Markdown はリンクとともに表示されます。",
    ),
)


@dataclass
class Binder:
    """Makes links; what is built and run there is the hub's.

    locate: how records are asked; ask: how hubs are
    """

    answers: Mapping[str, str]
    workshop: Workshop
    locate: LocateSettings | None = None
    ask: Callable[[str, WebSettings], AboutHub] = ask_hub
    _asked: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    about = AboutTarget(
        kind="binder",
        title_en="A BinderHub",
        title_ja="BinderHub",
        capabilities=TargetCapabilities(
            starts=False, walls="theirs", needs_address=True, wants="address"
        ),
        options=OPTIONS,
    )

    def __post_init__(self) -> None:
        """Raise BadInput for an answer that is none."""
        known = {one.name for one in OPTIONS}
        unknown = sorted(set(self.answers) - known)
        if unknown:
            raise BadInput(
                f"no option {unknown[0]!r}", where="binder", hint="there are: " + ", ".join(known)
            )
        if self._form not in FORMS:
            raise BadInput(
                f"no form {self._form!r}", where="binder", hint="there are: " + ", ".join(FORMS)
            )
        if (badge := self.answers.get("badge", "")) and not badge.endswith(".svg"):
            raise BadInput(
                "a badge is a file that ends in .svg",
                where=badge[:200],
                hint="--set badge=binder.svg",
            )
        if hub := self.answers.get("hub", "").strip():
            hub_address(hub)

    @property
    def _form(self) -> str:
        return self.answers.get("form", "").strip() or AUTO

    def check(self, cargo: Cargo, order: LaunchOrder) -> tuple[Finding, ...]:
        """Say whether the crate will build on the hub, and run as it was recorded."""
        if cargo.address is None:
            return (
                find(
                    Severity.ERROR,
                    "binder-no-address",
                    "a hub can open only what is published, and this crate has no address",
                    hint="publish it, or launch it here",
                ),
            )
        found, told = self._record(cargo.address)
        spec, hub = self._plan(cargo, found)
        if spec is None:
            return (*told, _no_form(cargo.address, self._form))
        about = self._about(hub)
        told += tuple(check_hub(spec, hub, about))
        if found is not None:
            told += tuple(check_record(spec, found, cargo.crate))
        if spec.form == "grdm":
            told = tuple(one for one in told if one.code not in OF_THE_PUBLIC)
        elif spec.form not in {"crate", "weko3"}:
            told += tuple(check_size(cargo, hub))
            told += tuple(check_build(cargo.crate, hub, about))
        return (*told, *check_other(spec, order, hub))

    def launch(self, cargo: Cargo, order: LaunchOrder, progress: Progress) -> Running:
        """Return the link, with a badge where one was asked for, and what was warned of."""
        began = time.monotonic()
        progress("start", 0, 1, "Binder")
        assert cargo.address is not None, "check refuses what has no address"
        spec, hub = self._plan(cargo, self._record(cargo.address)[0])
        assert spec is not None, "check refuses what has no form"
        notebook = order.notebook or next(iter(cargo.crate.notebooks), "")
        url = launch_url(hub, spec, notebook)
        progress("start", 1, 1, "Binder")
        launched = Launched(
            target="binder",
            url=url,
            seconds=time.monotonic() - began,
            notes=(*self._badge(url, order), *self._doubts(cargo, order)),
        )
        return _Link(launched=launched)

    def reap(self) -> tuple[str, ...]:
        """Return nothing: a link leaves nothing behind."""
        return ()

    def _doubts(self, cargo: Cargo, order: LaunchOrder) -> tuple[str, ...]:
        """Return what the person should know before following the link."""
        found = self.check(cargo, order)
        return tuple(one.message for one in found if one.severity is Severity.WARNING)

    def _badge(self, url: str, order: LaunchOrder) -> tuple[str, ...]:
        file = self.answers.get("badge", "")
        if not file:
            return ()
        write_text(Path(file), badge_svg(order.language))
        return (badge_markdown(url, Path(file).name, order.language),)

    def _about(self, hub: str) -> AboutHub:
        if hub not in self._asked:
            self._asked[hub] = self.ask(hub, self.workshop.web)
        about: AboutHub = self._asked[hub]
        return about

    def _record(self, address: str) -> tuple[Whereabouts | None, tuple[Finding, ...]]:
        """Return what the record tells to everybody, and what is wrong with that; asked once."""
        key = f"record {address}"
        if key not in self._asked:
            self._asked[key] = self._look(address)
        known: tuple[Whereabouts | None, tuple[Finding, ...]] = self._asked[key]
        return known

    def _look(self, address: str) -> tuple[Whereabouts | None, tuple[Finding, ...]]:
        settings = replace(self.locate or LocateSettings(), web=self.workshop.web)
        try:
            return find_crate(address, settings=settings, progress=silent), ()
        except NotFound as error:
            return None, (_trouble("binder-record", Severity.ERROR, error.message),)
        except (Refused, BadInput) as error:
            return None, (_trouble("binder-restricted", Severity.ERROR, error.message),)
        except OutsideFailed as error:
            return None, (_trouble("binder-silent", Severity.NOTE, error.message),)

    def _plan(self, cargo: Cargo, found: Whereabouts | None) -> tuple[Spec | None, str]:
        """Return how the hub is told where the crate is, None where there is no way; the hub."""
        page = found.record_url if found else None
        told = self.answers.get("hub", "").strip()
        likely = stock_spec(cargo, page)
        hub = hub_address(told) if told else default_hub(likely.form if likely else self._form)
        choice = Choice(
            form=self._form,
            page=page,
            providers=self._about(hub).providers if self._form == AUTO else None,
            named=bool(told),
            reference=self.answers.get("ref", "").strip() or "HEAD",
        )
        spec = choose_spec(cargo, choice)
        return spec, hub if told or spec is None else default_hub(spec.form)


@dataclass(kw_only=True)
class _Link:
    launched: Launched

    def wait(self) -> int:
        return 0

    def end(self) -> None:
        pass


def _no_form(address: str, form: str) -> Finding:
    return find(
        Severity.ERROR,
        "binder-no-form",
        f"a Binder knows no way to {address[:200]}"
        + ("" if form == AUTO else f" in the form `{form}`"),
        hint="stock hubs open Zenodo, Figshare, Dataverse and git; others need the provider for"
        " crates (--set hub URL --set form crate)",
    )


def _trouble(code: str, severity: Severity, message: str) -> Finding:
    hints = {
        "binder-record": "is the address right? A hub would not find it either",
        "binder-restricted": "a Binder has nobody's token: launch it here or on a JupyterHub",
        "binder-silent": "whether the hub can read the record is not known",
    }
    return find(severity, code, f"the record: {message}", hint=hints[code])
