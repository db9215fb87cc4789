"""Checking a host program: run it against a scenario's device on a pty, judge, keep what failed.

Real time and the operating system: `quecsim.live` serves the device meanwhile.
"""

ONE_OF_MANY = "--one-of-many"
"""The hidden option of one check of several: what is told of all together, and what its program
says meanwhile, is not its affair.
"""
