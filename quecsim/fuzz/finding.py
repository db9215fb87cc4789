"""What is wrong with a run, and when two runs show the same thing.

The oracle is `quecsim check`'s judge, with one more rule: where nothing went wrong in the run (no
fault fired, no byte was lost, the device did not stop for long), the upload must succeed. Where
something did, a right host may fail, if it says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from quecsim.faults.fault import Fault
from quecsim.judge.judgement import Judgement
from quecsim.profiles.quirks import given
from quecsim.report.model import Report
from quecsim.scenario.schema import Expect, Scenario

# Of a longer stop a host may think that the device is gone.
_LONG_STALL_MS = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a host does wrong.

    `base` says what (the first rule that was broken, or what is untrue of what the host said);
    `trouble` what went wrong in the run meanwhile: causes of losses, and kinds of faults that
    fired; `quirks` in what the device differed from its profile. Together they are the cause by
    which findings are told apart.
    """

    base: str
    trouble: frozenset[str]
    sentence: str
    advice: str = ""
    at_ns: int | None = None
    at_byte: int | None = None
    quirks: frozenset[str] = frozenset()

    @property
    def slug(self) -> str:
        """The cause as a name for files: `trusted-short-upload-ring`."""
        words = (*sorted(self.trouble), *sorted(self.quirks))
        return "-".join([self.base, *(word.replace("_", "-") for word in words)])

    @property
    def title(self) -> str:
        """The cause for people."""
        words = self.base.replace("-", " ")
        more = ", ".join((*sorted(self.trouble), *sorted(self.quirks)))
        return f"{words}: {more}" if more else words

    def explains(self, other: "Finding") -> bool:
        """Whether `other` is the same, with trouble besides that has nothing to do with it."""
        is_part = self.trouble <= other.trouble and self.quirks <= other.quirks
        return self.base == other.base and is_part


@dataclass(frozen=True, slots=True)
class CaseRun:
    """One run of a host on a case.

    `fired` are the faults of the scenario that fired; `points` counts what faults could have hit;
    `seen` is what else people may want to know.
    """

    finding: Finding | None
    fired: tuple[Fault, ...] = ()
    points: Mapping[str, int] | None = None


def fired_faults(case: Scenario, report: Report) -> tuple[Fault, ...]:
    """The scenario's faults that fired in the run."""
    return tuple(case.faults[count.index] for count in report.faults if count.fired)


def trouble_of(case: Scenario, report: Report) -> frozenset[str]:
    """What went wrong in a run, and was no fault of the host's: an excuse for failing."""
    fired = fired_faults(case, report)
    kinds = {fault.kind for fault in fired if not fault.IS_ORDINARY}
    causes = set(report.counters.lost_by_cause).difference(*(fault.EXPLAINS for fault in fired))
    stops = {"stall" for stall in case.stalls if stall.stall_ms >= _LONG_STALL_MS}
    eaten = {"xonxoff" for upload in report.uploads if _is_xonxoff(case) and upload.eaten}
    return frozenset(kinds | causes | stops | eaten)


def _is_xonxoff(case: Scenario) -> bool:
    return 1 in (case.device_settings.ifc or ()) or case.host.flow == "xonxoff"


def with_quirks(case: Scenario, finding: Finding | None) -> Finding | None:
    """The finding, and in what the device of its case differed from the profile."""
    names = frozenset(quirk.name for quirk, _ in given(case.quirks))
    return finding and replace(finding, quirks=names)


def expectation(case: Scenario, trouble: frozenset[str]) -> Expect:
    """What must come of a run: with trouble, either a file or a host that says that it failed. Of a
    host that uploads nothing, no file.
    """
    if uploads_nothing(case):
        return "no-upload"
    return "honest" if trouble else "intact"


def uploads_nothing(case: Scenario) -> bool:
    """The host has to do with the network alone."""
    return case.check.expect == "no-upload"


def is_misled(case: Scenario, report: Report) -> bool:
    """Whether host and device may have seen other bytes than the other sent: then what the host
    did next cannot be judged from the record.
    """
    return any(fault.MISLEADS for fault in fired_faults(case, report))


def finding_of(
    judgement: Judgement,
    trouble: frozenset[str],
    *,
    misled: bool = False,
    whole: bool = False,
) -> Finding | None:
    """What the judgement of a run amounts to; None: the host was right.

    `misled`: the line spoiled what the two saw of each other, so that the host's conduct cannot be
    judged, only its claim; and that neither, where the file looks `whole`.
    """
    breach = None if misled else next(iter(judgement.breaches), None)
    untrue = None if misled and whole else _untrue(judgement, trouble)
    if breach is None and untrue is None:
        return None
    if breach is None:
        assert untrue is not None
        at_byte = judgement.losses[0].at_byte if judgement.losses else None
        return Finding(untrue[0], trouble, untrue[1], at_ns=judgement.at_ns, at_byte=at_byte)
    return Finding(
        breach.rule,
        trouble,
        _sentence(judgement.because or breach.text, judgement),
        breach.advice,
        breach.at_ns,
        breach.at_byte,
    )


def _untrue(judgement: Judgement, trouble: frozenset[str]) -> tuple[str, str] | None:
    """(what, sentence) where the upload, or the host's claim about it, is not what it must be."""
    if judgement.expect == "no-upload":
        return _untrue_of_network(judgement, trouble)
    is_intact = judgement.verdict == "intact"
    if judgement.claim and not is_intact:
        what = f"said-ok-but-{judgement.verdict}"
        return what, f"the host says that all went well, but {judgement.sentence}"
    if is_intact and judgement.connection_failed:  # that is what the host may speak of
        return None
    if judgement.claim is False and not trouble:
        what = "intact-but-said-failed" if is_intact else f"failed-{judgement.verdict}"
        why = f"nothing went wrong, and the host says that it failed: {judgement.sentence}"
        return what, why
    return None


def _untrue_of_network(judgement: Judgement, trouble: frozenset[str]) -> tuple[str, str] | None:
    """The same for a host that uploads nothing; what it left unheeded is a breach."""
    if judgement.verdict != "none":
        return "uploaded", f"the host was to upload nothing: {judgement.sentence}"
    if judgement.claim is False and not (trouble or judgement.connection_failed):
        return "failed", "nothing went wrong, and the host says that it failed"
    return None


def _sentence(what: str, judgement: Judgement) -> str:
    if judgement.verdict == "intact" or judgement.expect == "no-upload":
        return what
    said = "says that all went well" if judgement.claim else "says that it failed"
    return f"{what}; the file is {judgement.verdict}, and the host {said}"
