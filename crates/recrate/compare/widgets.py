"""Widgets: a view names a model by a random id; the model's state stands in the notebook."""

from collections.abc import Mapping
from typing import Any

from recrate.compare.dialects import WIDGETS
from recrate.compare.hostile import mapping
from recrate.compare.outcome import Outcome, Terms, skipped
from recrate.compare.structures import compare_structures
from recrate.model.study import Notebook

_STATE = "application/vnd.jupyter.widget-state+json"
_PROGRESS = frozenset({"FloatProgressModel", "IntProgressModel"})
_MODULES = ("_model_module", "_view_module", "_dom_classes", "_view_count")
_MOST = 5000


def compare_widgets(
    recorded: object, rerun: object, documents: tuple[Notebook, Notebook], terms: Terms
) -> Outcome:
    """Compare what two widgets show: their models' states, references followed in order.

    Without a saved state on both sides there is nothing to compare: skipped, so that the words
    beside the view are asked instead. How far a progress bar came is no result; what stands
    beside it may be one.
    """
    before = _tree(recorded, documents[0])
    after = _tree(rerun, documents[1])
    if before is None or after is None:
        return skipped("the widget's state was not saved in both notebooks")
    return compare_structures(before, after, terms, WIDGETS)


def _tree(view: object, notebook: Notebook) -> list[dict[str, Any]] | None:
    """Return the states of a view's model and all it refers to, in order of first mention."""
    metadata = mapping(mapping(notebook).get("metadata"))
    saved = mapping(mapping(mapping(metadata.get("widgets")).get(_STATE)).get("state"))
    first = mapping(view).get("model_id")
    if not isinstance(first, str) or first not in saved:
        return None
    found: list[dict[str, Any]] = []
    waiting, seen = [first], {first}
    while waiting and len(found) < _MOST:
        model = mapping(saved.get(waiting.pop(0)))
        name = model.get("model_name")
        if not isinstance(name, str) or name == "LayoutModel" or name.endswith("StyleModel"):
            continue
        if name in _PROGRESS:
            found.append({"_model_name": "a progress bar"})
            continue
        state = {
            key: value
            for key, value in mapping(model.get("state")).items()
            if isinstance(key, str)
            and not key.startswith(_MODULES)
            and not key.endswith("_version")
        }
        found.append(state)
        for key in _references(state):
            if key in saved and key not in seen:
                seen.add(key)
                waiting.append(key)
    return found


def _references(state: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for value in state.values():
        found += [
            one.removeprefix("IPY_MODEL_")
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, str) and one.startswith("IPY_MODEL_")
        ]
    return found
