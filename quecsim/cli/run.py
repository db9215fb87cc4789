"""`quecsim run`: be a device on a pseudo terminal, perhaps with a host program to go with it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from types import FrameType
from typing import Any

import click

from quecsim.errors import QuecsimError
from quecsim.live.simulator import Simulator
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall
from quecsim.trace.event import Event, LineMismatch, Power

_SETTLE_S = 10.0  # how long the line may take to fall silent after the host program has ended
_KILL_S = 5.0
_STALL_MOST_MS = 600_000
_STALL = re.compile(r"(every)?(\d+):(\d+)")


class RunCommand(click.Command):
    """A command line whose part after `--` is the host program."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the program away from click's own parsing."""
        if "--" in args:
            place = args.index("--")
            ctx.meta["program"] = args[place + 1 :]
            args = args[:place]
        return super().parse_args(ctx, args)


class StallType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`BYTE:MS` or `everyN:MS`."""

    name = "stall"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Stall:
        """Parse one --stall."""
        match = _STALL.fullmatch(str(value))
        if match is None or not int(match[2]) or not 0 < int(match[3]) <= _STALL_MOST_MS:
            self.fail(f"{value!r}: write BYTE:MS or everyN:MS, for instance 1:45 or every256:40",
                      param, ctx)  # fmt: skip
        count, stall_ms = int(match[2]), int(match[3])
        if match[1]:
            return Stall(stall_ms=stall_ms, every_bytes=count)
        return Stall(stall_ms=stall_ms, at_byte=count)


@click.command(
    cls=RunCommand,
    epilog="Everything after -- is a host program: {port} in its arguments becomes the port's "
    "path, QUECSIM_PORT holds it too, and the run ends when the program does.",
)
@click.argument("device", required=False)
@click.option("--scenario", metavar="FILE", help="A scenario file, or the name of a shipped one.")
@click.option("--port", type=click.Choice(["uart", "usb"]), help="Main UART or USB AT port.")
@click.option("--link", metavar="PATH", help="A stable name for the port, removed at the end.")
@click.option("--ufs", metavar="IMAGE", help="Keep the storage in this littlefs image file.")
@click.option("--trace", metavar="FILE", help="Write everything that happens as JSON lines.")
@click.option("--json", "as_json", is_flag=True, help="Reports as JSON on standard output.")
@click.option("--power-on", is_flag=True, help="Begin at power-up, with the start-up texts.")
@click.option("--restore", is_flag=True, help="Put the factory's firmware back first.")
@click.option("--time-scale", type=click.FloatRange(0.001, 1000), metavar="X",
              help="Model seconds per real second.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), help="Seed of everything that is drawn.")
@click.option("--flash", type=click.Choice(["typical", "worst", "drawn", "instant"]),
              help="How fast the flash is.")  # fmt: skip
@click.option("--speed", type=click.Choice(["paced", "unlimited"]),
              help="Pace the line at its baud rate, or not at all.")  # fmt: skip
@click.option("--baud", type=click.IntRange(50, 4_000_000), metavar="N",
              help="The host's baud rate, whatever its port settings say.")  # fmt: skip
@click.option("--flow", type=click.Choice(["auto", "none", "rtscts", "xonxoff"]),
              help="The host's flow control; auto: what its port settings say.")  # fmt: skip
@click.option("--no-wires", is_flag=True, help="RTS and CTS are not connected.")
@click.option("--garble", is_flag=True, help="A wrong baud rate spoils the bytes.")
@click.option("--lag", "lag_bytes", type=click.IntRange(0, 65536), metavar="N",
              help="Bytes the host still sends after RTS is gone.")  # fmt: skip
@click.option("--reopen", "reopen_ms", type=click.IntRange(0, 600_000), metavar="MS",
              help="Deaf for MS after AT+IPR, AT+ICF and AT+IFC.")  # fmt: skip
@click.option("--ring", "ring_bytes", type=click.IntRange(16, 1 << 20), metavar="N",
              help="Size of the device's receive ring in bytes.")  # fmt: skip
@click.option("--stall", "stalls", type=StallType(), multiple=True, metavar="BYTE:MS",
              help="Stop for MS at a byte of an upload, or each time (everyN:MS).")  # fmt: skip
@click.pass_context
def run(ctx: click.Context, /, **options: Any) -> int:
    """Be DEVICE (ec200u) on a pseudo terminal until stopped.

    The port's path is the first line of standard output. When the run ends (Ctrl-C, SIGTERM), and
    on SIGUSR1, what happened to the bytes is told on standard error.
    """
    files = {name: options.pop(name) for name in ("ufs", "trace", "link")}
    as_json, power_on = options.pop("as_json"), options.pop("power_on")
    device, scenario = options.pop("device"), options.pop("scenario")
    options["wires"] = False if options.pop("no_wires") else None
    options["garble"], options["restore"] = options["garble"] or None, options["restore"] or None
    made = make_scenario(device, scenario, **options)
    with Signals() as signals:  # first: from here on, whatever is made is also removed
        runner = Runner(_open(made, files, is_up=not power_on), signals, as_json=as_json)
        return runner.run(ctx.meta.get("program"))


def _open(scenario: Scenario, files: dict[str, str | None], *, is_up: bool) -> Simulator:
    return Simulator(
        scenario,
        image=files["ufs"],
        trace=files["trace"],
        link=files["link"],
        is_up=is_up,
        watch=_announce,
        tell=_say,
    )


def _announce(events: Iterable[Event]) -> None:
    """Tell people at once what they will want to know at once."""
    for event in events:
        if isinstance(event, LineMismatch):
            what = "its bytes arrive garbled" if event.garbled else "a real line would garble this"
            _say(f"the host is at {event.host}, the device at {event.device}: {what}")
        elif isinstance(event, Power) and event.state == "dead":
            _say("the device does not start: its power went during a firmware upgrade; "
                 "--restore puts the factory's firmware back")  # fmt: skip
        elif isinstance(event, Power) and event.why not in ("already up",):
            _say(f"the device is {event.state} ({event.why})")


def _say(text: str) -> None:
    click.echo(f"quecsim: {text}", err=True)


class Signals:
    """What signals have asked for, remembered from `with` on, before there is a loop to wake."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.wants_report = False

    def __enter__(self) -> "Signals":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_report)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        return self

    def __exit__(self, *_details: object) -> None:
        self.wake(-1)

    def wake(self, descriptor: int) -> None:
        """Every signal writes a byte to `descriptor`; -1: none does."""
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopped = True

    def _on_report(self, _number: int, _frame: FrameType | None) -> None:
        self.wants_report = True


def _wants_colour() -> bool:
    """Colour on a terminal, unless it is unwanted (no-color.org) or cannot be."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not is_plain


class Runner:
    """Serves a simulator under signals, with or without a host program."""

    def __init__(self, simulator: Simulator, signals: Signals, *, as_json: bool) -> None:
        self._simulator = simulator
        self._signals = signals
        self._as_json = as_json
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, program: list[str] | None) -> int:
        """Run to the end; returns the exit code."""
        simulator = self._simulator
        try:
            simulator.start()
            self._signals.wake(simulator.loop.wake_descriptor)
            click.echo(simulator.path)
            sys.stdout.flush()
            self._introduce()
            if program is not None:
                self._child = self._start(program)
            simulator.serve(self._must_stop)
            code = self._end_child()
            report = simulator.finish()
            self._tell(report)
            return 1 if code or report.fell_short else 0
        finally:
            self._signals.wake(-1)  # before the loop's descriptor is closed, and is somebody else's
            simulator.close()

    def _introduce(self) -> None:
        scenario = self._simulator.scenario
        line = "USB" if scenario.line.port == "usb" else self._simulator.rig.line_text
        _say(f"{scenario.device_profile.title}, {line}, {scenario.flash.timing} flash; "
             "Ctrl-C ends and sums up")  # fmt: skip
        if scenario.line.baud is not None:
            _say(f"the host's end runs at {scenario.line.baud} baud, whatever its port says")

    def _must_stop(self) -> bool:
        return self._has_stop() or (self._child is not None and self._child.poll() is not None)

    def _has_stop(self) -> bool:
        """A signal has asked for the end; another one may ask for a report."""
        if self._signals.wants_report:
            self._signals.wants_report = False
            self._tell(self._simulator.report())
        return self._signals.is_stopped

    def _tell(self, report: Any) -> None:
        if self._as_json:
            import msgspec

            click.echo(msgspec.json.encode(report).decode())  # one line, so that several can follow
            sys.stdout.flush()
        else:
            from quecsim.report.text import render_text

            click.echo(render_text(report, colour=_wants_colour()), err=True)

    # the host program

    def _start(self, program: list[str]) -> "subprocess.Popen[bytes]":
        path = self._simulator.path
        if not program:
            raise QuecsimError("there is no program after --", hint="write: -- PROGRAM {port}")
        arguments = [argument.replace("{port}", path) for argument in program]
        try:
            return subprocess.Popen(arguments, env={**os.environ, "QUECSIM_PORT": path})
        except OSError as error:
            raise QuecsimError(
                f"cannot start {arguments[0]}: {error.strerror}",
                hint="give the program's path as the shell would take it",
            ) from None

    def _end_child(self) -> int:
        """Wait for what is on its way, then for the program; returns its exit code."""
        if self._child is None:
            return 0
        if self._child.poll() is None:
            self._stop_child()
        else:
            self._settle()
        code = self._child.returncode
        if code:
            how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
            _say(f"the host program {how}")
        return code or 0

    def _stop_child(self) -> None:
        assert self._child is not None
        self._child.terminate()
        try:
            self._child.wait(_KILL_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _settle(self) -> None:
        """What the program wrote last is still under way: let it arrive.

        What it did not read nobody will read: that is not waited for. A firmware upgrade is: its
        power must not go.
        """
        loop = self._simulator.loop
        end_s = time.monotonic() + _SETTLE_S
        loop.turn()
        while not self._has_stop():
            if self._simulator.is_upgrading:
                self._await_upgrade()
                if self._simulator.is_upgrading:
                    return
                end_s = time.monotonic() + _SETTLE_S
            left_s = end_s - time.monotonic()
            if loop.is_settled or left_s <= 0:
                return
            loop.wait(left_s)
            loop.turn()

    def _await_upgrade(self) -> None:
        """An upgrade takes as long as it takes, and ends by itself while it has something to do."""
        simulator = self._simulator
        _say("the upgrade goes on; Ctrl-C cuts the power")
        simulator.serve(
            lambda: (
                self._has_stop()
                or not simulator.is_upgrading
                or simulator.rig.deadline_ns() is None
            )
        )
