"""The last connection that the host asked for, and the last transfer over one: did they come about,
and does the host say so?
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.judge.conduct_rules import Breach, breach
from quecsim.report.connection import ClientTransfer, Connection, Outcome
from quecsim.report.model import Report

_BAD = (Outcome.FAILED, Outcome.REFUSED)
_UNKNOWN = (Outcome.WAITING,)


@dataclass(frozen=True, slots=True)
class ConnectionVerdict:
    """`sentence` is the report's, or says that nothing was known yet; empty where all is well, or
    nothing was asked for. `is_bad`: whoever says that all went well is wrong. `why` is a word.
    """

    sentence: str = ""
    is_bad: bool = False
    why: str = ""
    told: str = ""

    def unheeded(self, at_ns: int) -> list[Breach]:
        """The host says that all went well: whether it may."""
        if not self.is_bad:
            return []
        what = f"the host said that all went well, but {self.told}"
        return [breach("ignored-connection", at_ns, what)]


def connection_verdict(report: Report, left_ns: int | None = None) -> ConnectionVerdict:
    """What became of it, for a host that ended at `left_ns`, else at the end of the record."""
    made, transfer = _of_connections(report, left_ns), report.network.transfer
    last = next(iter(report.network.connections[-1:]), None)
    if transfer is None or (made.is_bad and last is not None and last.command):
        return made
    moved = _of_transfer(transfer, left_ns)
    if moved is not None or last is None or last.owner != transfer.client:
        return moved or made
    is_of_it = transfer.over_ns is not None and last.asked_ns <= transfer.over_ns
    return ConnectionVerdict() if is_of_it else made  # what became of it the transfer has told


def _of_connections(report: Report, left_ns: int | None) -> ConnectionVerdict:
    connections: Sequence[Connection] = report.network.connections
    if not connections:
        return ConnectionVerdict()
    last = connections[-1]
    if last.outcome in _UNKNOWN or (left_ns is not None and _decided_ns(last) > left_ns):
        if last.outcome is Outcome.CLOSED:
            return ConnectionVerdict()
        where = f" to {last.host}:{last.port}" if last.host else ""
        text = f"{last.owner} had no result yet for its connection{where}"
        return ConnectionVerdict(f"{text} when the host ended", True, "unanswered", text)
    if last.outcome not in _BAD:
        return ConnectionVerdict(last.sentence)
    told = f"{last.owner} had no connection"
    if last.command:
        told = f"{last.command} had said {last.code} to {last.owner}"
    return ConnectionVerdict(last.sentence, True, last.why, told)


def _of_transfer(last: ClientTransfer, left_ns: int | None) -> ConnectionVerdict | None:
    """None: all is well with it."""
    if last.over_ns is None or (left_ns is not None and last.over_ns > left_ns):
        text = f"{last.client} had no result yet for AT{last.command}"
        return ConnectionVerdict(f"{text} when the host ended", True, "unanswered", text)
    if not last.code:
        return None
    told = f"{last.command} had said {last.code} to {last.client}"
    return ConnectionVerdict(last.sentence, True, last.why or "refused", told)


def _decided_ns(made: Connection) -> int:
    """When it was known whether it would come about."""
    if made.outcome in _BAD:
        return made.over_ns or made.asked_ns
    return made.opened_ns or made.over_ns or made.asked_ns
