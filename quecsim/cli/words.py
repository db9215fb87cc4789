"""The words of the command line: options with their old names, and what was probably meant.

A word that was renamed goes on for one release: the old one does the same, is not shown in the
help, and says on standard error what it is called now.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click
from click.core import ParameterSource

Function = TypeVar("Function", bound=Callable[..., Any])


def note_old(old: str, new: str) -> None:
    """Say that `old` is called `new` now."""
    click.echo(f"quecsim: {old} is called {new} now; the old word goes with the next release",
               err=True)  # fmt: skip


class OldOption(click.Option):
    """A hidden option under its old word: its value goes to the option `new`.

    `means` is the value that an old flag stands for.
    """

    def __init__(self, words: Sequence[str], *, new: str, means: Any = None, **more: Any) -> None:
        self.new, self.means = new, means
        self.word = words[0]
        field = f"old_{self.word.strip('-').replace('-', '_')}"
        super().__init__([*words, field], hidden=True, **more)

    def hand_over(self, ctx: click.Context) -> None:
        """What was given under the old word is given under the new one."""
        assert self.name is not None
        value = ctx.params.pop(self.name, None)
        is_given = ctx.get_parameter_source(self.name) is ParameterSource.COMMANDLINE
        if not is_given or ctx.resilient_parsing:
            return
        new = next(each for each in ctx.command.params if self.new in each.opts)
        assert new.name is not None
        told = self.new if self.means is None else f"{self.new} {self.means}"
        note_old(self.word, told)
        ctx.params[new.name] = value if self.means is None else self.means


def option(*words: str, old: str = "", **more: Any) -> Callable[[Function], Function]:
    """`click.option`, and the same under its `old` word."""
    new = next(word for word in words if word.startswith("--"))
    if hasattr(more.get("type"), "metavar"):
        more.setdefault("metavar", more["type"].metavar)

    def add(function: Function) -> Function:
        if old:
            kept = {key: value for key, value in more.items() if key in ("type", "multiple")}
            function = click.option(old, cls=OldOption, new=new, **kept)(function)
        return click.option(*words, **more)(function)

    return add


class KnowsWords(click.Command):
    """What all commands have: old words are taken, and what was probably meant is said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take old words for new ones."""
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise no_option(error, self.params, ctx) from None
        for each in self.params:
            if isinstance(each, OldOption):
                each.hand_over(ctx)
        return rest


class Command(KnowsWords):
    """A command."""


class Group(KnowsWords, click.Group):
    """A group of commands."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand. Raises click.UsageError with the one that was probably meant."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            from quecsim.profiles.toml_check import did_you_mean

            message = f'there is no command "{args[0]}". {did_you_mean(args[0], known)}'
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)


class UnknownOption(click.UsageError):
    """An option that the command has not."""


def no_option(
    error: click.NoSuchOption, params: Iterable[click.Parameter], ctx: click.Context
) -> click.UsageError:
    """No such option: with the nearest that is not hidden."""
    from difflib import get_close_matches

    shown = [
        word
        for each in params
        for word in each.opts
        if not getattr(each, "hidden", False) and word.startswith("--")
    ]
    near = get_close_matches(error.option_name, [*shown, "--help"], n=1)
    advice = f'. Did you mean "{near[0]}"?' if near else ""
    return UnknownOption(f'there is no option "{error.option_name}"{advice}', ctx)
