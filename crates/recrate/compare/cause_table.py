# ruff: noqa: E501 -- a pattern is read in one piece
"""What error messages say, as a table, and what a person can do about each cause."""

import re
from dataclasses import dataclass

from recrate.model.verdict import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """An error's words and the cause they mean; `names` narrows to these exception classes."""

    cause: Cause
    text: re.Pattern[str]
    names: frozenset[str] = frozenset()


def _pattern(cause: Cause, text: str, *names: str) -> Pattern:
    return Pattern(cause=cause, text=re.compile(text), names=frozenset(names))


PATTERNS = (
    _pattern(
        Cause.NETWORK_REFUSED,
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed|gaierror"
        r"|nodename nor servname|Could not resolve host|Network is unreachable|URLError|ProxyError"
        r"|ConnectTimeout|Max retries exceeded|NewConnectionError|NameResolutionError|Tunnel connection"
        r"|Network refused|Failed to establish a new connection|No route to host|RemoteDisconnected"
        r"|cannot open URL|unable to resolve|LookupError: \*{10}|Resource \S{1,60} not found\."
        r"|Please use the NLTK Downloader|We couldn't connect to|Can't load tokenizer|ConnectError"
        r"|OfflineModeIsEnabled|Can't find model '\w+'|Errno 101|Errno -[23]\]|ClientConnectorError",
    ),
    _pattern(
        Cause.SYSTEM_PROGRAM_MISSING,
        r"ExecutableNotFound|failed to execute \S{0,20}(?:dot|neato)|(?:sh|bash|/bin/sh): (?:\d+|line \d+)?:? ?[\w.-]+:"
        r" (?:command )?not found|Requested MovieWriter \(\w+\) not available|latex could not be found"
        r"|ffmpeg (?:not found|is not installed)|No such file or directory: '(?:dot|ffmpeg|latex|dvipng|git|java|Rscript|R|convert|pdftoppm|xelatex|gs|make|gcc|g\+\+|node|pandoc|cmake|wget|curl|docker|octave)'"
        r"|cannot open shared object file|Java gateway process|JAVA_HOME|JavaNotFound|chromedriver"
        r"|Unable to find the (?:graphviz|java)|InvocationException: GraphViz|tesseract is not installed"
        r"|(?i:(?:unable|could not|cannot|failed) (?:to )?(?:find|load|locate|open) (?:the )?(?:shared |dynamic |c[- ])?"
        r"(?:lib[\w.-]{1,60} library|(?:shared |dynamic |c[- ])library))"
        r"|returned non-zero exit status 127|Kaleido requires|GDAL\S* not found|TesseractNotFoundError",
    ),
    # matplotlib's older registers of film writers are asked by the program's name
    _pattern(
        Cause.SYSTEM_PROGRAM_MISSING,
        r"KeyError: '(?:ffmpeg|avconv|mencoder|imagemagick)'",
        "KeyError",
    ),
    _pattern(
        Cause.SANDBOX,
        r"Read-only file system|Operation not permitted|Errno 30\]|Errno 1\]|Resource temporarily unavailable"
        r"|can't start new thread|Errno 11\]|Too many open files|File size limit exceeded|Errno 27\]",
    ),
    _pattern(Cause.SANDBOX, r"Permission denied|PermissionError|Errno 13\]"),
    _pattern(
        Cause.MEMORY,
        r"MemoryError|Unable to allocate|Cannot allocate memory|cannot allocate vector|out of memory|std::bad_alloc",
    ),
    _pattern(
        Cause.MISSING_FILE,
        r"FileNotFoundError|No such file or directory|does not exist: '|File b?'?\S{1,300} does not exist"
        r"|unable to open file|cannot open file|not found\.$|No such file|is not a (?:directory|file)",
        "FileNotFoundError",
        "OSError",
        "IOError",
        "NotADirectoryError",
        "RRuntimeError",
        "ERROR",
        "simpleError",
        "Exception",
        "HDF5ExtError",
        "DataSourceError",
        "CalledProcessError",
        "LoadError",
        "CPLE_OpenFailedError",
        "RasterioIOError",
        "DriverError",
        "error",
        "Error",
        "BadZipFile",
    ),
    _pattern(
        Cause.MISSING_PACKAGE,
        r"there is no package called|Missing optional dependency|is not installed|not installed[.,]"
        r"|(?:pip|conda) install|could not find package|Package \S{1,80} not found|requires \S{1,60} to be installed"
        r"|extension could not be loaded|The \S{1,80} module is not an IPython extension|UsageError: (?:Line|Cell) magic\b",
        "ImportError",
        "ModuleNotFoundError",
        "Error",
        "ERROR",
        "error",
        "LoadError",
        "RuntimeError",
        "ValueError",
        "UsageError",
        "packageNotFoundError",
        "ArgumentError",
        "OptionalDependencyNotAvailable",
    ),
    _pattern(
        Cause.MISSING_PACKAGE,
        r"requires? (?:the )?installation|(?i:please|must|have to|need to|try|pip to|conda to) install|needs? .{1,60} installed"
        r"|must be installed|not been installed|is (?:required|needed)(?: (?:to|for|by|in)\b|[.,;!]|\s{0,3}$)"
        r"|(?:requires?|needs?|depends on) (?:the )?['\"`]?[\w.-]{1,60}['\"`]? (?:python )?(?:package|library|module)"
        r"|(?i:could not|cannot|unable to|failed to) (?:import|find|load) (?!name\b)(?:the )?['\"`]?[\w.-]{1,60}['\"`]?(?: package| library| module)?[.,;]?\s",
        "ImportError",
        "ModuleNotFoundError",
    ),
    _pattern(
        Cause.API_CHANGED,
        r"cannot import name|has no attribute|unexpected keyword argument|got an unexpected|no longer"
        r"|was removed|has been removed|was deprecated|is deprecated|got multiple values for|missing \d+ required"
        r"|takes (?:from )?\d+ .{0,40}positional argument|(?:too many|not enough) arguments: expected"
        r"|takes (?:at most|at least|exactly|no) .{0,20}arguments?\b|is not a valid value for \w+; supported|not a package"
        r"|is not a valid package style|Did you mean|removed in|has been renamed|could not find function"
        r"|Unknown (?:projection|property)|unrecognized (?:arguments|option)",
        "ImportError",
        "ModuleNotFoundError",
        "AttributeError",
        "TypeError",
        "ValueError",
        "KeyError",
        "RuntimeError",
        "NotImplementedError",
        "Exception",
        "OSError",
        "DeprecationError",
        "ERROR",
        "error",
        "AssertionError",
        "InvalidIndexError",
        "InvalidParameterError",
        "FutureWarning",
        "DeprecationWarning",
        "NameError",
    ),
    _pattern(
        Cause.API_CHANGED,
        r"Missing parentheses in call to '(?:print|exec)'|invalid syntax. Perhaps|leading zeros in decimal|inconsistent use of tabs",
        "SyntaxError",
        "TabError",
        "IndentationError",
    ),
    _pattern(
        Cause.AUTHORS_CODE,
        r".",
        "SyntaxError",
        "IndentationError",
        "ZeroDivisionError",
        "UnboundLocalError",
        "AssertionError",
        "RecursionError",
        "KeyboardInterrupt",
    ),
    _pattern(
        Cause.HARDWARE_OR_THREADS,
        r"CUDA|cuDNN|No GPU|nvidia|torch not compiled with|illegal instruction",
        "RuntimeError",
        "AssertionError",
        "OSError",
        "Error",
    ),
)
"""Asked in this order; the first that fits says the cause."""

NO_NETWORK = re.compile(
    r"Temporary failure in name resolution|Name or service not known|unable to resolve host"
    r"|Could not resolve (?:host|proxy)|Network is unreachable|NewConnectionError|getaddrinfo failed"
    r"|Failed to establish a new connection|NameResolutionError|Failed to resolve '|Network refused"
)
"""What programs print that fail for want of a network and raise nothing: wget, curl, git, nltk."""

REPAIR_HINT = (
    "pin the version the author had, or pack with `--as-of` the study's date; where neither can be "
    "had, `--repair` tries known renames in a copy"
)
"""Of an API that changed, where the code is Python."""

HINTS: dict[Cause, str] = {
    Cause.MISSING_PACKAGE: "declare the package in the study's requirements and pack again",
    Cause.API_CHANGED: "pin the version the author had, or pack with `--as-of` the study's date",
    Cause.MISSING_FILE: "add the file to the study, or name where it can be fetched with `recrate refer`; "
    "a copy of what is not published is given with `--data`",
    Cause.LOCAL_MODULE_MISSING: "add the module to the study; it was on the author's machine only",
    Cause.NETWORK_REFUSED: "name the data with `recrate refer`, or allow it with `--allow-network`",
    Cause.KERNEL_MISSING: "install the kernel, or choose one with `--kernel`",
    Cause.SYSTEM_PROGRAM_MISSING: "install the program, and name its package in apt.txt",
    Cause.NO_BUILD: "no wheel for this platform: try another Python, or another machine",
    Cause.MEMORY: "give it more with `--memory`",
    Cause.TIME: "give it more with `--timeout` or `--cell-timeout`",
    Cause.KILLED: "run it with more memory, or look for native code that crashes",
    Cause.AUTHORS_CODE: "the code itself raises this; ask the author",
    Cause.STALE_OUTPUT: "run the notebook from top to bottom before packing",
    Cause.DATA_CHANGED: "fetch the data of the time, by checksum",
    Cause.NONDETERMINISM: "set the random seed, or mark the cell `recrate-skip`",
    Cause.HARDWARE_OR_THREADS: "run it on the author's kind of machine, or with one thread",
    Cause.SANDBOX: "write inside the study's folder, or run your own study with `--unsandboxed`",
    Cause.NOT_KNOWN: "read the traceback in the rerun notebook",
}
