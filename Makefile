# Each door sets up what it needs, then opens a nox session; noxfile.py says what a session does.
.PHONY: demo test check bench fidelity changes pictures faults campaign
demo test check bench fidelity changes pictures faults campaign: ; @sh tools/set-up $@ && .venv-nox/bin/nox --session $@
