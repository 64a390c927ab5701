"""`python -m feedgen_kusama` is the command."""

from feedgen_kusama.cli import main

main(prog_name="feedgen-kusama")
