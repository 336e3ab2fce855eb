"""Doubles of ORCID, ROR and the DOI resolver for the browser suite; prints where they are.

usage: python registries.py    runs until its standard input ends
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from doubles.lookups import Registries, agency_app, registries_app
from doubles.serving import served

state = Registries()
with served(agency_app(state)) as agency, served(registries_app(state)) as port:
    state.agency = f"http://127.0.0.1:{agency}/"
    print(f"http://127.0.0.1:{port}", flush=True)
    sys.stdin.read()
