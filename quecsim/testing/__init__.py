"""For tests: run hosts against devices in virtual time and look at what came of it."""
