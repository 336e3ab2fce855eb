"""Widgets of ipywidgets, with the states that a notebook saves."""

import copy
import random
from collections.abc import Callable
from typing import Any

import ipywidgets

from single_changes.kinds import Pair, bundle, kind

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
State = dict[str, dict[str, Any]]


def board(rng: random.Random) -> tuple[str, State]:
    """Return the id of a panel's model, and the states of all models."""
    slider = ipywidgets.IntSlider(value=rng.randint(10, 50), max=90, description="steps")
    share = ipywidgets.FloatText(value=round(rng.uniform(0.1, 0.9), 3), description="share")
    choice = ipywidgets.Dropdown(options=["Kiel", "Oban"], value="Kiel", description="site")
    words = ipywidgets.HTML(value=f"<b>mean {rng.uniform(1, 9):.3f} m</b>")
    bar = ipywidgets.IntProgress(value=30, max=30, description="fit")
    panel = ipywidgets.VBox([slider, share, choice, words, bar])
    return saved(panel)


def saved(panel: Any) -> tuple[str, State]:
    found = ipywidgets.Widget.get_manager_state(drop_defaults=False)["state"]
    own = str(panel.model_id)
    copied = copy.deepcopy(found)
    ipywidgets.Widget.close_all()
    return own, copied


def bar(rng: random.Random, rate: str) -> tuple[str, State]:
    """Return a bar of tqdm: a box of words, the bar, and words."""
    parts = [
        ipywidgets.HTML(value="fit: 100%"),
        ipywidgets.FloatProgress(value=50.0, max=50.0, bar_style="success"),
        ipywidgets.HTML(value=f" 50/50 [00:01&lt;00:00, {rate}it/s]"),
    ]
    return saved(ipywidgets.HBox(parts))


def model(states: State, name: str) -> dict[str, Any]:
    """Return the state of the first model of a name."""
    found: dict[str, Any] = next(
        one["state"] for one in states.values() if one["model_name"] == name
    )
    return found


def renamed(own: str, states: State, rng: random.Random) -> tuple[str, State]:
    """Give every model another id, as each run does, and write them in another order."""
    names = {old: f"{rng.getrandbits(128):032x}" for old in states}

    def new(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("IPY_MODEL_"):
            return f"IPY_MODEL_{names[value[10:]]}"
        if isinstance(value, dict):
            return {key: new(one) for key, one in value.items()}
        return [new(one) for one in value] if isinstance(value, list) else value

    order = sorted(states, key=lambda _: rng.random())
    return names[own], {names[old]: new(states[old]) for old in order}


def _older(states: State) -> None:
    """Write states as ipywidgets 7 did."""
    for one in states.values():
        state = one["state"]
        state["_model_module_version"] = "1.5.0"
        for key in ("tooltip", "tabbable", "description_allow_html"):
            state.pop(key, None)
        if "description" in state:
            state["description_tooltip"] = None


def notebook_of(states: State) -> dict[str, Any]:
    return {"widgets": {STATE: {"state": states, "version_major": 2, "version_minor": 0}}}


def shown(own: str) -> dict[str, Any]:
    view = {"model_id": own, "version_major": 2, "version_minor": 0}
    return bundle({VIEW: view, "text/plain": "VBox(children=(IntSlider(value=7), FloatText()))"})


def _put(name: str, key: str, content: Any) -> Callable[[State], None]:
    def put(states: State) -> None:
        model(states, name)[key] = content

    return put


def _unshown(states: State) -> None:
    model(states, "VBoxModel")["children"].pop(0)


BENIGN: dict[str, Callable[[State], None]] = {
    "other ids": lambda _: None,
    "another layout": _put("LayoutModel", "width", "50%"),
    "another version": lambda one: (
        [state["state"].update(_model_module_version="2.1.0") for state in one.values()] and None
    ),
    "states of ipywidgets 7": _older,
    "a bar of progress stopped earlier": _put("IntProgressModel", "value", 29),
}
REAL: dict[str, Callable[[State], None]] = {
    "the value of a slider": _put("IntSliderModel", "value", 77),
    "the end of a slider": _put("IntSliderModel", "max", 91),
    "a number in a field": _put("FloatTextModel", "value", 0.95),
    "a description": _put("IntSliderModel", "description", "days"),
    "the choice": _put("DropdownModel", "index", 1),
    "the options": _put("DropdownModel", "_options_labels", ["Kiel", "Cork"]),
    "words": _put("HTMLModel", "value", "<b>mean 12.345 m</b>"),
    "a child is gone": _unshown,
}


def _add(name: str, change: Callable[[State], None], *, is_real: bool) -> None:
    def pair(rng: random.Random) -> Pair:
        own, states = board(rng)
        after = copy.deepcopy(states)
        change(after)
        other, after = renamed(own, after, rng)
        return Pair(
            recorded=[shown(own)],
            rerun=[shown(other)],
            metadata=(notebook_of(states), notebook_of(after)),
        )

    kind("widget", name, pair, is_real=is_real)


for _name, _change in BENIGN.items():
    _add(_name, _change, is_real=False)
for _name, _change in REAL.items():
    _add(_name, _change, is_real=True)


def _bars(rng: random.Random) -> Pair:
    made = [bar(rng, f"{rng.uniform(1, 99):.2f}") for _ in "ab"]
    one, two = (shown(own) for own, _ in made)
    return Pair(recorded=[one], rerun=[two], metadata=tuple(notebook_of(s) for _, s in made))  # type: ignore[arg-type]


def _unsaved(after: str) -> Callable[[random.Random], Pair]:
    def pair(rng: random.Random) -> Pair:
        made = []
        for text in ("IntSlider(value=7, description='n')", after):
            one = shown(f"{rng.getrandbits(128):032x}")
            one["data"]["text/plain"] = text
            made.append([one])
        return Pair(recorded=made[0], rerun=made[1])

    return pair


kind("widget", "rates of a bar of tqdm", _bars, is_real=False)
kind(
    "widget",
    "no saved state, other ids",
    _unsaved("IntSlider(value=7, description='n')"),
    is_real=False,
)
kind(
    "widget",
    "no saved state, another value",
    _unsaved("IntSlider(value=8, description='n')"),
    is_real=True,
)
