"""Files of a run that other programs open: one module for each kind.

A writer takes a `Recorded` and a binary stream. The same record gives the same bytes.
"""
