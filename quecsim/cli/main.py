"""The `quecsim` command: finds the subcommand, and turns mistakes into one message.

Exit codes: 0 all well, 1 the host program or the upload fell short, 2 the user's own mistake,
70 ours.
"""

import errno
import os
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

import quecsim
from quecsim.cli import screen
from quecsim.cli.plain_output import show_plainly
from quecsim.cli.words import Group
from quecsim.errors import InternalError, QuecsimError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VARIABLE = "_QUECSIM_COMPLETE"  # asks for completion; see click.shell_completion
_OUR_FAILURE = 70  # EX_SOFTWARE of sysexits.h

# name -> (module, attribute, help); a subcommand is imported only when it is used.
_COMMANDS = {
    "run": ("quecsim.cli.run", "run", "Be a device on a pseudo terminal."),
    "ctl": ("quecsim.cli.ctl", "ctl", "Look into a running simulator, and steer it."),
    "check": ("quecsim.cli.check", "check", "Is a host program right? Run it, and judge."),
    "fuzz": ("quecsim.cli.fuzz", "fuzz", "Find the scenario that breaks an uploader."),
    "replay": ("quecsim.cli.replay", "replay", "Run saved cases again."),
    "upload": ("quecsim.cli.upload", "upload", "Upload a file to a device, real or simulated."),
    "explain": ("quecsim.cli.explain", "explain", "What happened to a file, from two numbers."),
    "demo": ("quecsim.cli.demo", "demo", "See where the bytes of an upload get lost, and why."),
    "package": ("quecsim.cli.package", "package", "Make a firmware package, or look at one."),
    "authority": ("quecsim.cli.authority", "authority", "Certificates for servers in process."),
    "compare": ("quecsim.cli.compare", "compare", "Does a profile behave as a module?"),
    "probe": ("quecsim.cli.probe", "probe", "Measure a real module, and write its profile."),
    "devices": ("quecsim.cli.devices", "devices", "The devices, and how each value is known."),
    "commands": ("quecsim.cli.commands", "commands", "The AT commands that a device has."),
    "play": ("quecsim.cli.play", "play", "Play a scenario's dialogue, line by line."),
    "scenarios": ("quecsim.cli.scenarios", "scenarios", "The scenarios that come with quecsim."),
    "sweep": ("quecsim.cli.sweep", "sweep", "Which chunk sizes and delays are safe?"),
    "completion": ("quecsim.cli.completion", "completion", "Let your shell complete all this."),
    "help": ("quecsim.cli.help_command", "help_", "The help of a command, as --help."),
    "import": ("quecsim.cli.import_command", "import_", "Make a record of a capture."),
    "tap": ("quecsim.cli.tap", "tap", "Listen between a host program and a real module."),
    "report": ("quecsim.cli.report", "report", "Explain a recorded trace."),
}


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What the user's system refuses, wherever we happen to be when it does: no mistake of ours.
_OF_THE_SYSTEM = {
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "the whole system has too many files open",
    errno.ENOMEM: "free some memory, or raise the limit (ulimit -v)",
    errno.EAGAIN: "raise the limit of processes and threads (ulimit -u)",
    errno.ENAMETOOLONG: "use a shorter name",
    errno.EACCES: "choose a place where you may read and write",
    errno.EPERM: "choose a place where you may read and write",
    errno.EROFS: "choose another disk",
    errno.EIO: "look at the disk",
    **dict.fromkeys(_NO_ROOM, "free some room, or raise the limit of a file's size (ulimit -f)"),
}


class LazyGroup(Group):
    """A group whose subcommands are imported when needed, so that starting is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The commands, without importing any."""
        from click.shell_completion import CompletionItem

        names = [name for name in _COMMANDS if name.startswith(incomplete)]
        found = [CompletionItem(name, help=_COMMANDS[name][2]) for name in names]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in _COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(quecsim.__version__, prog_name="quecsim")
def cli() -> None:
    """A simulated Quectel module at the end of a serial port.

    Shows which bytes of an upload were lost, when, and why.
    """


def main() -> None:
    """Entry point: run, and exit with the right code. A user's mistake gets no traceback."""
    if not __debug__:
        _fail(QuecsimError("quecsim does not run under python -O: it relies on its assertions"))
    _need_streams()
    show_plainly()
    warnings.showwarning = _warn
    try:
        code = cli.main(prog_name="quecsim", complete_var=VARIABLE, standalone_mode=False)
    except QuecsimError as error:
        _fail(error)
    except InternalError as failure:
        screen.message(str(failure))
        sys.exit(_OUR_FAILURE)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has left; there is nobody to tell.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if error.errno in _NO_ROOM and error.filename is None:
            _forget_output()
            hint = "free some, or write elsewhere"
            _fail(QuecsimError("there is no room for the output", hint=hint))
        if error.errno not in _OF_THE_SYSTEM:
            raise
        _fail(_of_the_system(error))
    sys.exit(code if isinstance(code, int) else 0)


def _need_streams() -> None:
    """A shell may close our output (`>&-`); writing then goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - open until the end
            setattr(sys, name, nowhere)


def _warn(message: Warning | str, *_details: object, **_more: object) -> None:
    """A warning of ours is for the user, who does not care for the line of code."""
    screen.message(str(message))


def _forget_output() -> None:
    """What the full disk did not take has no place to go: Python would try it again at its end."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _of_the_system(error: OSError) -> QuecsimError:
    is_about_file = error.filename is not None and error.errno not in (errno.EMFILE, errno.ENFILE)
    where = str(error.filename) if is_about_file else ""
    hint = _OF_THE_SYSTEM[error.errno or 0]
    return QuecsimError((error.strerror or str(error)).lower(), where=where, hint=hint)


def _fail(error: QuecsimError) -> None:
    screen.message(str(error))
    sys.exit(2)
