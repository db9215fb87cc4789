"""`quecsim run`: be a device on a pseudo terminal, perhaps with a host program to go with it."""

import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.ble_options import NAMES as BLE_NAMES
from quecsim.cli.ble_options import ble_options, bridge_from
from quecsim.cli.device_options import (
    ProgramCommand,
    device_options,
    old_scenario,
    old_scenario_option,
    scenario_argument,
    scenario_from,
)
from quecsim.cli.face import Face, choose_face
from quecsim.cli.network_options import NAMES, network_from, network_options
from quecsim.cli.output_files import payload_option, refuse_same
from quecsim.cli.port_options import NAMES as PORT_NAMES
from quecsim.cli.port_options import gates_from, port_options, ways_in
from quecsim.cli.run_log import LOG_NAMES, Logs, log_options, open_logs, sort_out
from quecsim.cli.serial_option import refuse_misfits, serial_option
from quecsim.errors import QuecsimError
from quecsim.live.failure import failures_told
from quecsim.live.network.options import NetworkOptions
from quecsim.live.program import HostProgram, how_it_ended, settle, told_values
from quecsim.live.readiness import Waker
from quecsim.live.signals import Signals
from quecsim.live.simulator import Simulator
from quecsim.run.device_run import Watcher
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import AdapterErrors, Event, LineMismatch, Power
from quecsim.trace.jsonl import STANDARD
from quecsim.uart.port_kind import port_kind

if TYPE_CHECKING:
    from quecsim.live.ble_bridge import BridgeEnd
    from quecsim.live.ports.entrance import Gate


@click.command(
    cls=ProgramCommand,
    epilog="Everything after -- is a host program: {port} in its arguments becomes the port's "
    "path, QUECSIM_PORT holds it too, and the run ends when the program does.",
)
@scenario_argument
@old_scenario_option
@click.option(
    "--link",
    metavar="PATH",
    shell_complete=complete.files,
    help="A stable name for the port, removed at the end.",
)
@click.option(
    "--ufs",
    metavar="IMAGE",
    shell_complete=complete.files,
    help="Keep the storage in this littlefs image file.",
)
@click.option(
    "--trace",
    metavar="FILE",
    shell_complete=complete.files,
    help="Write everything that happens as JSON lines; FILE.gz packs, - is standard output.",
)
@payload_option
@click.option("--ctl", metavar="PATH", help="A name for the control socket, removed at the end.")
@port_options
@serial_option
@network_options
@ble_options
@click.option(
    "--keylog",
    metavar="FILE",
    shell_complete=complete.files,
    help="Write the keys of TLS connections, for a packet analyser.",
)
@click.option(
    "--pcapng",
    metavar="FILE",
    shell_complete=complete.files,
    help="Write what goes over the network, and the keys with it, for a packet analyser.",
)
@click.option("--json", "as_json", is_flag=True, help="Reports as JSON on standard output.")
@click.option("--tui", is_flag=True, help="The full screen; ? tells its keys, and q ends the run.")
@click.option("--power-on", is_flag=True, help="Begin at power-up, with the start-up texts.")
@device_options
@log_options
@screen.quiet_option
@click.pass_context
def run(ctx: click.Context, /, **options: Any) -> int:
    """Be the device of SCENARIO on a pseudo terminal, or a board's line (--serial), until stopped.

    SCENARIO is a file, the name of one that comes with quecsim, or a device (ec200u).
    The port's path is the first line of standard output; with a program, or where that is for JSON,
    of standard error. When the run ends (Ctrl-C, SIGTERM), and
    on SIGUSR1, what happened to the bytes is told on standard error.
    """
    sort_out(options)
    files = {name: options.pop(name) for name in ("ufs", "trace", "trace_payload", "link")}
    serial = options.pop("serial")
    as_json, power_on, ctl = (options.pop(name) for name in ("as_json", "power_on", "ctl"))
    log = {name: options.pop(name) for name in LOG_NAMES}
    tui = options.pop("tui")
    given = {name: options.pop(name) for name in NAMES}
    keylog, pcapng = options.pop("keylog"), options.pop("pcapng")
    written = {"--ufs": files["ufs"], "--trace": files["trace"], "--log": log["log"]}
    refuse_same({**_scenario_file(options), **written, "--keylog": keylog, "--pcapng": pcapng})
    ways = {name: options.pop(name) for name in PORT_NAMES}
    gates, air = gates_from(ways), {name: options.pop(name) for name in BLE_NAMES}
    made = scenario_from(*old_scenario(options), options)
    others = {"--link": files["link"], "--rfc2217": ways["rfc2217"], "--tcp": ways["tcp"]}
    refuse_misfits(serial, made, others)
    bridge = bridge_from(made, air)
    network = network_from(made, given, keylog, pcapng, listens=True)
    program = ctx.meta.get("program")
    is_trace_out = files["trace"] == STANDARD
    if is_trace_out and (as_json or program is not None):
        other = "the reports of --json" if as_json else "the program's output"
        raise QuecsimError(f"--trace - has standard output, and so has {other}",
                           hint="give the trace a file: --trace FILE")  # fmt: skip
    face = choose_face(
        tui=tui, has_program=program is not None, as_json=as_json, is_trace_out=is_trace_out
    )
    # first the signals: from here on, whatever is made is also removed
    with Signals() as signals, closing(open_logs(log, _say, is_above=face.draws)) as logs:
        watch = None if logs.has_all else Announcer()
        simulator = _open(
            made, files, watch, network, gates, serial, bridge, is_up=not power_on, program=program
        )
        face.look_at(simulator)
        trace = None if is_trace_out else files["trace"]
        runner = Runner(
            simulator, signals, as_json=as_json, ctl=ctl, trace=trace, face=face, logs=logs
        )
        # whoever reads standard output there wants that, and has the port from {port}, or --link
        is_taken = is_trace_out or as_json or program is not None
        return runner.run(program, tells_port_apart=is_taken)


def _scenario_file(options: dict[str, Any]) -> dict[str, str]:
    path = options["scenario"]
    return {"SCENARIO": path} if path is not None and Path(path).is_file() else {}


def _open(
    scenario: Scenario,
    files: dict[str, str | None],
    watch: Watcher | None,
    network: NetworkOptions,
    gates: "list[Gate]",
    serial: str | None,
    bridge: "BridgeEnd | None",
    *,
    is_up: bool,
    program: list[str] | None,
) -> Simulator:
    return Simulator(
        scenario,
        image=files["ufs"],
        trace=files["trace"],
        trace_payload=files["trace_payload"] or "full",
        link=files["link"],
        is_up=is_up,
        watch=watch,
        tell=_say,
        command=program or (),
        network=network,
        tell_network=_say,
        gates=gates,
        tell_hosts=_say,
        serial=serial,
        ble_bridge=bridge,
    )


class Announcer:
    """Tells people at once what they will want to know at once."""

    def __init__(self) -> None:
        self._has_told_errors = False

    def __call__(self, events: Iterable[Event]) -> None:
        """A `Watcher`."""
        for event in events:
            if isinstance(event, LineMismatch):
                what = (
                    "its bytes arrive garbled" if event.garbled else "a real line would garble this"
                )
                _say(f"the host is at {event.host}, the device at {event.device}: {what}")
            elif isinstance(event, AdapterErrors):
                self._tell_errors(event)
            elif isinstance(event, Power):
                _tell_power(event)

    def _tell_errors(self, event: AdapterErrors) -> None:
        if event.overruns:
            _say("the adapter, not the device, has just lost bytes of the board's (overrun)")
        elif not self._has_told_errors:
            self._has_told_errors = True
            _say("the board's bytes come damaged (framing or parity): is it at the device's rate?")


def _tell_power(event: Power) -> None:
    if event.state == "dead":
        _say("the device does not start: its power went during a firmware upgrade; "
             "--restore puts the factory's firmware back")  # fmt: skip
    elif event.why not in ("already up",):
        _say(f"the device is {event.state} ({event.why})")


def _say(text: str) -> None:
    screen.say(text)


class Runner:
    """Serves a simulator under signals, with or without a host program."""

    def __init__(
        self,
        simulator: Simulator,
        signals: Signals,
        *,
        as_json: bool,
        ctl: str | None = None,
        trace: str | None = None,
        face: Face,
        logs: Logs,
    ) -> None:
        self._simulator = simulator
        self._face = face
        self._logs = logs
        self._trace = trace
        self._signals = signals
        self._as_json = as_json
        self._ctl = ctl
        self._socket = ""
        self._program: HostProgram | None = None

    def run(self, program: list[str] | None, *, tells_port_apart: bool = False) -> int:
        """Run to the end; returns the exit code. `tells_port_apart`: not on standard output."""
        simulator = self._simulator
        try:
            with failures_told(simulator, self._trace):
                self._begin(program, tells_port_apart=tells_port_apart)
                with self._face.shown(simulator.path, self._socket) as pause_s:
                    simulator.serve(self._must_stop, pause_s)
                    if gone := simulator.gone:
                        _say(gone)
                    code = self._end_program()
                    report = simulator.finish()
                    self._logs.close()  # what is told from now on comes behind it
                    self._let_go()  # who looks at it from outside finds out that it is over
            self._tell(report)
            return 1 if code or report.fell_short or simulator.gone else 0
        finally:
            if self._program is not None:
                self._program.stop()
            self._let_go()

    def _let_go(self) -> None:
        self._signals.wake(-1)  # before the loop's descriptor is closed, and is somebody else's
        self._simulator.close()

    def _begin(self, program: list[str] | None, *, tells_port_apart: bool) -> None:
        simulator, waker = self._simulator, Waker()
        simulator.start(waker)
        self._signals.wake(waker.write_descriptor)
        self._open_control()
        if program is None or not screen.is_quiet():
            click.echo(simulator.path, err=tells_port_apart)
        sys.stdout.flush()
        self._introduce()
        for watcher in self._logs.watchers:  # they hear of the beginning, too
            simulator.watch(watcher)
        if program is not None:
            values = {"port": simulator.path, "ctl": self._socket, **told_values(simulator)}
            values |= {one.gate.kind: one.url for one in simulator.entrances}
            output = self._face.output
            if output is None and self._as_json:  # which is alone on standard output
                output = sys.stderr.fileno()
            self._program = HostProgram(program, values, output=output)

    def _open_control(self) -> None:
        """The socket of `quecsim ctl`; without one that was asked for, the run goes on."""
        from quecsim.live.control.server import open_control

        try:
            self._socket = open_control(self._simulator, self._ctl).path
        except QuecsimError as error:
            if self._ctl is not None:
                raise
            _say(f"no control socket: {error}")

    def _introduce(self) -> None:
        scenario = self._simulator.scenario
        port = port_kind(scenario.line.interface)
        line = self._simulator.rig.line_text if port.is_serial else port.title
        _say(f"{scenario.device_profile.title}, {line}, {scenario.flash.timing} flash; "
             "Ctrl-C ends and sums up")  # fmt: skip
        for text in ways_in(self._simulator.entrances):
            _say(text)
        if self._simulator.adapter is not None:
            for text in self._simulator.adapter.traits():
                _say(text)
        if self._ctl is not None:
            _say(f"quecsim ctl --ctl {self._ctl} looks inside")
        if scenario.line.baud is not None:
            _say(f"the host's end runs at {scenario.line.baud} baud, whatever its port says")

    def _must_stop(self) -> bool:
        self._face.tick(self._simulator.clock.now_ns())
        if self._face.has_left:
            return True
        return self._has_stop() or (self._program is not None and self._program.has_ended)

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
            from quecsim.render.text import render_text

            screen.tell(render_text(report, colour=screen.wants_colour(sys.stderr)))

    def _end_program(self) -> int:
        """Wait for what is on its way, then for the program; returns its exit code."""
        program = self._program
        if program is None:
            return 0
        if program.has_ended:
            settle(self._simulator, self._has_stop, _say, _say)
        code = program.stop()
        if code:
            _say(f"the host program {how_it_ended(code)}")
        return code
