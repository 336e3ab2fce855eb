# ruff: noqa: E501 -- a pattern is read in one piece
"""How versions of Python and its libraries spell one thing: objects, types, numbers, dictionaries."""

import ast
import re

from recrate.compare.rule import Rule


def _ordered(match: re.Match[str]) -> str:
    """Write an ordered dictionary as Python 3.12 does; as it stands where it cannot be read."""
    try:
        return f"OrderedDict({dict(ast.literal_eval(match.group(1)))!r})"
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return match.group()


def _unwrapped(match: re.Match[str]) -> str:
    """Write a number as numpy 1 does: a complex one with both parts stands in parentheses."""
    number = match.group(1) or match.group(2) or ""
    both = "complex" in match.group() and re.search(r"(?<=[\d.nf])[+-]", number)
    return f"({number})" if both else number


SPELLINGS: tuple[Rule, ...] = (
    Rule(
        name="object representations",
        pattern=re.compile(
            r"<(?:Figure size [0-9.]{1,12}x[0-9.]{1,12} with [0-9]{1,6} Axes|(?:matplotlib|mpl_toolkits|seaborn|cartopy|ipywidgets|IPython|plotnine|bokeh|altair|holoviews)\.[^<>\n]{1,400}|(?:[A-Za-z]{0,30}Axes[A-Za-z0-9]{0,20}|Axes(?:Subplot)?)\s?:[^<>\n]{0,400}|[A-Za-z]{1,40}Container object of [0-9]{1,9} artists|a list of [0-9]{1,9} [\w .]{1,60} objects|ggplot: \([0-9]{1,24}\))>|\b(?:Line2D|Rectangle|AxesImage|Wedge|PathCollection|PolyCollection|QuadMesh)\([^()\n]{0,200}\)|<(?:AxesSubplot|Axes|Figure)>"
        ),
        replacement="<object>",
        why="how a plot library spells its objects changes with its version",
        needle=("<", "("),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(r"<([A-Za-z_][\w.]{0,200}(?: [A-Za-z][\w.]{0,100}){0,4}) @>"),
        replacement=lambda match: f"<{match.group(1).rsplit('.', 1)[-1]}>",
        why="a class may move to another module of its package",
        needle=("@>",),
    ),
    Rule(
        name="positions of labels",
        pattern=re.compile(r"\bText\([-+0-9.e]{1,24}, ?[-+0-9.e]{1,24}, ?"),
        replacement="Text(",
        why="where a label is put is set anew by each version of the plot library",
        needle=("Text(",),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(r"<class '([A-Za-z_]\w{0,60})(?:\.\w{1,60}){1,12}\.(\w{1,60})'>"),
        replacement=r"<class '\1.\2'>",
        why="a class may move to another module of its package",
        needle=("<class",),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(r"<Quantity\(([^<>]{0,4000}?), '([^'\n]{0,200})'\)>"),
        replacement=r'Quantity(\1, "\2")',
        why="pint 0.26 writes a quantity without angle brackets",
        needle=("<Quantity(",),
    ),
    Rule(
        name="spelling of dictionaries",
        pattern=re.compile(r"\bOrderedDict\((\[[^\n]{0,4000}\])\)"),
        replacement=_ordered,
        why="Python 3.12 writes an ordered dictionary with braces",
        needle=("OrderedDict",),
    ),
    Rule(
        name="memory that was used",
        pattern=re.compile(r"\bmemory usage: [0-9.]{1,12}\+? (?:bytes|[KMGT]B)"),
        replacement="memory usage: <size>",
        why="how many bytes a data frame takes depends on the version and the machine",
        needle=("memory usage",),
    ),
    Rule(
        name="number wrappers",
        pattern=re.compile(
            r"\b(?:np|numpy)\.(?:float|int|uint|complex|longdouble|bool|str)(?:8|16|32|64|128|256)?_?\(([^()\n]{0,400})\)|\bnp\.(True|False|nan|inf)_?\b"
        ),
        replacement=_unwrapped,
        why="numpy 2 writes np.float64(1.0) where numpy 1 wrote 1.0",
        needle=("np.", "numpy."),
    ),
    Rule(
        name="spelling of types",
        pattern=re.compile(
            r"\b(dtype[=:]\s?)'?<?(?:(?P<text>object|str|string|U[0-9]+|O)|(?P<whole>int32|int64)|(?P<other>\w{1,30}))'?(?![\w\[])"
        ),
        replacement=lambda match: (
            "dtype="
            + ("text" if match["text"] else "integer" if match["whole"] else str(match["other"]))
        ),
        why="object and str, int32 and int64 are one type on different systems and versions",
        needle=("dtype",),
    ),
    Rule(
        name="spelling of types",
        pattern=re.compile(
            r"(\bnon-null\s{1,12}|[^\s]\s{2,60}(?=(?:object|str|string)\s{0,40}$))(?:object|str|string)\b|(?<=[ ,])(?:object|str|string)(?=\([0-9]{1,6}\)(?:,|$))"
        ),
        replacement=lambda match: f"{match.group(1) or ''}text",
        why="pandas 3 calls a column of words str, pandas 2 object",
        needle=("object", "str"),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(r"\b(?:Int64|UInt64|Float64)Index\("),
        replacement="Index(",
        why="pandas 2 knows one kind of index",
        needle=("64Index(",),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(
            r"(\bTimestamp\('[^'\n]{1,60}'(?:, tz='[^'\n]{1,60}')?), freq='[^'\n]{1,20}'"
        ),
        replacement=r"\1",
        why="a moment has no frequency since pandas 2",
        needle=("freq=",),
    ),
    Rule(
        name="spelling of types",
        pattern=re.compile(r"(\bCategories \([0-9]{1,9}, )(?:object|str|string)\b"),
        replacement=r"\1text",
        why="pandas 3 calls a column of words str, pandas 2 object",
        needle=("Categories",),
    ),
    Rule(
        name="memory that was used",
        pattern=re.compile(
            r"(<xarray\.[^<>\n]{1,400}>) Size: [0-9.]{1,12}[kMGT]?B$|^(\s{2,4}[* ] \S{1,200}\s{1,60}\([^()\n]{0,200}\) [<>]?\w{1,16}) [0-9]{1,6}[kMGT]?B(?= )"
        ),
        replacement=lambda match: match.group(1) or match.group(2),
        why="xarray tells how many bytes a variable takes since 2024",
        needle=("B ", "Size: "),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(r"\bgrad_fn=<(\w{1,80}?)[0-9]?>"),
        replacement=r"grad_fn=<\1>",
        why="PyTorch numbers the functions of its gradients since 1.1",
        needle=("grad_fn",),
    ),
    Rule(
        name="object representations",
        pattern=re.compile(r"<(Quantity|Unit)\(((?:[^<>'\n]{1,400}, )?)'([^'\"\n]{0,200})'\)>"),
        replacement=r'\1(\2"\3")',
        why="pint 0.26 writes a quantity without angle brackets",
        needle=("<Quantity(", "<Unit("),
    ),
)
"""Applied in this order, after what runs leave in a text and before what clocks say."""
