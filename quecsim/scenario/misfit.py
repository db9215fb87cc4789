"""What is told of something that cannot be in a scenario."""

from quecsim.profiles.toml_source import KeyPath

Misfit = tuple[KeyPath, str, str]
"""The key that it is about, a message, and a hint."""

KEY = "{key}"
"""Stands in a message for the key that it is about: `line.baud`, or the option `baud`."""
