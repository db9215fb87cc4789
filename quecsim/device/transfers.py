"""The transfers of a run: numbered, one open at a time for each command, and none is forgotten.

A transfer is asked for by a call, may begin (data mode), and ends with the call, with the answer
that the command gives it before, or with the power. Whoever ends the call ends the transfer: no
handler can forget it.
"""

from dataclasses import replace

from quecsim.at.context import Context
from quecsim.at.grammar import Call, Form
from quecsim.at.spec import Ask, Command
from quecsim.device.ledger import Ledger
from quecsim.trace.event import TransferAsked, TransferEnd
from quecsim.trace.recorder import Recorder


class Transfers:
    """Numbers transfers from 1; `open` is the number of the one that has not ended, or 0.

    `line` is the number of the command line that runs.
    """

    def __init__(self, record: Recorder, ledger: Ledger) -> None:
        self.open = 0
        self.line = 0
        self._count = 0
        self._record = record
        self._ledger = ledger  # what becomes of the host's bytes belongs to the open transfer

    def ask(self, now_ns: int, command: str, ask: Ask) -> int:
        """The command that runs asks for a transfer; returns its number."""
        assert not self.open, "the transfer before it has not ended"
        self._count += 1
        self.open = self._ledger.transfer = self._count
        self._record.add(
            TransferAsked(
                now_ns,
                self._count,
                self.line,
                command,
                "in" if ask.is_in else "out",
                ask.name,
                ask.size,
                ask.timeout_ns,
                ask.upgrade,
            )
        )
        return self._count

    def begin(self, now_ns: int, command: str, ask: Ask) -> int:
        """Data mode begins: for the transfer that was asked for, or one that nobody did."""
        return self.open or self.ask(now_ns, command, ask)

    def end(self, now_ns: int, result: str, error: int | None = None, cause: str = "") -> None:
        """The transfer that is open, if there is one, is over."""
        if self.open:
            self._record.add(TransferEnd(now_ns, self.open, result, error, cause))
            self.open = self._ledger.transfer = 0


def asked(command: Command, call: Call, context: Context) -> Ask | None:
    """The transfer that a call of `command` asks for; None where it asks for none."""
    if command.asking is None:
        return None
    if call.form is Form.MALFORMED:
        return replace(command.asking(context, call) or Ask(""), size=0)
    return command.asking(context, call) if call.form is Form.WRITE else None
