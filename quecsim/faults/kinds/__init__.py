"""The kinds of fault, one file for each. A file that is put here is found by `catalogue`."""
