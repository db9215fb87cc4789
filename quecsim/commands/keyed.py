"""Settings commands with keys, such as AT+QCFG="usbifc",2,2: declared, not programmed.

A `Setting` is a key, the values that a new device has, and whether a restart keeps them. Values
live in `Settings.config`, one entry for each key and index. Without values the command is a query.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quecsim.at.results import AtError
from quecsim.at.spec import Command, Key, Param, Text
from quecsim.commands.context import Context

Value: TypeAlias = int | str
Values: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key. `initial` are the factory's values, one for each parameter behind the index.

    `echoes_index`: the query's answer repeats the index (the SSL context). `is_kept`: the value
    survives a restart without AT&W. `check` may refuse values with AtError; `get` and `set` replace
    the place where the values live. Both get the context and the index; `set` the values too.
    """

    key: Key
    initial: Values
    echoes_index: bool = True
    is_kept: bool = False
    check: Callable[[Context, Values], None] | None = None
    get: Callable[[Context, Values], Values] | None = None
    set: Callable[[Context, Values, Values], None] | None = None

    def values(self, context: Context, command: str, index: Values = ()) -> Values:
        """What is set now."""
        if self.get is not None:
            return self.get(context, index)
        return context.settings.config.get(_place(command, self.key, index), self.initial)

    def change(
        self, context: Context, command: str, index: Values, given: Sequence[object]
    ) -> None:
        """Set the values that are given; those that are None stay as they are."""
        before = self.values(context, command, index)
        after = tuple(
            new if isinstance(new, (int, str)) else old
            for new, old in zip(given, before, strict=True)
        )
        if self.check is not None:
            self.check(context, after)
        if self.set is not None:
            self.set(context, index, after)
            return
        place = _place(command, self.key, index)
        context.settings.config[place] = after
        if self.is_kept:
            context.kept.config[place] = after

    def text(self, command: str, index: Values, values: Values) -> str:
        """The query's answer."""
        params = self.key.params
        own = params[self.key.index :]
        shown = [f'"{self.key.name}"']
        if self.echoes_index:
            shown += [str(number) for number in index]
        shown += [_shown(param, value) for param, value in zip(own, values, strict=True)]
        return f"{command}: {','.join(shown)}"


def settings_command(
    name: str,
    title: str,
    source: "str | Callable[[Context], str]",
    settings: Sequence[Setting],
    *,
    bad_parameter: int | None = None,
    test_text: "str | Callable[[Context], str] | None" = None,
) -> Command:
    """A command whose write form sets or queries `settings`."""
    by_name = {setting.key.name: setting for setting in settings}
    command = Command(
        name,
        title,
        source,
        bad_parameter=bad_parameter,
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


def _place(command: str, key: Key, index: Values) -> str:
    return "/".join((command, key.name, *map(str, index)))


def _shown(param: Param, value: Value) -> str:
    return f'"{value}"' if isinstance(param, Text) else str(value)
