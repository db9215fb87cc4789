"""Calls, of which there are none: ATH, ATO, +CPAS, +CLCC; ATL, ATM; +GCAP; and AT&V."""

from collections.abc import Iterable

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.grammar import Form
from quecsim.at.spec import Command, Integer
from quecsim.commands.socket_online import back_on_line

_V250 = "ITU-T V.250"
_EC2X = "EC25&EC21 AT Commands Manual"
_3GPP = "3GPP TS 27.007"

ATH = Command("H", "Hang up: there is no call", source=f"{_V250} 6.3.6; {_EC2X}",
              params=(Integer("n", allowed=(0,)),))  # fmt: skip
ATO = Command("O", "Back to transparent mode; there is no data call to go back to",
              source=f"{_V250} 6.3.7; {_EC2X}", params=(Integer("n", allowed=(0,)),))  # fmt: skip


@ATH.write
@ATH.execute
def _hang_up(_context: Context, _n: int = 0) -> None:
    """OK, also without a call."""


@ATO.write
@ATO.execute
def _resume(context: Context, _n: int = 0) -> Steps:
    return back_on_line(context)


def _speaker(name: str, title: str, clause: str, top: int, initial: int) -> Command:
    """ATL and ATM: kept, and nobody hears it. Without a number they set 0."""
    command = Command(name, title, f"{_V250} {clause}", (Integer("value", high=top),))

    @command.write
    @command.execute
    def _set(context: Context, value: int = 0) -> None:
        context.settings.registers[name] = value

    _SHOWN.append((name, initial))
    return command


_SHOWN: list[tuple[str, int]] = []
ATL = _speaker("L", "Loudspeaker volume", "6.3.13", 3, 0)
ATM = _speaker("M", "Loudspeaker mode", "6.3.14", 2, 0)

FCLASS = Command("+FCLASS", "Kind of connection: 0, data", source=f"{_V250} 6; ITU-T T.32",
                 params=(Integer("n", allowed=(0,)),))  # fmt: skip


@FCLASS.write
def _choose_data(_context: Context, _n: int) -> None:
    """OK: there is nothing else."""


@FCLASS.read
def _kind_of_connection(_context: Context) -> str:
    return "0"


CPAS = Command("+CPAS", "What the phone is doing: 0, ready", source=f"{_3GPP} 8.1; {_EC2X}",
               test_text="+CPAS: (0,3,4)")  # fmt: skip
CLCC = Command("+CLCC", "Calls that are going on: none", source=f"{_3GPP} 7.18; {_EC2X}",
               test_text="")  # fmt: skip
GCAP = Command("+GCAP", "Capabilities", source=f"{_V250} 6.1.9", test_text="")


@CPAS.execute
def _activity(_context: Context) -> str:
    return "+CPAS: 0"


@CLCC.execute
def _calls(_context: Context) -> list[str]:
    return []


@GCAP.execute
def _capabilities(_context: Context) -> str:
    return "+GCAP: +CGSM"


VIEW = Command("&V", "All settings, as they are now", source=f"{_V250}; {_EC2X}",
               params=(Integer("n", allowed=(0,)),))  # fmt: skip
_BASIC = (
    ("E", "echo"), ("Q", "quiet"), ("V", "verbose"), ("X", "extended"), ("&C", "dcd"),
    ("&D", "dtr"), ("S3", "s3"), ("S4", "s4"), ("S5", "s5"),
)  # fmt: skip
_REGISTERS = (("S0", 0), ("S7", 0), ("S10", 15))


@VIEW.write
@VIEW.execute
def _view(context: Context, _n: int = 0) -> Iterable[str]:
    settings = context.settings
    lines = [f"{name}: {getattr(settings, field)}" for name, field in _BASIC]
    for name, initial in (*_SHOWN, *_REGISTERS):
        lines.append(f"{name}: {settings.registers.get(name, initial)}")
    for command in context.commands:
        if command.is_setting:
            said = command.handlers[Form.READ](context)
            assert said is None or isinstance(said, str | list), command.name
            lines += [said] if isinstance(said, str) else said or []
    return lines


COMMANDS = (ATH, ATO, ATL, ATM, VIEW, FCLASS, CPAS, CLCC, GCAP)
