"""Modules that come with Python itself, of every version a notebook may have been written in."""

import sys

_REMOVED = frozenset(
    ["asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb", "chunk", "crypt", "distutils", "dummy_threading", "formatter", "imghdr", "imp", "lib2to3", "macpath", "macurl2path", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "parser", "pipes", "pyexpat", "smtpd", "sndhdr", "spwd", "sunau", "symbol", "telnetlib", "this", "uu", "xdrlib", "_dummy_thread", "_bootlocale", "__main__", "__builtin__", "__future__", "antigravity", "sre_compile", "sre_constants", "sre_parse"]
)
_PYTHON_2 = frozenset(
    ["StringIO", "cStringIO", "cPickle", "urllib2", "urlparse", "httplib", "ConfigParser", "Queue", "commands", "Tkinter", "tkMessageBox", "tkFileDialog", "__builtin__", "sets", "htmlentitydefs", "HTMLParser", "cookielib", "Cookie", "SocketServer", "BaseHTTPServer", "SimpleHTTPServer", "robotparser", "thread", "dummy_thread", "exceptions", "md5", "sha", "new", "popen2", "repr", "xmlrpclib", "UserDict", "UserList", "UserString", "anydbm", "dbhash", "copy_reg", "itertools", "functools"]
)


def is_standard(module: str) -> bool:
    """Say whether the dotted `module` is of the standard library of any Python since 2.7."""
    top = module.split(".", maxsplit=1)[0]
    return top in sys.stdlib_module_names or top in _REMOVED or top in _PYTHON_2
