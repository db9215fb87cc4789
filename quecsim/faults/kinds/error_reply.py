"""`error_reply`: a command answers with an error and does nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.at.grammar import Call, Form
from quecsim.at.results import AtError
from quecsim.faults.armed import Armed
from quecsim.faults.fault import Count, Fault, Number, Options, Problem, Target
from quecsim.faults.places import Places
from quecsim.faults.places.commands import CallFault, CommandFaults
from quecsim.faults.points import Aim

CommandName = Annotated[
    str,
    Meta(
        pattern=r"^(?:\+[A-Z0-9]{1,15}|&?[A-Z])(?:\?|=\?)?\Z",
        description="a command without AT, such as +QFUPL",
    ),
]
ErrorText = Annotated[
    str,
    Meta(
        pattern=r"^(?:ERROR|\+CME ERROR: [0-9]{1,5})\Z",
        description='"ERROR" or "+CME ERROR: 409"',
    ),
]
_SUFFIXES = {Form.READ: "?", Form.TEST: "=?"}


class ErrorReply(Fault, frozen=True, kw_only=True, tag="error_reply"):
    """A command answers with an error and does nothing: its calls `call` .. `call + times - 1`.

    `command` is how it is set or executed ("+QFUPL"); with `?` or `=?` at its end, how it is read
    or tested. AT+CMEE decides in which form the host gets to see the error, as with any other.
    """

    AIMS: ClassVar[Mapping[str, Aim]] = {"command": Aim("call")}
    ORDER: ClassVar[int] = 50
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"command": "+QFUPL", "reply": "+CME ERROR: 409"},
        {"command": "+QFUPL", "times": 10},
        {"command": "+QFDEL"},
        {"command": "+QFLST"},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {
            "command": ("+QFUPL", "+QFDEL", "+QFLST", "+CMEE", "+QFOPEN", "+QFWRITE"),
            "reply": ("ERROR", "+CME ERROR: 409", "+CME ERROR: 405"),
            "times": (1, 2),
        },
    )

    command: CommandName
    reply: ErrorText = "ERROR"
    call: Number = 1
    times: Count = 1

    def words(self) -> str:
        """As in `call 1 of AT+QFUPL and the 2 after it answers ERROR`."""
        more = f" and the {self.times - 1} after it" if self.times > 1 else ""
        return f"call {self.call} of AT{self.command}{more} answers {self.reply}"

    def misfits(self, target: Target) -> Iterator[Problem]:
        """The device must have the command."""
        yield from super().misfits(target)
        if not target.has_command(self.command):
            hint = f"See its commands: quecsim commands {target.title}"
            yield "command", f"{target.title} has no AT{self.command}", hint

    def arm(self, armed: Armed, places: Places) -> None:
        """Counts the calls from the next one on."""
        places.commands.watch(_Refuser(self, armed, places.commands))


@dataclass(slots=True)
class _Refuser(CallFault):
    fault: ErrorReply
    armed: Armed
    commands: CommandFaults

    def before_call(self, call: Call) -> None:
        fault, armed = self.fault, self.armed
        if call.name + _SUFFIXES.get(call.form, "") != fault.command:
            return
        armed.seen += 1
        if fault.call <= armed.seen < fault.call + fault.times:
            what = f"call {armed.seen} of AT{fault.command} answered {fault.reply}"
            armed.fire(self.commands.shared.now_ns, what)
            number = fault.reply.rpartition(": ")[2]
            raise AtError(int(number) if number.isdecimal() else None)
