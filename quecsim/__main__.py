"""`python -m quecsim`."""

from quecsim.cli.main import main

main()
