"""What the module is: manufacturer, model and revision, as it says them itself."""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.step import Step

_ATTEMPTS = 3
_QUESTIONS = {
    "identity.manufacturer": ("+CGMI", "+GMI"),
    "identity.model": ("+CGMM", "+GMM"),
    "identity.revision": ("+CGMR", "+GMR", "+QVERSION"),
}


def _run(bench: Bench) -> Iterator[Finding]:
    for key, names in _QUESTIONS.items():
        yield _asked(bench, key, names)


def _asked(bench: Bench, key: str, names: tuple[str, ...]) -> Finding:
    for name in names:
        if said := answer(bench, name):
            return Finding(key, said, f"AT{name}")
    return not_measured(key, f"no answer to {' or '.join(f'AT{name}' for name in names)}")


def answer(bench: Bench, name: str) -> str:
    """The one line that the module answers to AT and `name`; "" for anything else.

    It is asked again where there are more lines: one may have come unasked.
    """
    for _ in range(_ATTEMPTS):
        reply = bench.command(f"AT{name}")
        if reply.ok and len(reply.lines) == 1:
            return reply.lines[0].removeprefix(f"{name}:").strip()
        if not reply.lines:
            break
    return ""


def marker(bench: Bench) -> str:
    """A command that answers one line and changes nothing. Raises NotMeasuredError."""
    for name in (name for names in _QUESTIONS.values() for name in names):
        if answer(bench, name):
            return name
    raise NotMeasuredError("the module has no command that tells what it is")


def said_of_itself(bench: Bench) -> str:
    """All that the module says it is, in its own words: ATI, and the commands above."""
    replies = [bench.command(f"AT{name}") for name in ("I", "+CGMM", "+GMM", "+CGMR", "+QVERSION")]
    return "\n".join(line for reply in replies if reply.ok for line in reply.lines)


STEP = Step(
    name="identity",
    title="asks the module what it is",
    seconds=1,
    keys=tuple(_QUESTIONS),
    run=_run,
)
