"""Settings commands with keys, such as AT+QCFG="usbifc",2,2: declared, not programmed.

A `Setting` is a key and the values that a new device has. Values live in `Settings.config`, one
entry for each key and index. Without values the command is a query.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from quecsim.at.context import Context
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Key, Param, Text

Value: TypeAlias = int | str
Values: TypeAlias = tuple[Value, ...]
Lasts: TypeAlias = Literal["settings", "restart", "power", "always"]
Given: TypeAlias = tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key. `initial` are the factory's values, one for each parameter behind the index.

    `echoes_index`: the query's answer repeats the index (the SSL context). `check` may refuse with
    AtError what the host gives (None where it left a value out); `get` and `set` replace the place
    where the values live. Both get the context and the index; `set` the values too. `kept_as` is
    the key under which the values live, where this one is another spelling of it. `hides_off`: the
    first value is a switch, and a query shows nothing behind it where that is 0. `lasts`: until
    AT&W and the like say otherwise, until a restart, until the power goes, or always. `hidden` of
    the last parameters say how to set the others: they are not kept, and no query shows them.
    """

    key: Key
    initial: Values
    echoes_index: bool = True
    hides_off: bool = False
    lasts: "Lasts | Callable[[Context], Lasts]" = "settings"
    kept_as: str = ""
    hidden: int = 0
    check: Callable[[Context, Given], None] | None = None
    get: Callable[[Context, Values], Values] | None = None
    set: Callable[[Context, Values, Values], None] | None = None

    def values(self, context: Context, command: str, index: Values = ()) -> Values:
        """What is set now."""
        if self.get is not None:
            return self.get(context, index)
        return self._store(context).get(self._place(command, index), self.initial)

    def _store(self, context: Context) -> dict[str, Values]:
        lasts = self.lasts(context) if callable(self.lasts) else self.lasts
        if lasts == "settings":
            return context.settings.config
        if lasts == "always":
            return context.settings.saved
        return context.session if lasts == "restart" else context.powered

    def _place(self, command: str, index: Values) -> str:
        return place_of_values(command, self.kept_as or self.key.name, index)

    def change(self, context: Context, command: str, index: Values, given: Given) -> None:
        """Set the values that are given; those that are None stay as they are."""
        if self.check is not None:
            self.check(context, given)
        kept = given[: len(given) - self.hidden]
        after = merged(kept, self.values(context, command, index))
        if self.set is not None:
            self.set(context, index, after)
            return
        self._store(context)[self._place(command, index)] = after

    def text(self, command: str, index: Values, values: Values) -> str:
        """The query's answer."""
        params = self.key.params
        own = params[self.key.index : len(params) - self.hidden]
        shown = [f'"{self.key.name}"']
        if self.echoes_index:
            shown += [str(number) for number in index]
        own_shown = [shown_value(param, value) for param, value in zip(own, values, strict=True)]
        shown += own_shown[:1] if self.hides_off and values[0] == 0 else own_shown
        return f"{command}: {','.join(shown)}"


def settings_command(
    name: str,
    title: str,
    source: "str | Callable[[Context], str]",
    settings: Sequence[Setting],
    *,
    test_text: "str | Callable[[Context], str] | None" = None,
) -> Command:
    """A command whose write form sets or queries `settings`."""
    by_name = {setting.key.name: setting for setting in settings}
    command = Command(
        name,
        title,
        source,
        test_text=test_text,
        keys=tuple(setting.key for setting in settings),
    )

    @command.write
    def _configure(context: Context, key: Key, *values: int | str | None) -> str | None:
        setting = by_name[key.name]
        index = tuple(value for value in values[: key.index] if value is not None)
        given = values[key.index :]
        if all(value is None for value in given):
            return setting.text(name, index, setting.values(context, name, index))
        setting.change(context, name, index, given)
        return None

    return command


def need(*, holds: bool) -> None:
    """Plain ERROR unless `holds`: for a `check`."""
    if not holds:
        raise AtError


def place_of_values(command: str, key: str, index: Values) -> str:
    """Where in `Settings.config` the values of a key and index live."""
    return "/".join((command, key, *map(str, index)))


def merged(given: Given, before: Values) -> Values:
    """The new values: those that are given, and the old ones where None is."""
    return tuple(old if new is None else new for new, old in zip(given, before, strict=True))


def shown_value(param: Param, value: Value) -> str:
    """A value in an answer: text in quotes, numbers and words bare."""
    if isinstance(param, Text) and param.is_secret:
        value = "*" * len(str(value))
    return f'"{value}"' if isinstance(param, Text) else str(value)
