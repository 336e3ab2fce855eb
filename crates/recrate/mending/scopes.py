"""What names mean in a notebook or module: which are imported, and from where."""

import ast
from collections.abc import Iterable

SEVERAL = ""
"""In a scope: a name that is also, or only, something else than one import."""
_SAME = {
    "matplotlib.pyplot.cm": "matplotlib.cm",
    "matplotlib.pyplot.style": "matplotlib.style",
    "matplotlib.pyplot.mlab": "matplotlib.mlab",
    "pylab": "matplotlib.pyplot",
    "matplotlib.pylab": "matplotlib.pyplot",
}


_NAMED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.ExceptHandler,
    ast.MatchAs,
    ast.MatchStar,
)


class Scope:
    """The imports of all cells of a notebook, or of one module.

    A name that is bound in any other way, anywhere, means nothing sure and is left alone.
    """

    def __init__(self, trees: Iterable[ast.Module]) -> None:
        self.bound: dict[str, str] = {}
        for tree in trees:
            for node in ast.walk(tree):
                self._read(node)

    def _read(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for one in node.names:
                root = one.name.partition(".")[0]
                self._bind(one.asname or root, one.name if one.asname else root)
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                dotted = f"{node.module}.{one.name}" if node.module and not node.level else SEVERAL
                self._bind(one.asname or one.name, dotted)
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                self._bind(node.id, SEVERAL)
        elif isinstance(node, ast.arg):
            self._bind(node.arg, SEVERAL)
        elif isinstance(node, _NAMED) and node.name:
            self._bind(node.name, SEVERAL)

    def _bind(self, name: str, dotted: str) -> None:
        dotted = canonical(dotted)
        self.bound[name] = dotted if self.bound.get(name, dotted) == dotted else SEVERAL

    def dotted(self, node: ast.AST) -> str:
        """Return what a chain of names means (`np.random.rand`), empty where that is not sure."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or not self.bound.get(node.id):
            return ""
        return canonical(".".join([self.bound[node.id], *reversed(parts)]))

    def is_free(self, name: str, dotted: str) -> bool:
        """Say whether `name` is unbound, or bound to `dotted` and nothing else."""
        return self.bound.get(name, dotted) == dotted


def canonical(dotted: str) -> str:
    """Return the one name of what can be reached by several."""
    for again, own in _SAME.items():
        if dotted == again or dotted.startswith(f"{again}."):
            return own + dotted[len(again) :]
    return dotted
