"""What `quecsim probe` says: the plan, and what came of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

if TYPE_CHECKING:
    from quecsim.probe.finding import Finding
    from quecsim.probe.plan import Plan
    from quecsim.probe.probe import Probed
    from quecsim.probe.profile_writer import Written
    from quecsim.profiles.schema import Profile

_S_PER_MINUTE = 60
_LONG_CHARS = 60


def minutes(seconds: int) -> str:
    """`40 s`, `3 min`."""
    if seconds < 2 * _S_PER_MINUTE:
        return f"{max(seconds, 1)} s"
    return f"{round(seconds / _S_PER_MINUTE)} min"


def plan_lines(plan: "Plan") -> Iterator[str]:
    """What will be done to the module, and how long it takes."""
    needs = plan.needs
    yield f"{len(plan.steps)} steps, about {minutes(plan.seconds)}:"
    for step in plan.steps:
        yield f"  {step.name:12} {step.title}"
    yield "It makes files of its own, QSIMPROBE000.TMP and so on, and deletes them:"
    yield f"  {_kilobytes(needs.storage_bytes)} at a time, {_kilobytes(needs.written_bytes)} in all"
    settings = dict.fromkeys(("echo", "AT+CMEE", *needs.settings))
    yield f"It changes, and puts back: {', '.join(settings)}"
    if needs.restarts:
        yield "It restarts the module (--allow-reset)."
    yield "Nothing else may talk to the module meanwhile. Ctrl-C ends it, and puts all back."


def _kilobytes(count: int) -> str:
    return f"{-(-count // 1000)} kB"


def as_text(
    base: "Profile", probed: "Probed", written: "Written", out: Path | None, log: Path
) -> str:
    """What came of it, for people."""
    lines = []
    for each in written.measured:
        usual = _value(base, each)
        if each.value != usual:
            value, usual = _unlike(each.value, usual)
            how = base.provenance[each.key].how if each.key in base.provenance else "not there"
            lines.append(f"{each.key} = {_short(value)}")
            lines.append(f"    {base.name} has {_short(usual)} ({how}); {each.method}")
    lines.append(
        f"{_counted(written)}, {len(written.missing)} could not be"
        f"{f'; {probed.stopped}' if probed.stopped else ''}"
    )
    if out is not None:
        lines.append(f"profile: {out}, nearest to {base.name}; log: {log}")
    lines += [f"could not be put back: {words}" for words in probed.not_restored]
    return "\n".join(lines)


def _value(base: "Profile", finding: "Finding") -> Any:
    part, _, name = finding.key.partition(".")
    return getattr(getattr(base, part, None), name, None)


def _unlike(value: Any, usual: Any) -> tuple[Any, Any]:
    """Of two tables only what is not the same."""
    if not (isinstance(value, dict) and isinstance(usual, dict)):
        return value, usual
    keys = [key for key in {**usual, **value} if value.get(key) != usual.get(key)]
    return {key: value.get(key) for key in keys}, {key: usual.get(key) for key in keys}


def _short(value: Any) -> str:
    text = json.dumps(to_builtins(value))
    return text if len(text) <= _LONG_CHARS else f"{text[:_LONG_CHARS]}..."


def as_json(
    base: "Profile", probed: "Probed", written: "Written", out: Path | None, log: Path
) -> str:
    """What came of it, as JSON."""
    return json.dumps(
        {
            "base": base.name,
            "profile": str(out) if out is not None else None,
            "log": str(log),
            "stopped": probed.stopped,
            "not_restored": probed.not_restored,
            "notes": probed.notes,
            "measured": [_fields(each) for each in written.measured],
            "missing": [{"key": each.key, "why_not": each.why_not} for each in written.missing],
        },
        indent=2,
    )


def _fields(finding: "Finding") -> dict[str, Any]:
    return {
        "key": finding.key,
        "value": to_builtins(finding.value),
        "method": finding.method,
        "runs": finding.runs,
        "low": to_builtins(finding.low),
        "high": to_builtins(finding.high),
    }


def _counted(written: "Written") -> str:
    in_part = sum(each.is_in_part for each in written.measured)
    more = f", {in_part} tables in part" if in_part else ""
    return f"{len(written.measured) - in_part} values measured{more}"
