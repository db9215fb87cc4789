"""What a check says in the end, as records: one entry for each run (docs/CHECK.md names them)."""

import msgspec

from quecsim.judge.judgement import Judgement


class CheckRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `ended` says how the program ended, `took_s` is in real seconds.

    `output` is the last of what the program said, `is_shown` whether it was passed through.
    `kept` is the folder with the trace and the program's output, empty where nothing was kept.
    `stopped_ns`: so long, by the wall's clock, the simulator had no processor; a failure then is
    none of the program's. `quirk` is in what the device differed from the scenario's, as it is
    typed (`write_blank_line=false`); empty for none. `page` is the page of its record (`--html`).
    `unfair`: why a failure is none of the program's, in words; empty where it is.
    """

    number: int
    seed: int
    exit_code: int
    ended: str
    took_s: float
    judgement: Judgement
    output: str
    is_shown: bool
    notes: list[str]
    kept: str
    repeat_with: str
    stopped_ns: int = 0
    quirk: str = ""
    page: str = ""
    unfair: str = ""

    @property
    def is_judged(self) -> bool:
        """It says something about the program."""
        return self.judgement.passed or not (self.stopped_ns or self.unfair)


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """All runs of one check. `causes`: how many runs failed by which cause.

    `stopped`: a signal has ended it, before so many runs as were asked for (`wanted_runs`).
    """

    scenario: str
    device: str
    program: list[str]
    passed: bool
    passed_runs: int
    causes: dict[str, int]
    runs: list[CheckRun]
    wanted_runs: int
    stopped: bool = False
