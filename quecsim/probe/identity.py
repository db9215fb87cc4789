"""What the module is: manufacturer, model and revision, as it says them itself."""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.step import Step

_QUESTIONS = {
    "identity.manufacturer": ("AT+CGMI", "AT+GMI"),
    "identity.model": ("AT+CGMM", "AT+GMM"),
    "identity.revision": ("AT+CGMR", "AT+GMR", "AT+QVERSION"),
}


def _run(bench: Bench) -> Iterator[Finding]:
    for key, commands in _QUESTIONS.items():
        yield _asked(bench, key, commands)


def _asked(bench: Bench, key: str, commands: tuple[str, ...]) -> Finding:
    for command in commands:
        reply = bench.command(command)
        if reply.ok and reply.lines:
            name = f"+{command.partition('+')[2]}:"
            return Finding(key, reply.lines[0].removeprefix(name).strip(), command)
    return not_measured(key, f"no answer to {' or '.join(commands)}")


STEP = Step(
    name="identity",
    title="asks the module what it is",
    seconds=1,
    keys=tuple(_QUESTIONS),
    run=_run,
)
