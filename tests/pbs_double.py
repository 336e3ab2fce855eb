"""qsub, qstat and qdel as PBS Professional documents them, for one node: this machine.

A job is a process of bash, started with an environment as bare as that of a real execution host.
What the real ones refuse is refused: names with blanks, unknown queues, jobs nobody knows.
Source: PBS Professional reference guide, chapters on qsub, qstat (-F json) and qdel.
"""

import os
import stat
import sys
from pathlib import Path

_PROGRAM = """\
#!{python}
import getpass, json, os, re, signal, subprocess, sys, time
from pathlib import Path

place = Path({folder!r})
QUEUES = {{"batch": ("True", "True", "01:00:00"), "closed": ("True", "False", "01:00:00")}}


def fail(message, code):
    print(f"{{Path(sys.argv[0]).name}}: {{message}}", file=sys.stderr)
    sys.exit(code)


def alive(pid):
    try:
        return Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def told(job):
    kept = json.loads((place / f"{{job}}.json").read_text())
    code = place / f"{{job}}.code"
    over = code.exists() or not alive(kept.pop("pid"))
    kept["job_state"] = "F" if over else "R"
    if over:
        kept["Exit_status"] = int(code.read_text() or 271) if code.exists() else 271
    return kept


def every():
    return sorted(one.stem for one in place.glob("*.json"))


def qsub(words):
    options = {{}}
    while words and words[0].startswith("-"):
        options[words[0]] = words[1]
        words = words[2:]
    text = Path(words[0]).read_text()
    for line in re.findall(r"^#PBS (.*)$", text, re.M):
        key, _, value = line.strip().partition(" ")
        options.setdefault(key if key != "-l" else f"-l {{value.partition('=')[0]}}", value)
    name = options.get("-N", "STDIN")
    if not re.fullmatch(r"[A-Za-z][\\w.+-]{{0,229}}", name):
        fail("illegal -N value", 2)
    if options.get("-q", "batch") not in QUEUES:
        fail("Unknown queue", 171)
    if options.get("-A") == "broke":
        fail("Unauthorized Request", 159)
    job = f"{{len(every()) + 1}}.double"
    (place / f"{{job}}.options").write_text(json.dumps(options))
    (place / f"{{job}}.sh").write_text(text)
    bare = {{"HOME": os.environ["HOME"], "USER": getpass.getuser(), "PATH": "/usr/bin:/bin"}}
    run = f'bash "{{place}}/{{job}}.sh"; echo $? > "{{place}}/{{job}}.code"'
    with open(options["-o"], "ab") as out, open(options["-e"], "ab") as error:
        child = subprocess.Popen(
            ("bash", "-c", run), env=bare, stdin=subprocess.DEVNULL, stdout=out, stderr=error,
            cwd=os.environ["HOME"], start_new_session=True,
        )
    kept = {{"Job_Name": name, "Job_Owner": f"{{getpass.getuser()}}@double", "pid": child.pid}}
    (place / f"{{job}}.part").write_text(json.dumps(kept))
    (place / f"{{job}}.part").rename(place / f"{{job}}.json")
    print(job)


def qstat(words):
    if "-Q" in words:
        queues = {{
            name: {{"enabled": on, "started": started, "resources_max": {{"walltime": most}}}}
            for name, (on, started, most) in QUEUES.items()
        }}
        print(json.dumps({{"Queue": queues}}))
        return
    named = [one for one in words if not one.startswith("-") and one != "json"]
    unknown = [one for one in named if one not in every()]
    found = {{one: told(one) for one in named or every() if one not in unknown}}
    if "-x" not in words:
        found = {{job: one for job, one in found.items() if one["job_state"] != "F"}}
    print(json.dumps({{"timestamp": int(time.time()), **({{"Jobs": found}} if found else {{}})}}))
    if unknown:
        fail(f"Unknown Job Id {{unknown[0]}}", 153)


def qdel(words):
    for job in words:
        if job not in every():
            fail(f"Unknown Job Id {{job}}", 153)
        pid = json.loads((place / f"{{job}}.json").read_text())["pid"]
        if told(job)["job_state"] == "F":
            fail(f"Job has finished {{job}}", 35)
        os.killpg(pid, signal.SIGKILL)


{{"qsub": qsub, "qstat": qstat, "qdel": qdel}}[Path(sys.argv[0]).name](sys.argv[1:])
"""


def pbs_variables(folder: Path) -> dict[str, str]:
    """Write the programs into `folder`; return the environment in which they are found."""
    programs, state = folder / "bin", folder / "state"
    for made in (programs, state):
        made.mkdir(parents=True)
    for name in ("qsub", "qstat", "qdel"):
        file = programs / name
        file.write_text(_PROGRAM.format(python=sys.executable, folder=str(state)))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
