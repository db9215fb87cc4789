"""What a command line asks for, read with the commands of a profile, without a device behind it."""

from dataclasses import dataclass, field
from typing import cast

from quecsim.at.context import Context, Handles, OpenFile
from quecsim.at.grammar import Call, Form, parse_body
from quecsim.at.results import AtError
from quecsim.at.settings import Settings, factory_settings
from quecsim.at.spec import Ask, Command
from quecsim.commands.catalogue import catalogue
from quecsim.device.transfers import asked
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Called
from quecsim.units import s

_PORT = "uart1"


@dataclass(slots=True)
class Asked:
    """One call of a line; `ask` is the transfer that it asks for, None for none."""

    name: str
    form: str
    ask: Ask | None = None
    arguments: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """A command line that has not been answered; `transfer` is the number of what it asked for."""

    number: int
    text: str
    calls: list[Asked] = field(default_factory=list)
    transfer: int = 0
    is_echoed: bool = False

    @property
    def name(self) -> str:
        """Of the last command; empty for a bare `AT`."""
        return self.calls[-1].name if self.calls else ""

    @property
    def ask(self) -> Ask | None:
        """The transfer that it asks for: the last one, if there are several on the line."""
        return next((each.ask for each in reversed(self.calls) if each.ask is not None), None)


class CallReader:
    """`handles` are the files that the real device has open, by the number that it gave them."""

    def __init__(self, profile: Profile) -> None:
        self.handles = Handles(0, 1 << 31)
        self._profile = profile
        self._catalogue = catalogue(profile)
        self._settings = factory_settings(profile, _PORT)
        self._keeps_spaces = profile.at.spaces == "kept"

    def read(self, at_ns: int, number: int, text: str) -> tuple[Line, list[Called]]:
        """The line, and its calls as events."""
        line, events = Line(number, text), []
        try:
            for call in parse_body(text, keeps_spaces=self._keeps_spaces):
                command = self._catalogue.get(call.name)
                events.append(self._called(at_ns, number, call, command))
                line.calls.append(self._asked(call, command))
        except AtError:
            pass  # the device says so itself
        return line, events

    def opened(self, handle: int, name: str) -> None:
        """The device has opened a file."""
        self.handles.files[handle] = cast("OpenFile", _Named(name))

    def closed(self, handle: int) -> str:
        """It has closed one; returns the name, empty where nobody saw it opened."""
        opened = self.handles.files.pop(handle, None)
        return opened.name if opened is not None else ""

    def _called(self, at_ns: int, number: int, call: Call, command: Command | None) -> Called:
        role = command.role if command is not None else ""
        allowed_ns = s(self._profile.files.command_s) if role else 0
        form = call.form.name.lower()
        return Called(at_ns, number, call.name, form, command is not None, role, allowed_ns)

    def _asked(self, call: Call, command: Command | None) -> Asked:
        context = cast("Context", _Standing(self._profile, self.handles, self._settings))
        ask = asked(command, call, context) if command is not None else None
        arguments = tuple("" if each is None else each.text for each in call.arguments)
        is_write = call.form is Form.WRITE
        return Asked(call.name, call.form.name.lower(), ask, arguments if is_write else ())


@dataclass(slots=True)
class _Standing:
    """As much of a device as it takes to read what a call asks for (`quecsim.at.asking`). Its
    settings are those of the factory: nobody follows what the host sets.
    """

    profile: Profile
    handles: Handles
    settings: Settings


@dataclass(slots=True)
class _Named:
    """An open file, of which only the name is known."""

    name: str
