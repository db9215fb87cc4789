"""Does a profile behave as a module? The host's bytes of a record are said to the simulated device
of a profile, and what both said is laid side by side. On a port the host is a script of ours,
spoken through the probe's bench; everything else is pure: records in, differences out.
"""
