# ruff: noqa: E501 -- a pattern is read in one piece
"""What can never repeat in printed text, as a table: name, pattern, replacement, why.

A rule's context is tight on purpose: a column of dates is data, `time: 3.2` may be a result. Where
only the code can tell (it reads a clock, installs packages), the rule asks for that in `needs`.
No pattern has nested or overlapping repetition, so hostile text costs linear time.
"""

import re

from recrate.compare.rule import Rule
from recrate.compare.spellings import SPELLINGS

_MEASURES = re.compile(
    r"time\.(?:time|perf_counter|process_time|monotonic|clock)|perf_counter|process_time"
    r"|default_timer|timeit|%%?time\b|%%?prun|\btic\b|proc\.time|Sys\.time|system\.time|@time|\btime\(\)"
)
_ASKS_DATE = re.compile(
    r"\bnow\(|\btoday\(|utcnow|strftime|\bctime\(|asctime|localtime|gmtime|Sys\.time|Sys\.Date"
    r"|%watermark|!\s*date\b|version_information|\bdate\.today|['\"]now['\"]|['\"]today['\"]"
    r"|sessionInfo|show_versions"
)
_LISTS = re.compile(
    r"(?:^|[!%;&|]\s{0,3})(?:ls|ll|dir|stat|df|du|ps|top|free|nvidia-smi|date)\b", re.MULTILINE
)

_UNIT = r"(?:ns|µs|μs|us|ms|s|secs?|seconds?|min|mins?|minutes?|h|hours?|hrs?|milliseconds?|microseconds?)\b"
_NUMBER = r"(?<![0-9])[0-9][0-9.,]{0,20}(?:[eE][-+]?[0-9]{1,3})?"
_SPAN = rf"(?:{_NUMBER}\s?{_UNIT}(?:,?\s?(?:and\s)?{_NUMBER}\s?{_UNIT}){{0,3}}|[0-9]{{1,3}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:\.[0-9]{{1,9}})?)"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
_ISO_DAY = r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}"
_ISO = rf"{_ISO_DAY}[T ]{_CLOCK}(?:\s?(?:Z|UTC|[-+][0-9]{{2}}:?[0-9]{{2}}))?"
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_ROOTS = (
    r"(?:home|Users|root|tmp|var|private|opt|usr|mnt|media|srv|scratch|gpfs|lustre|nfs|data|content"
    r"|kaggle|workspaces?|work|app|study|project|repo|builds?|github|Volumes|sandbox|run|global|nix)"
)


def _path(match: re.Match[str]) -> str:
    """Keep a file's name, forget where it lay; a folder is all place."""
    last = re.split(r"[\\/]", match.group().rstrip("\\/"))[-1]
    if re.fullmatch(r"[0-9]+\.py", last):
        return "<cell>"
    if re.fullmatch(r"(?:tmp|temp)[\w-]{4,}(?:\.\w{1,8})?", last):
        return "<path>"
    return f"<path>/{last}" if re.search(r"\.\w{1,8}\Z", last) else "<path>"


RULES: tuple[Rule, ...] = (
    Rule(
        name="terminal colours",
        pattern=re.compile(
            r"\x1b(?:\[[0-9;:?]{0,40}[ -/]?[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|[()][A-Z0-9])"
        ),
        replacement="",
        why="ANSI codes colour a terminal; whether they are written depends on it",
        needle=("\x1b",),
    ),
    Rule(
        name="progress bars",
        pattern=re.compile(
            r"[0-9]{1,3}%\|[█▏▎▍▌▋▊▉#0-9 ]{0,300}\|\s{0,10}(?:$|[0-9?.,kMGTiB]{1,12}/[0-9?])|[0-9]{1,3}%\s?\|[ #]{0,300}[█▏▎▍▌▋▊▉][^|\n]{0,300}\||\[[0-9:]{4,9}(?:<|&lt;)[0-9:?]{1,9},|[0-9.]{1,12}\s?(?:it/s|s/it)\b|(?<=[0-9] )[0-9.]{1,12} ?[kKMG]i?B/s(?: eta [0-9:-]{4,9})?\s{0,9}$|^\s{0,40}[━╸╺█▏▎▍▌▋▊▉][━╸╺ █▏▎▍▌▋▊▉]{7,200}[^\n]{0,40}(?:%|/s|:[0-9]{2})|\[[#=>.\-\s]{10,200}\]\s{0,4}[0-9]{1,3}\s?%|[0-9]{1,3}\s?%\s{0,4}\[[#=>.\-\s]{5,200}\]|[0-9]{1,3}%[ \t]{0,3}[█▏▎▍▌▋▊▉]{3,}|\beta [0-9-]{1,2}:[0-9-]{2}(?::[0-9-]{2})?(?![0-9.:])"
        ),
        replacement=None,
        why="tqdm, pip and their like redraw a bar with rates and times of this run",
        needle=("%", "/s", "it/", "<", "&lt;", "━", "█", "eta"),
    ),
    Rule(
        name="installer messages",
        pattern=re.compile(
            r"^\s{0,8}(?:Requirement already satisfied|Collecting |Downloading |Using cached |Installing collected|Successfully installed|WARNING: (?:You are using pip|Running pip)|\[notice\]|Note: you may need to restart|Looking in indexes|Building wheels? for|Created wheel for|Stored in directory|Preparing metadata|Installing build dep|Attempting uninstall|Found existing installation|Uninstalling |Defaulting to user install|Solving environment|Fetched [0-9]|Reading package lists|Building dependency tree)"
        ),
        replacement=None,
        why="what an installer says depends on what was there already",
    ),
    Rule(
        name="timings",
        pattern=re.compile(
            r"^\s{0,8}(?:CPU times:|Wall time\s?:|Parser\s{1,4}:|Compiler\s{1,4}:|The slowest run took |\s*[0-9.,]+ (?:function calls|primitive calls)).*$",
            re.IGNORECASE,
        ),
        replacement=None,
        why="%time and %%time print how long this run took",
        needle=("time", "Time", "Parser", "Compiler", "slowest", "calls"),
    ),
    Rule(
        name="timings",
        pattern=re.compile(
            rf"{_NUMBER}\s?(?:ns|µs|μs|us|ms|s|min|h)(?:\s{_NUMBER}\s?(?:ns|µs|μs|us|ms|s))?\s(?:±|\+-|\+/-)\s{_NUMBER}\s?(?:ns|µs|μs|us|ms|s|min)(?:\s{_NUMBER}\s?(?:ns|µs|μs|us|ms|s))?\sper\sloop[^\n]{{0,120}}|[0-9,]{{1,12}} loops?, best of [0-9]{{1,4}}: {_NUMBER} (?:ns|µs|μs|us|usec|msec|ms|sec|s) per loop"
        ),
        replacement="<timing>",
        why="%timeit prints how long this run took",
        needle=("per loop",),
    ),
    Rule(
        name="timings",
        pattern=re.compile(
            rf"\b((?:took|elapsed|finished|completed|done|ran \d{{1,9}} tests?|ran|executed|runtime|run time|running time|execution time|wall[- ]?(?:clock )?time|cpu time|training time|fit(?:ting)? time|computation time|computing time|computation took|processing time|time taken|time elapsed|elapsed time|time used|ETA)\b(?:\s(?:time|in|was|is|for|after|of|about|approximately)){{0,3}}\s{{0,4}}[:=~(]{{0,2}}\s{{0,4}}){_SPAN}",
            re.IGNORECASE,
        ),
        replacement=r"\1<timing>",
        why="how long this run took, with its unit, after a word that says so",
    ),
    Rule(
        name="timings",
        pattern=re.compile(
            rf"\b((?:elapsed(?: time)?|time elapsed|execution time|time taken|run ?time|wall[- ]?(?:clock )?time|cpu time|training time|computation time)(?:\s?(?:\(?(?:in )?(?:s|sec|secs|seconds|ms)\)?))?(?: (?:is|was))?\s{{0,4}}[:=]?\s{{0,4}}){_NUMBER}",
            re.IGNORECASE,
        ),
        replacement=r"\1<timing>",
        why="how long this run took, after words that mean nothing else",
    ),
    Rule(
        name="timings",
        pattern=re.compile(
            rf"(?<=━ )\s?{_NUMBER}(?:s|ms) (?={_NUMBER}\s?(?:s|ms|us|µs)/)|(-{{2,3}}\s?){_NUMBER} (?:seconds|minutes)(\s?-{{2,3}})|(?<=[-\s]){_NUMBER}\s?(?:s|ms|us|µs)/(?:step|epoch|sample|batch|iter)\b|(?<=- ){_NUMBER}s\b|(?<=\])\s-\s(?:ETA: )?{_NUMBER}s\b"
        ),
        replacement="<timing>",
        why="training loops and a well-known idiom print how long this run took",
        needle=("seconds", "minutes", "/step", "/epoch", "/sample", "/batch", "/iter", "s "),
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(
            rf"^(\s{{0,4}}[\[(]?(?:[A-Z]\s)?)(?:{_ISO}|{_CLOCK}:[0-9]{{2}}|{_ISO_DAY} {_CLOCK})(?=[\])]?[:,]?\s{{0,4}}[-|:\[(]?\s{{0,4}}(?:[\w.]{{1,40}}\s?[-|:]?\s{{0,4}})?[\[(]?(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL|NOTICE|[IWEDF][\s\]]))"
        ),
        replacement=r"\1<time>",
        why="a log line begins with the time it was written",
        needle=(":",),
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(
            rf"\[[IWEDC] (?:{_ISO}|[0-9]{{6}} [0-9:.]{{8,16}})[^\]\n]{{0,60}}\]|^[IWEF][0-9]{{4}} [0-9:.]{{8,16}}\s+[0-9]{{1,8}}|{_ISO_DAY}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}},[0-9]{{3}}\b"
        ),
        replacement="<time>",
        why="a log line begins with the time it was written",
        needle=(":",),
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(
            rf"\b((?:last updated|last run|generated(?: on| at)?|created(?: on| at)?|run (?:on|at)|executed (?:on|at)|now|today(?: is)?|timestamp|started(?: at| on)?|start time|end time|finished(?: at| on)?|ended(?: at| on)?|current (?:date|time)(?: and time)?|updated)\b(?:\s(?:is|was))?(?:\s{{0,2}}[:=]\s{{0,40}}|\s))(?:{_ISO}|{_ISO_DAY}|{_WEEKDAY},? [^\n]{{6,40}}[0-9]|{_CLOCK})",
            re.IGNORECASE,
        ),
        replacement=r"\1<time>",
        why="a date or time after words that mean this run",
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(
            rf"\bDate:\s{{1,60}}{_WEEKDAY}, [0-9]{{1,2}} {_MONTH} [0-9]{{4}}|\bTime:\s{{1,60}}[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}"
        ),
        replacement="<time>",
        why="a regression summary prints when it was made",
        needle=("Date:", "Time:"),
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(
            rf"\b{_WEEKDAY},? {_MONTH}\s{{1,2}}[0-9]{{1,2}},? [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}} (?:[A-Z]{{3,4}} )?[0-9]{{4}}|\b{_WEEKDAY}, [0-9]{{1,2}} {_MONTH} [0-9]{{4}} [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?: [A-Z]{{3,4}}| [-+][0-9]{{4}})?"
        ),
        replacement="<time>",
        why="ctime, date and HTTP headers write a moment this way; tables of data do not",
        needle=(":",),
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(
            rf"{_ISO}|{_ISO_DAY}|\b{_CLOCK}\b|datetime\.(?:datetime|date|time)\([0-9, ]{{4,60}}|\b[0-9]{{1,2}}[-/. ](?:[0-9]{{1,2}}|{_MONTH})[-/. ][0-9]{{4}}|\b{_MONTH} [0-9]{{1,2}},? [0-9]{{4}}|\b{_WEEKDAY}\b|\b1[5-9][0-9]{{8}}(?:\.[0-9]{{1,9}})?\b"
        ),
        replacement="<time>",
        why="the cell's code asks what day or time it is",
        needs=_ASKS_DATE,
    ),
    Rule(
        name="file listings",
        pattern=re.compile(r"^(?:[-dlrwxsStT.+@]{10,11}\s.{1,120}|total [0-9]{1,12}$)"),
        replacement="<listing>",
        why="owners, dates and sizes of folders belong to the machine",
        needs=_LISTS,
    ),
    Rule(
        name="cell numbers",
        pattern=re.compile(
            r"<ipython-input-[0-9]{1,6}-[0-9a-f]{6,40}>|\b(?:Input )?In ?\[[0-9 ]{1,6}\]|\bCell In ?\[[0-9]{1,6}\]"
        ),
        replacement="<cell>",
        why="which number a cell got depends on what was run before",
        needle=("<ipython", "In["),
    ),
    Rule(
        name="memory addresses",
        pattern=re.compile(
            r"\bat\s{1,4}0x[0-9a-fA-F]{5,16}|\b0x(?:7f|55|56|1)[0-9a-f]{9,10}\b|\b0x0000[0-9A-F]{12}\b|(?<=<pointer: )0x[0-9a-f]{5,16}(?=>)|(?<=<environment: )0x[0-9a-f]{5,16}(?=>)"
        ),
        replacement="@",
        why="where an object lies in memory is another place in each run",
        needle=("0x",),
    ),
    Rule(
        name="paths",
        pattern=re.compile(
            rf"(?<![\w.:/\\>])/{_ROOTS}(?:/[\w.+@~%-]{{1,255}}(?=/)){{0,40}}(?:/[\w.+@~%-]{{0,255}})?|(?<!\w)[A-Za-z]:\\{{1,2}}(?:[\w.+@~ %-]{{1,255}}\\{{1,2}}){{0,40}}[\w.+@~%-]{{0,255}}|(?<!\w)file://[^\s'\"<>]{{1,2000}}|(?<![\w.])~/[\w.+@/-]{{1,255}}"
        ),
        replacement=_path,
        why="home, temporary and package folders lie elsewhere on another machine",
        needle=("/", "\\"),
    ),
    Rule(
        name="places in code",
        pattern=re.compile(
            r"(<path>/[\w.-]{1,120}\.(?:py|pyx|R)|<cell>|<stdin>|<string>)(?:, line |:)[0-9]{1,7}(?=\D|$)"
        ),
        replacement=r"\1",
        why="line numbers of a library's source move with its version",
        needle=("<path>", "<cell>", "<stdin>", "<string>"),
    ),
    Rule(
        name="random identifiers",
        pattern=re.compile(
            r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b|UUID\('[0-9a-f]{32}'\)"
        ),
        replacement="<id>",
        why="a UUID is drawn anew each time",
        needle=("-", "UUID"),
    ),
    Rule(
        name="process numbers",
        pattern=re.compile(
            r"\b((?:p?pid|tid|(?:process|thread) id)\s?[=:#]?\s?\(?)[0-9]{2,10}\b|\b((?:process|thread)\s?[=:#]?\s?\(?)[0-9]{4,10}\b",
            re.IGNORECASE,
        ),
        replacement=lambda match: f"{match.group(1) or match.group(2)}<number>",
        why="the system hands out process numbers",
        needle=("pid", "PID", "rocess", "id", "hread"),
    ),
    Rule(
        name="times of this run",
        pattern=re.compile(rf"^{_ISO_DAY} {_CLOCK} \([0-9.,]{{1,12}} [kKMGT]?i?B/s\)"),
        replacement="<time>",
        why="wget prints when and how fast it fetched a file",
        needle=("B/s",),
    ),
    *SPELLINGS,
    Rule(
        name="timings",
        pattern=re.compile(
            rf"(\b(?:time|times|seconds?|secs?|duration|elapsed|took|speed ?up|faster|slower|perf|timing)\b[^0-9\n]{{0,40}}){_NUMBER}(?:\s{{0,3}}{_UNIT})?|{_NUMBER}\s{{0,3}}{_UNIT}|\b[0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,9}})?",
            re.IGNORECASE,
        ),
        replacement=r"\1<timing>",
        why="the cell's code reads a clock, so times near words of time are of this run",
        needs=_MEASURES,
    ),
    Rule(
        name="timings",
        pattern=re.compile(rf"^\s{{0,40}}{_NUMBER}\s{{0,40}}$"),
        replacement="<timing>",
        why="the cell's code reads a clock and the line is one number with nothing beside it",
        needs=re.compile(
            r"(?:time\.time\(\)|perf_counter\(\)|process_time\(\)|default_timer\(\)|proc\.time\(\)|monotonic\(\))\s?-|%timeit -o|timeit\.(?:timeit|repeat)\("
        ),
    ),
)
"""Applied in this order."""

NOTHING = re.compile(
    r"[\s\[\](){},;|]*(?:(?:<object>|<path>|<[\w. ]{1,80}(?: @)?>|array|dtype=\w+|Text\((?:'[^'\n]{0,400}'|\"[^\"\n]{0,400}\")\)|None|Ellipsis|\.\.\.)[\s\[\](){},;|]*)*\Z"
)
"""Text that holds no result once the rules were applied: only names of objects."""


def rules_for(source: str) -> tuple[Rule, ...]:
    """Return the rules that apply to what this code prints."""
    return tuple(rule for rule in RULES if rule.needs is None or rule.needs.search(source))


def apply(line: str, rules: tuple[Rule, ...], used: dict[str, None]) -> str | None:
    """Return `line` with what never repeats taken out, None when nothing of it remains.

    Names of the rules that changed it are written into `used`.
    """
    for rule in rules:
        if rule.needle and not any(needle in line for needle in rule.needle):
            continue
        if rule.replacement is None:
            if rule.pattern.search(line):
                used[rule.name] = None
                return None
            continue
        changed = rule.pattern.sub(rule.replacement, line)
        if changed != line:
            used[rule.name] = None
            line = changed
    return line
