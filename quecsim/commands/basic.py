"""V.250 basic commands: echo, result codes, S-registers, profiles, error reports."""

from quecsim.at.context import Context
from quecsim.at.effects import AfterReply, Steps
from quecsim.at.results import Cme
from quecsim.at.settings import Settings, factory_settings
from quecsim.at.spec import Command, Integer

_EC2X = "EC25&EC21 AT Commands Manual"


def _switch(name: str, title: str, field: str, values: tuple[int, ...], bare: int) -> Command:
    """A basic command that sets one setting, such as ATE0; `bare` is what `ATE` means."""
    command = Command(
        name,
        title,
        source=f"ITU-T V.250; {_EC2X}",
        params=(Integer("value", allowed=values),),
    )

    @command.write
    def _set(context: Context, value: int) -> None:
        setattr(context.settings, field, value)

    @command.execute
    def _set_bare(context: Context) -> None:
        setattr(context.settings, field, bare)

    return command


def _register(name: str, title: str, field: str) -> Command:
    """An S-register that the line editor uses."""
    command = Command(
        name,
        title,
        source=f"ITU-T V.250 6.2; {_EC2X}",
        params=(Integer("n", high=127),),
    )

    @command.write
    def _set(context: Context, value: int) -> None:
        setattr(context.settings, field, value)

    @command.read
    def _get(context: Context) -> str:
        return f"{getattr(context.settings, field):03}"

    return command


def _plain_register(name: str, title: str, initial: int, high: int) -> Command:
    """An S-register that is kept and read back, with no effect on an upload."""
    command = Command(
        name,
        title,
        source=f"ITU-T V.250 6.3; {_EC2X}",
        params=(Integer("n", high=high),),
    )

    @command.write
    def _set(context: Context, value: int) -> None:
        context.settings.registers[name] = value

    @command.read
    def _get(context: Context) -> str:
        return f"{context.settings.registers.get(name, initial):03}"

    return command


RESET = Command("Z", "Restore the kept profile", source=f"ITU-T V.250 6.1.1; {_EC2X}",
                params=(Integer("value", allowed=(0,)),))  # fmt: skip
FACTORY = Command("&F", "Factory settings", source=f"ITU-T V.250 6.1.2; {_EC2X}",
                  params=(Integer("value", allowed=(0,)),))  # fmt: skip
KEEP = Command("&W", "Keep the settings as profile 0", source=_EC2X,
               params=(Integer("value", allowed=(0,)),))  # fmt: skip


@RESET.write
@RESET.execute
def _restore(context: Context, value: int = 0) -> Steps:  # noqa: ARG001 - only profile 0 exists
    return _take_over(context, context.kept)


@FACTORY.write
@FACTORY.execute
def _factory(context: Context, value: int = 0) -> Steps:  # noqa: ARG001
    return _take_over(context, factory_settings(context.profile, context.port_name))


def _take_over(context: Context, settings: Settings) -> Steps:
    """The line must follow where flow control changes: a held transmitter would stay held."""
    ifc = context.settings.ifc
    context.settings.restore(settings)
    if context.settings.ifc != ifc:
        yield AfterReply(context.control.apply_line)


@KEEP.write
@KEEP.execute
def _keep(context: Context, value: int = 0) -> None:  # noqa: ARG001
    context.kept = context.settings.copy()


CMEE = Command(
    "+CMEE",
    "Report mobile equipment error",
    source=f"3GPP TS 27.007 9.1; {_EC2X}",
    params=(Integer("n", allowed=(0, 1, 2)),),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_setting=True,
)


@CMEE.write
def _set_cmee(context: Context, n: int) -> None:
    context.settings.cmee = n


@CMEE.read
def _get_cmee(context: Context) -> str:
    return f"+CMEE: {context.settings.cmee}"


COMMANDS = (
    _switch("E", "Echo", "echo", (0, 1), 0),
    _switch("V", "Verbose or numeric result codes", "verbose", (0, 1), 0),
    _switch("Q", "Suppress result codes", "quiet", (0, 1), 0),
    _switch("X", "Call progress result codes", "extended", (0, 1, 2, 3, 4), 0),
    _switch("&C", "DCD behaviour", "dcd", (0, 1), 0),
    _switch("&D", "DTR behaviour", "dtr", (0, 1, 2), 0),
    _plain_register("S0", "Rings before automatic answer", 0, 255),
    _register("S3", "Command line termination character", "s3"),
    _register("S4", "Response formatting character", "s4"),
    _register("S5", "Command line editing character", "s5"),
    _plain_register("S7", "Seconds to wait for connection completion", 0, 255),
    _plain_register("S10", "Disconnect delay", 15, 254),
    RESET,
    FACTORY,
    KEEP,
    CMEE,
)
