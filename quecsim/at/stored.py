"""Commands that only keep values: AT+X=1,2 sets them, AT+X? reads them back.

The values live in `Settings.config` under the command's name, and go with a restart.
"""

from collections.abc import Callable
from typing import TypeAlias

from quecsim.at.context import Context
from quecsim.at.keyed import Value, Values, merged, shown_value
from quecsim.at.spec import Command, Param

Initial: TypeAlias = Values | Callable[[Context], Values]
Check: TypeAlias = Callable[[Context, Values], None]


def stored(context: Context, name: str, initial: Initial) -> Values:
    """The values of the command `name`, or those of a new device."""
    fresh = initial(context) if callable(initial) else initial
    return context.settings.config.get(name, fresh)


def stored_command(
    name: str,
    title: str,
    source: str,
    params: tuple[Param, ...],
    initial: Initial,
    *,
    check: Check | None = None,
) -> Command:
    """A command that keeps one value for each of `params`; those left out stay as they are.

    `check` gets the new values, and may refuse them with AtError.
    """
    command = Command(name, title, source, params)

    @command.write
    def _set(context: Context, *given: Value | None) -> None:
        after = merged(given, stored(context, name, initial))
        if check is not None:
            check(context, after)
        context.settings.config[name] = after

    @command.read
    def _get(context: Context) -> str:
        values = stored(context, name, initial)
        return f"{name}: {','.join(map(shown_value, params, values))}"

    return command
