"""Does a scenario show what it says? Its claim, run in virtual time with our own uploader."""

from dataclasses import dataclass

from quecsim.errors import QuecsimError
from quecsim.host.plan import CHUNK_BYTES, Mistake, UploadPlan, UploadResult, Via
from quecsim.judge.file import verdict_of
from quecsim.report.model import Report, Verdict
from quecsim.scenario.payload import claim_bytes
from quecsim.scenario.schema import Claim, Scenario
from quecsim.testing.claims_network import steps
from quecsim.testing.own_uploader import run_plan
from quecsim.trace.event import Urc
from quecsim.virtual.run import FunctionRun

_TIMEOUT_S = 5
_MESSAGE = "+QMTRECV: "


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """What came of it: the host's view, and all that is known of the run; `data` was to be sent."""

    result: UploadResult
    ran: FunctionRun
    data: bytes

    @property
    def report(self) -> Report:
        """What happened to the bytes."""
        return self.ran.report

    @property
    def broker_trouble(self) -> tuple[str, int, str]:
        """The first result of the network's that was no good: command, code, why; or empty."""
        for trouble in self.report.network.troubles:
            return trouble.command, trouble.code, trouble.why
        return "", 0, ""

    @property
    def messages(self) -> list[str]:
        """What the host was told that a broker sent."""
        return [
            event.text
            for event in self.ran.events
            if isinstance(event, Urc) and event.text.startswith(_MESSAGE)
        ]

    @property
    def content(self) -> bytes | None:
        """The file, where it can be looked at."""
        return self.ran.content

    @property
    def verdict(self) -> Verdict:
        """What became of the file."""
        return verdict_of(self.report, content=self.content, expected=self.data).verdict


def run_claim(scenario: Scenario) -> ClaimRun:
    """Upload the claim's payload as its host would. Raises QuecsimError without a claim."""
    claim = scenario.claim
    if claim is None:
        raise QuecsimError(
            f"scenario {scenario.name} makes no claim", hint="add a [claim] table to its file"
        )
    plan = claim_plan(scenario, claim)
    before, after = steps(scenario, claim)
    times = 2 if claim.keep else 1
    result, ran = run_plan(scenario, plan, times=times, before=before, after=after)
    return ClaimRun(result, ran, plan.data)


def claim_plan(scenario: Scenario, claim: Claim) -> UploadPlan:
    """What the claim's host does."""
    via = Via(claim.via)
    return UploadPlan(
        claim.file,
        claim_bytes(scenario, claim),
        ack=claim.host == "ack",
        rtscts=scenario.host.flow == "rtscts" and via is Via.QFOTADL,
        mistakes=frozenset({Mistake.NO_DELETE}) if claim.keep else frozenset(),
        chunk_bytes=claim.chunk_bytes,
        gap_ms=claim.gap_ms,
        timeout_s=_TIMEOUT_S if via.stores_file or via is Via.QFWRITE else None,
        via=via,
    )


def claim_command(scenario: Scenario, claim: Claim, payload: str) -> str:
    """The shell command that shows the claim, with the payload in the file `payload`."""
    words = ["quecsim upload", payload, "--port {port}", *_options(scenario, claim)]
    host = " ".join(words)
    if claim.keep:
        host = f"sh -c '{host}; {host}'"
    return f"quecsim run {scenario.name} -- {host}"


def _options(scenario: Scenario, claim: Claim) -> list[str]:
    """The options of `quecsim upload` that make it the claim's host."""
    plan, options = claim_plan(scenario, claim), []
    if plan.via is not Via.QFUPL:
        options.append(f"--via {plan.via}")
    if plan.via is not Via.QFOTADL:
        options.append(f"--name {plan.name}")
    if scenario.line.baud is not None:
        options.append(f"--baud {scenario.line.baud}")
    options += [
        word
        for word, is_given in (
            ("--ack", plan.ack),
            ("--flow rtscts", plan.rtscts),
            (f"--chunk {plan.chunk_bytes}", plan.chunk_bytes != CHUNK_BYTES),
            (f"--gap {plan.gap_ms}", plan.gap_ms),
            *((mistake.option, True) for mistake in plan.mistakes),
        )
        if is_given
    ]
    return options
