"""Checking a host program: run it against a scenario's device on a pty, judge, keep what failed.

Real time and the operating system: `quecsim.live` serves the device meanwhile.
"""
