"""`python -m recrate`: the command line, for where the script is not on the PATH."""

from recrate.cli.main import main

main()
