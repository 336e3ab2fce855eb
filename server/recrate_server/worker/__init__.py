"""What runs in a job's own process: one errand, its story told on the way, its result at the end.

Started as `python -m recrate_server.worker FOLDER`; stands on the core and on nothing of a server.
"""
