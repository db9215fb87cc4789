"""Was the host right? The verdict about its upload, its conduct, and whether the faults came.

    judge(report, events, claim=True, content=..., expected=...) -> Judgement

Works the same for a program on a pty and for a function in virtual time: from the report, the
events, and what the host says of itself (its exit code, or what it returns).
"""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from quecsim.judge.because import because
from quecsim.judge.conduct import ConductWatch
from quecsim.judge.conduct_rules import Breach, breach
from quecsim.judge.connection import ConnectionVerdict, connection_verdict
from quecsim.judge.file import FileVerdict, verdict_of
from quecsim.judge.proof import proof, says_enough
from quecsim.report.model import Advice, Loss, Report, Verdict
from quecsim.scenario.schema import Expect
from quecsim.trace.event import Event

_MOST_LOSSES = 20
_TOLD_HERE = ("line-settings", "lost")
_UNTRUE = {Verdict.LOST, Verdict.WRONG, Verdict.SHORT, Verdict.UNFINISHED, Verdict.BROKEN}


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a check, JSON-ready (docs/CHECK.md has the names).

    `verdict` is never `waiting`, since the run is over; `sentence` says it in words; `because` says
    in one sentence why, where the host's conduct (or the line) explains it. `claim` is what the
    host said: True for "it went well", None for nothing. The `breaches` count against it, `allowed`
    are the rules that were broken and are switched off, `notes` say what would have been a breach
    elsewhere. `quiet_faults` are faults of the scenario
    that never fired. `reasons` say why the check failed; they are empty where it `passed`. `cause`
    is short and the same for the same trouble: runs can be sorted by it. `losses` lists the first
    stretches of lost bytes of the upload, `advice` what the host's bytes show besides.
    `connection` says what became of the last connection, where it came to no good;
    `connection_failed`: it did not come about, or was of no use.
    """

    passed: bool
    verdict: Verdict
    sentence: str
    because: str
    name: str
    expect: Expect
    claim: bool | None
    breaches: list[Breach]
    allowed: list[str]
    notes: list[str]
    quiet_faults: list[str]
    lost: int
    losses: list[Loss]
    reasons: list[str]
    cause: str
    at_ns: int
    advice: list[Advice] = []
    connection: str = ""
    connection_failed: bool = False

    @property
    def headline(self) -> str:
        """What went wrong, in one sentence."""
        is_about_file = self.verdict is not Verdict.INTACT or not self.connection
        return self.because or (self.sentence if is_about_file else self.connection)


def judge(
    report: Report,
    events: Iterable[Event] | ConductWatch,
    *,
    claim: bool | None = None,
    content: bytes | None = None,
    expected: bytes | None = None,
    name: str = "",
    left_ns: int | None = None,
    allow: Collection[str] = (),
    expect: Expect = "intact",
    need_faults: bool = False,
    need_connection: bool = False,
    unfinished: str = "",
    has_read: bool = True,
) -> Judgement:
    """Judge one run.

    `events` are all of the run, or a watch that has seen them. `content` is what the device has
    under the name, b"" for no such file, None where it gives nothing out; `expected` are the bytes
    that should be there, if known. `name` is the file's name on the device, else that of the last
    upload. `left_ns` is the model time at which the host ended, else the end of the record.
    `unfinished` says why the host had to be stopped, if it had to. `has_read`: it has read of what
    the device said. `need_faults`, `need_connection`: it fails where one did not fire, or succeed.
    """
    watch = _watch(events, report.at_ns)
    told = verdict_of(report, name=name, content=content, expected=expected,
                      write_error=watch.write_error, unfinished=unfinished)  # fmt: skip
    may_fail = expect != "intact" and claim is False
    found = watch.breaches(left_ns, expected, may_fail=may_fail, was_stopped=bool(unfinished))
    connection = connection_verdict(report, left_ns)
    end_ns = left_ns if left_ns is not None else report.at_ns
    if claim:
        found += [*_beliefs(told, watch, found, end_ns), *_unheeded(connection, watch, end_ns)]
    found += [_deaf(end_ns)] if watch.has_spoken and not has_read else []
    breaches = [each for each in found if each.rule not in allow]
    wrong = _reasons(told, expect, claim, has_trouble(report), connection)
    reasons = wrong + _broken(breaches) or _silence(report)
    reasons += _needed(report, connection, faults=need_faults, connected=need_connection)
    return Judgement(
        passed=not reasons,
        verdict=told.verdict,
        sentence=_network(report) if expect == "no-upload" else told.sentence,
        because=_why(told, watch, breaches, was_stopped=bool(unfinished)),
        name=told.name,
        expect=expect,
        claim=claim,
        breaches=breaches,
        allowed=sorted({each.rule for each in found if each.rule in allow}),
        notes=watch.notes(),
        quiet_faults=quiet_faults(report),
        lost=told.upload.lost if told.upload else 0,
        losses=told.upload.losses[:_MOST_LOSSES] if told.upload else [],
        reasons=reasons,
        cause=_cause(told, breaches, reasons, claim, connection),
        at_ns=report.at_ns,
        advice=_advice(report, told),
        connection=connection.sentence,
        connection_failed=connection.is_bad,
    )


def _watch(events: Iterable[Event] | ConductWatch, now_ns: int) -> ConductWatch:
    if isinstance(events, ConductWatch):
        watch = events
    else:
        watch = ConductWatch()
        watch.feed(events)
    watch.until(now_ns)
    return watch


def _why(
    told: FileVerdict, watch: ConductWatch, breaches: Sequence[Breach], *, was_stopped: bool
) -> str:
    """The one sentence about it: first what no host can help, and at last what the host did."""
    if told.verdict is not Verdict.INTACT and watch.line.silence:
        return watch.line.silence
    return (watch.still_waits() if was_stopped else "") or because(told, breaches)


def _advice(report: Report, told: FileVerdict) -> list[Advice]:
    """What the report advises, but for what the judge tells himself, or knows better."""
    name = told.upload.name if told.upload and told.verdict is Verdict.INTACT else None
    return [
        each
        for each in report.advice
        if each.kind not in _TOLD_HERE
        and (each.name != name or each.kind.startswith(("certificate", "network")))
    ]


def _silence(report: Report) -> list[str]:
    return [] if report.counters.sent else ["the host wrote nothing to the port"]


def _quiet(faults: Sequence[str]) -> list[str]:
    return [f"{len(faults)} of the scenario's faults never fired"] if faults else []


def _needed(
    report: Report, connection: ConnectionVerdict, *, faults: bool, connected: bool
) -> list[str]:
    """What was wanted beside the file, and did not happen."""
    missing = _quiet(quiet_faults(report)) if faults else []
    if connected and not report.network.connections:
        missing.append("the host asked for no connection")
    elif connected and connection.is_bad:
        missing.append("the host's connection did not come about")
    return missing


def _network(report: Report) -> str:
    """What there was beside uploads."""
    made = report.network.connections
    out, into = sum(one.sent_bytes for one in made), sum(one.received_bytes for one in made)
    connections = f"{len(made)} connection" + ("" if len(made) == 1 else "s")
    told = f"{connections}, {out} bytes out, {into} in"
    if not report.ble.has_any:
        return told
    up, down = (
        sum(each.arrived for each in report.ble.transfers if each.way == way)
        for way in ("up", "down")
    )
    on_air = f"Bluetooth LE: {up} bytes out, {down} in"
    return f"{told}; {on_air}" if made else on_air


def quiet_faults(report: Report) -> list[str]:
    """The scenario's faults that never fired, in words."""
    return [each.text for each in report.faults if not each.fired]


def _beliefs(
    told: FileVerdict, watch: ConductWatch, found: Sequence[Breach], at_ns: int
) -> list[Breach]:
    """The host said that all went well, and it did not: what did it not look at?"""
    error = told.error or (watch.write_error[2] if watch.write_error else "")
    if told.verdict in (Verdict.REFUSED, Verdict.NONE) or (told.verdict in _UNTRUE and told.error):
        if not error or any(each.rule == "ignored-error" for each in found):
            return []
        what = f"the device had answered {error}, and the host said that all went well"
        return [breach("ignored-error", at_ns, what)]
    gone = {"gave-up-early", "left-in-data-mode"} & {each.rule for each in found}
    if told.verdict not in _UNTRUE or gone:
        return []
    said = f"the device said {told.summary}" if told.summary else "the device did not say so"
    if not says_enough(told.upload, told.verdict):
        said = f"{told.summary or 'OK'} counts bytes, and does not tell whether they are right"
    what = f"the host said that all went well, but {said}"
    found_out = breach("trusted-short-upload", at_ns, what)
    advice = proof(told.upload) or found_out.advice
    return [msgspec.structs.replace(found_out, advice=advice)]


def _unheeded(connection: ConnectionVerdict, watch: ConductWatch, at_ns: int) -> list[Breach]:
    """The same of the network."""
    return [*connection.unheeded(at_ns), *watch.unread(at_ns)]


def _deaf(at_ns: int) -> Breach:
    return breach("never-read", at_ns, "the host has read nothing of what the device said")


def has_trouble(report: Report) -> bool:
    """A fault has fired: a host may have been kept from learning that all went well."""
    return any(each.fired for each in report.faults)


def _reasons(
    told: FileVerdict,
    expect: Expect,
    claim: bool | None,
    is_troubled: bool,
    connection: ConnectionVerdict,
) -> list[str]:
    """Why the upload, or what the host says of it, is not as expected.

    A host that says that it failed may be right though the file is there: a connection has failed,
    or (`is_troubled`) a fault may have kept the answer from it.
    """
    is_excused = is_troubled or connection.is_bad
    is_intact = told.verdict is Verdict.INTACT
    if expect == "intact":
        if not is_intact:
            return [f"the upload is not intact: {told.verdict}"]
        is_wrong = claim is False and not connection.is_bad
        return ["the upload is intact, but the host said that it failed"] if is_wrong else []
    if expect == "no-upload":
        if told.verdict is not Verdict.NONE:
            return [f"no upload was expected, and there was one: {told.verdict}"]
        is_wrong = claim is False and not is_excused
        return ["the host said that it failed, and no connection of it did"] if is_wrong else []
    if expect == "failure" and is_intact:
        return ["the upload should have failed, and is intact"]
    if claim is None or claim == is_intact or (is_excused and not claim):
        return []
    if is_intact:
        return ["the upload is intact, but the host said that it failed"]
    return [f"the upload is not intact ({told.verdict}), but the host said that all went well"]


def _broken(breaches: Sequence[Breach]) -> list[str]:
    return [f"the host broke {rule}" for rule in dict.fromkeys(each.rule for each in breaches)]


def _cause(
    told: FileVerdict,
    breaches: Sequence[Breach],
    reasons: Sequence[str],
    claim: bool | None,
    connection: ConnectionVerdict,
) -> str:
    """A key for runs with the same trouble: verdict, cause of the first loss, rules."""
    if not reasons:
        return ""
    losses = told.upload.losses if told.upload else []
    words = [told.verdict, *(f"by-{loss.cause}" for loss in losses[:1])]
    if told.verdict is Verdict.INTACT and claim is False and not connection.is_bad:
        words.append("but-said-failed")
    if connection.is_bad:
        words.append(f"connection-{connection.why.replace(':', '-')}")
    if any("never fired" in reason for reason in reasons):
        words.append("quiet-faults")
    return " ".join([*words, *sorted({each.rule for each in breaches})])
