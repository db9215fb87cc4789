"""Hosts in virtual time, judged: our own uploader with a plan, or a function on a port."""

from collections.abc import Callable
from typing import Any

from quecsim.host.plan import Mistake, UploadPlan
from quecsim.host.uploader import upload
from quecsim.judge.judgement import Judgement, judge
from quecsim.judge.stored import uploaded_content
from quecsim.report.model import Report
from quecsim.run.device_run import new_run
from quecsim.scenario.schema import Scenario
from quecsim.testing.own_uploader import informed
from quecsim.trace.event import Event
from quecsim.virtual.port import VirtualPort

Host = Callable[[VirtualPort], bool | None]


class JudgedRun:
    """What came of it; `judge` may be asked again, with other options."""

    def __init__(self, scenario: Scenario, host: Host, *, after_s: float = 0.0) -> None:
        """`after_s`: how long the record goes on after the host has ended."""
        run = new_run(scenario)
        run.start()
        self.rig = run.rig
        self.port = VirtualPort(self.rig, rtscts=scenario.host.flow == "rtscts", timeout=0.05)
        self.claim = host(self.port)
        self.left_ns = self.port.now_ns
        self.port.sleep(after_s)
        self.report: Report = run.report(self.port.now_ns)
        self.events: list[Event] = [event for _, event in run.log.since()]
        self.content = uploaded_content(self.rig, self.report)

    def judge(self, **options: Any) -> Judgement:
        """The judgement, with what is known of the run."""
        known = {"claim": self.claim, "content": self.content, "left_ns": self.left_ns}
        return judge(self.report, self.events, **{**known, **options})

    def rules(self, **options: Any) -> list[str]:
        """The names of the rules that were broken, in order of time."""
        return [each.rule for each in self.judge(**options).breaches]


def uploader(plan: UploadPlan, times: int = 1) -> Host:
    """Our own uploader as a host that knows its device; it says what came of it."""

    def host(port: VirtualPort) -> bool:
        told = informed(plan, port.rig.profile)
        results = [upload(port, told, sleep=port.sleep) for _ in range(times)]
        return results[-1].ok if Mistake.NO_VERIFY in plan.mistakes else results[-1].verified

    return host


def ask(port: VirtualPort, command: str, wait_s: float = 5.0) -> bytes:
    """Send a command line; read until a final result has come."""
    port.write(command.encode() + b"\r")
    return read_until(port, (b"OK\r\n", b"ERROR", b"CONNECT\r\n"), wait_s)


def read_until(port: VirtualPort, ends: tuple[bytes, ...], wait_s: float = 5.0) -> bytes:
    """Read until one of `ends` is there, or the time is over."""
    answer, end_ns = b"", port.now_ns + round(wait_s * 1e9)
    while port.now_ns < end_ns and not any(end in answer for end in ends):
        answer += port.read(1)
    return answer
