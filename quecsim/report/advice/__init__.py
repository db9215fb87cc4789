"""What the host's bytes show, beyond where they went: commands that were none, and why; data that
does not fit its size; files that are no certificates. Each with what to do about it.
"""
