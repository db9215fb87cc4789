"""Commands that only keep values: AT+X=1,2 sets them, AT+X? reads them back.

The values live in `Settings.config` under the command's name, where AT&W keeps them and a restart
forgets the others; or in `Settings.saved`, where nothing but the host changes them.
"""

from collections.abc import Callable
from typing import TypeAlias

from quecsim.at.context import Context
from quecsim.at.keyed import Value, Values, merged, shown_value
from quecsim.at.results import Cme, Cms
from quecsim.at.spec import Command, Param

Initial: TypeAlias = Values | Callable[[Context], Values]
Check: TypeAlias = Callable[[Context, Values], None]
Shows: TypeAlias = Callable[[Context, Values], str]


def stored(context: Context, name: str, initial: Initial, *, is_saved: bool = False) -> Values:
    """The values of the command `name`, or those of a new device."""
    fresh = initial(context) if callable(initial) else initial
    return place(context, is_saved=is_saved).get(name, fresh)


def place(context: Context, *, is_saved: bool) -> dict[str, Values]:
    """Where the values of commands live: with the settings, or among what is saved at once."""
    return context.settings.saved if is_saved else context.settings.config


def stored_command(
    name: str,
    title: str,
    source: "str | Callable[[Context], str]",
    params: tuple[Param, ...],
    initial: Initial,
    *,
    check: Check | None = None,
    shows: Shows | None = None,
    bad_parameter: Cme | Cms | None = None,
    test_text: "str | Callable[[Context], str] | None" = None,
    is_saved: bool = False,
) -> Command:
    """A command that keeps one value for each of `params`; those left out stay as they are.

    `check` gets the new values, and may refuse them with AtError; `shows` makes the answer's text
    of them. `is_saved`: they are kept at once, whatever AT&W, ATZ and AT&F do.
    """
    command = Command(
        name, title, source, params, bad_parameter, test_text=test_text, is_setting=True
    )

    @command.write
    def _set(context: Context, *given: Value | None) -> None:
        after = merged(given, stored(context, name, initial, is_saved=is_saved))
        if check is not None:
            check(context, after)
        place(context, is_saved=is_saved)[name] = after

    @command.read
    def _get(context: Context) -> str:
        values = stored(context, name, initial, is_saved=is_saved)
        if shows is not None:
            return f"{name}: {shows(context, values)}"
        return f"{name}: {','.join(map(shown_value, params, values))}"

    return command
