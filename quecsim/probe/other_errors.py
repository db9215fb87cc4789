"""Errors that have nothing to do with files, as far as they can be had without a network."""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.causes import KEYS, by_text, provoke, tell
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.step import Needs, Step

_PROVOKED = (
    ("incorrect_parameters", "+CMEE", "AT+CMEE=9"),
    ("http_no_request", "+QHTTPREAD", "AT+QHTTPREAD"),
)


def _run(bench: Bench) -> Iterator[Finding]:
    for cause, command, text in _PROVOKED:
        if bench.has(command):
            reply = provoke(bench, cause, by_text(bench, text))
            if reply.cme is None:  # then it may be about something else
                bench.numbers.pop(cause, None)
            bench.settle()
    if not bench.numbers:
        raise NotMeasuredError("the errors of this module have no numbers")
    yield from tell(bench)


STEP = Step(
    name="errors",
    title="asks for what makes no sense, to see its errors",
    seconds=1,
    keys=KEYS,
    run=_run,
    needs=Needs(settings=("AT+CMEE",)),
)
