"""Which rules cannot be judged where a real device was listened to, and what that would take."""

from collections import defaultdict

from quecsim.trace.setup import Lack, Observed

_BOTH: tuple[Lack, ...] = ("host-bytes", "device-bytes")
_ORDER: tuple[Lack, ...] = (*_BOTH, "times")

# Rule -> what a record must not lack for it. Those not named need what both sides said.
_NEEDS: dict[str, tuple[Lack, ...]] = {
    "line-mismatch": ("line",),
    "flow-without-wires": ("line",),
    "data-before-connect": _ORDER,
    "no-wait-for-ack": _ORDER,
    "command-in-data-mode": (*_BOTH, "exact-bytes"),
    "gave-up-early": _ORDER,
    "left-in-data-mode": _ORDER,
    "data-before-prompt": _ORDER,
    "no-wait-for-result": _ORDER,
}
_NEVER = {"unread-answer", "never-read", "flushed-result", "unread-data"}
"""Nobody who listens at a line sees what the host has read of it."""

_WORDS: dict[Lack, str] = {
    "times": "the times",
    "byte-times": "the time of each byte",
    "host-bytes": "what the host said",
    "device-bytes": "what the device said",
    "exact-bytes": "the bytes as they were",
    "line": "the host's rate and flow control",
    "modem-lines": "the modem lines",
}


def unjudged(observed: Observed | None, rules: list[str]) -> dict[str, list[str]]:
    """What is missing, in words -> the rules that need it; empty for a run of our own."""
    found: dict[str, list[str]] = defaultdict(list)
    if observed is None:
        return found
    for rule in rules:
        if rule in _NEVER:
            found["what the host has read"].append(rule)
            continue
        missing = next((each for each in _NEEDS.get(rule, _BOTH) if each in observed.lacks), None)
        if missing is not None:
            found[_WORDS[missing]].append(rule)
    return found
