"""Captures that people have already (of an analyser, a terminal, a bus), read as what was said.

Files are read as streams, as often as needed, and never whole: a capture may be larger than memory.
What a capture cannot give is said in its `Source`, and never guessed.
"""
