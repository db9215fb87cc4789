"""The answer: what happened to the bytes, computed from the events alone."""
