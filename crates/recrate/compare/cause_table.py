# ruff: noqa: E501 -- a pattern is read in one piece
"""What error messages say, as a table, and what a person can do about each cause."""

import re
from dataclasses import dataclass

from recrate.model.verdict import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """An error's words and the cause they mean.

    names: only errors of these classes
    said:  only what the error itself says, and not the code that its traceback shows
    """

    cause: Cause
    text: re.Pattern[str]
    names: frozenset[str] = frozenset()
    said: bool = False


def _pattern(cause: Cause, text: str, *names: str) -> Pattern:
    return Pattern(cause=cause, text=re.compile(text), names=frozenset(names))


def _said(cause: Cause, text: str, *names: str) -> Pattern:
    return Pattern(cause=cause, text=re.compile(text), names=frozenset(names), said=True)


PATTERNS = (
    _pattern(
        Cause.NETWORK_REFUSED,
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed|gaierror"
        r"|nodename nor servname|Could not resolve host|Network is unreachable|URLError|ProxyError"
        r"|ConnectTimeout|Max retries exceeded|NewConnectionError|NameResolutionError|Tunnel connection"
        r"|Network refused|Failed to establish a new connection|No route to host|RemoteDisconnected"
        r"|cannot open URL|unable to resolve|LookupError: \*{10}|Resource \S{1,60} not found\."
        r"|Please use the NLTK Downloader|We couldn't connect to|Can't load tokenizer|ConnectError"
        r"|OfflineModeIsEnabled|Can't find model '\w+'|Errno 101|Errno -[23]\]|ClientConnectorError"
        r"|LocalEntryNotFoundError|(?i:check your (?:internet|network)? ?connection)|RemoteDataError"
        r"|Unable to read URL|URL fetch failure|ConnectionRefusedError|YFRateLimitError|Too Many Requests"
        r"|Command [^\n]{0,20}'?\b(?:git'?,? '?(?:clone|pull|fetch|submodule)|wget|curl|gdown|kaggle)\b[^\n]{0,2000} returned non-zero",
    ),
    _said(
        Cause.NETWORK_REFUSED,
        r"HTTP Error (?:40[13]|407|429|5\d\d)|\b(?:40[13]|407|429|5\d\d) (?:Client|Server) Error"
        r"|(?i:api[_ ]?key|access[_ ]?token)\b[^\n]{0,80}(?:(?i:not|must|missing|invalid|no )|environ)|No API key",
    ),
    _said(
        Cause.NETWORK_REFUSED,
        r"KeyError: '[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD)'",
        "KeyError",
    ),
    _said(Cause.DATA_CHANGED, r"HTTP Error 4(?:04|10)|\b4(?:04|10) Client Error"),
    _said(
        Cause.HARDWARE_OR_THREADS,
        r"lib(?:cuda|cudnn|cublas|cufft|curand|cusolver|cusparse|nvrtc|nvidia|nccl)\w{0,20}\.so"
        r"|CUDA|cuDNN|(?i:no (?:\w+ )?gpus?\b|nvidia|torch not compiled with|illegal instruction)|libtpu",
        "RuntimeError",
        "AssertionError",
        "OSError",
        "ImportError",
        "Error",
        "ValueError",
        "InternalError",
        "NotFoundError",
        "CudaSupportError",
        "CUDARuntimeError",
        "JaxRuntimeError",
        "DriverError",
        "LibraryNotFoundError",
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
        r"|returned non-zero exit status 127|Kaleido requires|GDAL\S* not found|TesseractNotFoundError"
        r"|no library called \S{1,60} was found|latex was not able to process"
        r"|No executable found for solver|cannot execute \w{1,30}\b|Unable to locate or start [^\n]{0,40}binary"
        r"|No such file or directory: (?:PosixPath\()?b?'[\w.+-]+'(?=[\s\S]{0,6000}child_exception_type)",
    ),
    _said(
        Cause.SYSTEM_PROGRAM_MISSING,
        r"no display name|couldn't connect to display|Cannot load backend '(?:Tk|Qt|Gtk|GTK|Wx|WX|MacOSX)|(?i:invalid GUI request)"
        r"|could not connect to display|Cannot connect to X server|NoSuchDisplayException|bad X server connection",
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
    _pattern(
        Cause.SANDBOX,
        r"Permission denied|PermissionError|Errno 13\]|Errno 28\]|No space left on device",
    ),
    _pattern(
        Cause.MEMORY,
        r"MemoryError|Unable to allocate|(?i:can(?:no|')t allocate memory)|cannot allocate vector|out of memory|std::bad_alloc"
        r"|OOM when allocating|ResourceExhaustedError",
    ),
    _said(
        Cause.KILLED,
        r"BrokenProcessPool|TerminatedWorkerError|A worker process [^\n]{0,60}terminated",
    ),
    # OpenCV goes on with nothing where a picture is missing, and stops at its first use
    _said(
        Cause.MISSING_FILE, r"!_src\.empty\(\)|!ssize\.empty\(\)|_img\.empty\(\)|size\.width ?> ?0"
    ),
    # what a clone without Git LFS holds in place of the data begins with "version"
    _pattern(Cause.MISSING_FILE, r"invalid load key, 'v'", "UnpicklingError"),
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
        r"there is no package called|Missing optional dependency|is not installed|not installed(?:[.,;!)]|\s{0,3}$)"
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
        "SolverError",
        "AssertionError",
        "Exception",
        "FeatureNotFound",
        "AttributeError",
        "NameError",
    ),
    _said(
        Cause.MISSING_PACKAGE,
        r"currently installed IO engines|unrecognized engine '?\w+'? must be one of|their dependencies may not be installed"
        r"|requires the \w{1,40} package|Do you need to install|(?:Excel|HDF|parquet) [^\n]{0,60}dependenc",
    ),
    _pattern(
        Cause.MISSING_PACKAGE,
        r"requires? (?:the )?installation|IProgress not found|requires? (?:ipywidgets|\w{1,40} to be|version '[^'\n]{1,30}' or newer)|Install \w{1,40} >=|(?i:please|must|have to|need to|try|pip to|conda to) install|needs? .{1,60} installed"
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
        r"|Unknown (?:projection|property)|unrecognized (?:arguments|option)|not found in the style library"
        r"|Invalid property specified for object of type|parameter of \w{1,80} must be",
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
    # packages that were built for other versions of each other
    _said(
        Cause.API_CHANGED,
        r"numpy\.core\.\S{1,40} failed to import|compiled against (?:ABI|API) version|may indicate binary incompatibility"
        r"|compiled using NumPy 1|(?:undefined symbol|symbol not found)|Descriptors cannot \w{1,10} created directly"
        r"|(?i:incompatible versions?)",
    ),
    _said(
        Cause.API_CHANGED,
        r"requires? (?:at least )?[\w.-]{1,40} ?[<>=]=? ?\d",
        "ImportError",
        "ModuleNotFoundError",
    ),
    # what Python 2 allowed, and older NumPy, pandas, PyTorch, Keras, xlrd and Jupyter
    _said(
        Cause.API_CHANGED,
        r"'(?:map|filter|zip|dict_keys|dict_values|dict_items|range|odict_\w+)' object (?:is not subscriptable|does not support)"
        r"|object of type '(?:map|filter|zip|generator)' has no len|a bytes-like object is required, not 'str'"
        r"|argument must be str, not bytes|unorderable types|cannot be interpreted as an integer"
        r"|(?:slice|list|tuple|string|range|array) indices must be integers|only integers, slices"
        r"|inhomogeneous shape|Unable to avoid copy while creating|only 0-dimensional arrays can be converted"
        r"|agg function failed|Could not convert [^\n]{1,2000} to numeric|with casting rule 'same_kind'"
        r"|Cannot interpret '<attribute 'dtype'|Invalid comparison between dtype|Passing a set as an indexer"
        r"|'set' type is unordered|Population must be a sequence|Weights only load failed|Excel xlsx file; not supported"
        r"|Keras 3 only supports|event loop is already running|from a running event loop",
    ),
    _pattern(
        Cause.API_CHANGED,
        r"Missing parentheses in call to '(?:print|exec)'|invalid syntax. Perhaps|leading zeros in decimal|inconsistent use of tabs"
        r"|multiple exception types must be parenthesized|Generator expression must be parenthesized|invalid token",
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
        "StdinNotImplementedError",
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
