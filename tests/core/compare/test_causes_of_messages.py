"""What people's old notebooks say when they fail today, and what that means. Messages are real."""

import pytest

from recrate.compare.causes import cause_of
from recrate.model.observation import RunError
from recrate.model.verdict import Cause

API, PACKAGE, FILE = Cause.API_CHANGED, Cause.MISSING_PACKAGE, Cause.MISSING_FILE
PROGRAM, NETWORK, LOCAL = (
    Cause.SYSTEM_PROGRAM_MISSING,
    Cause.NETWORK_REFUSED,
    Cause.LOCAL_MODULE_MISSING,
)
DEVICE, OWN, UNKNOWN = Cause.HARDWARE_OR_THREADS, Cause.AUTHORS_CODE, Cause.NOT_KNOWN

MESSAGES = [
    # Python 2
    (API, "ModuleNotFoundError", "No module named 'ConfigParser'"),
    (API, "ModuleNotFoundError", "No module named 'urllib2'"),
    (API, "ModuleNotFoundError", "No module named 'distutils'"),
    (API, "NameError", "name 'reduce' is not defined"),
    (API, "TypeError", "'map' object is not subscriptable"),
    (API, "TypeError", "'dict_keys' object does not support indexing"),
    (API, "TypeError", "object of type 'zip' has no len()"),
    (API, "TypeError", "a bytes-like object is required, not 'str'"),
    (API, "TypeError", "list indices must be integers or slices, not float"),
    (API, "TypeError", "'float' object cannot be interpreted as an integer"),
    (API, "SyntaxError", "multiple exception types must be parenthesized"),
    # NumPy, pandas and what stands on them
    (API, "ValueError", "setting an array element with a sequence. The requested array has an"
     " inhomogeneous shape after 1 dimensions. The detected shape was (3,) + inhomogeneous part."),
    (API, "ValueError", "Unable to avoid copy while creating an array as requested."),
    (API, "TypeError", "only 0-dimensional arrays can be converted to Python scalars"),
    (API, "UFuncTypeError", "Cannot cast ufunc 'add' output from dtype('float64') to"
     " dtype('int64') with casting rule 'same_kind'"),
    (API, "TypeError", "agg function failed [how->mean,dtype->object]"),
    (API, "TypeError", "Could not convert ['ab'] to numeric"),
    (API, "TypeError", "Invalid comparison between dtype=datetime64[ns] and date"),
    (API, "TypeError", "Passing a set as an indexer is not supported. Use a list instead."),
    (API, "ValueError", "numpy.dtype size changed, may indicate binary incompatibility. Expected"
     " 96 from C header, got 88 from PyObject"),
    (API, "ImportError", "numpy.core.multiarray failed to import"),
    (API, "OSError", "'seaborn' not found in the style library and input is not a valid URL"),
    (API, "InvalidParameterError", "The 'max_features' parameter of RandomForestClassifier must"
     " be an int in the range [1, inf)"),
    (API, "ImportError", "Pandas requires numpy >= 1.22 (version 1.19 installed)"),
    (API, "TypeError", "Descriptors cannot be created directly."),
    (API, "UnpicklingError", "Weights only load failed. In PyTorch 2.6, we changed the default"),
    (API, "XLRDError", "Excel xlsx file; not supported"),
    (API, "RuntimeError", "asyncio.run() cannot be called from a running event loop"),
    # packages
    (PACKAGE, "ValueError", "did not find a match in any of xarray's currently installed IO"
     " engines ['scipy']. Consider explicitly selecting one of the installed engines"),
    (PACKAGE, "ImportError", "Install xlrd >= 1.0.0 for Excel support"),
    (PACKAGE, "ImportError", "IProgress not found. Please update jupyter and ipywidgets."),
    (PACKAGE, "FeatureNotFound", "Couldn't find a tree builder with the features you requested:"
     " lxml. Do you need to install a parser library?"),
    (PACKAGE, "SolverError", "The solver GLPK_MI is not installed."),
    (PACKAGE, "AssertionError", "nlopt not installed"),
    (PACKAGE, "ValueError", 'Image export using the "kaleido" engine requires the kaleido package'),
    (PACKAGE, "ModuleNotFoundError", "No module named 'google.colab'"),
    # the author's own
    (LOCAL, "ModuleNotFoundError", "No module named 'utils.plotting'"),
    (LOCAL, "ImportError", "attempted relative import with no known parent package"),
    (LOCAL, "ImportError", "cannot import name 'fit' from 'helpers' (unknown location)"),
    (FILE, "error", "OpenCV(4.9.0) color.cpp:196: error: (-215:Assertion failed) !_src.empty()"),
    (FILE, "UnpicklingError", "invalid load key, 'v'."),
    (OWN, "StdinNotImplementedError", "raw_input was called, but this frontend does not"),
    # the network, and services on it
    (NETWORK, "LocalEntryNotFoundError", "An error happened while trying to locate the file on"
     " the Hub and we cannot find the requested files in the local cache."),
    (NETWORK, "CalledProcessError", "Command '['git', 'clone', 'https://x.org/y']' returned"
     " non-zero exit status 128."),
    (NETWORK, "CalledProcessError", "Command 'wget -q https://x.org/a.csv' returned non-zero"),
    (NETWORK, "HTTPError", "HTTP Error 403: Forbidden"),
    (NETWORK, "KeyError", "'MAPBOX_TOKEN'"),
    (NETWORK, "OpenAIError", "The api_key client option must be set either by passing api_key"),
    (Cause.DATA_CHANGED, "HTTPError", "HTTP Error 404: Not Found"),
    # programs, screens, devices, limits
    (PROGRAM, "OSError", 'no library called "cairo-2" was found'),
    (PROGRAM, "ModuleNotFoundError", "No module named '_tkinter'"),
    (PROGRAM, "TclError", "no display name and no $DISPLAY environment variable"),
    (PROGRAM, "ImportError", "Cannot load backend 'TkAgg' which requires the 'tk' interactive"
     " framework, as 'headless' is currently running"),
    (PROGRAM, "RuntimeError", "latex was not able to process the following string:"),
    (PROGRAM, "ApplicationError", "No executable found for solver 'ipopt'"),
    (DEVICE, "AssertionError", "Torch not compiled with CUDA enabled"),
    (DEVICE, "RuntimeError", "Found no NVIDIA driver on your system."),
    (DEVICE, "ImportError", "libcublas.so.11: cannot open shared object file: No such file"),
    (Cause.MEMORY, "ResourceExhaustedError", "OOM when allocating tensor with shape[10000,10]"),
    (Cause.MEMORY, "RuntimeError", "DefaultCPUAllocator: can't allocate memory: you tried"),
    (Cause.SANDBOX, "OSError", "[Errno 28] No space left on device"),
    (Cause.KILLED, "BrokenProcessPool", "A process in the process pool was terminated abruptly"),
    # what says nothing of its origin
    (UNKNOWN, "KeyError", "'station'"),
    (UNKNOWN, "ValueError", "operands could not be broadcast together with shapes (3,) (4,)"),
    (UNKNOWN, "KeyError", "'KEYBOARD'"),
]  # fmt: skip


def notebook(source: str = "f()", python: str = "") -> dict:
    cell = {"cell_type": "code", "source": source, "outputs": [], "execution_count": 1}
    return {"metadata": {"language_info": {"version": python}}, "cells": [cell]}


@pytest.mark.parametrize(("cause", "name", "message"), MESSAGES)
def test_a_message_means_its_cause(cause, name, message):
    error = RunError(name=name, message=message, cell=0, traceback=f"{name}: {message}")
    assert cause_of(error, notebook(), asked=False) is cause


def test_the_code_that_a_traceback_shows_is_not_what_the_error_says():
    shown = "----> 2 model.to('cuda')  # CUDA; needs lxml: do you need to install it?\n"
    error = RunError(name="ValueError", message="bad shape", cell=0, traceback=shown)
    assert cause_of(error, notebook(), asked=False) is UNKNOWN


def test_a_program_that_cannot_be_started_is_no_file_that_is_missing():
    message = "[Errno 2] No such file or directory: 'julia'"
    last = f"\n\nFileNotFoundError: {message}"
    started = f"   1950     raise child_exception_type(errno_num, err_msg){last}"
    opened = f"----> 1 open('julia'){last}"
    for traceback, cause in ((started, PROGRAM), (opened, FILE)):
        error = RunError(name="FileNotFoundError", message=message, cell=0, traceback=traceback)
        assert cause_of(error, notebook(), asked=False) is cause


@pytest.mark.parametrize(
    ("python", "name", "message", "cause"),
    [
        ("3.8.5", "NameError", "name 'reduce' is not defined", Cause.STALE_OUTPUT),
        ("3.8.5", "ModuleNotFoundError", "No module named 'commands'", PACKAGE),
        ("2.7.15", "ModuleNotFoundError", "No module named 'commands'", API),
        ("3.8.5", "ModuleNotFoundError", "No module named 'imp'", API),
        ("3.12.1", "ModuleNotFoundError", "No module named 'parser'", PACKAGE),
    ],
)
def test_what_python_2_had_is_not_missed_by_a_notebook_of_python_3(python, name, message, cause):
    error = RunError(name=name, message=message, cell=0)
    assert cause_of(error, notebook(python=python), asked=False) is cause
