"""Several checks side by side, each in a process of its own: `quecsim check ... --json`."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

import msgspec

from quecsim.check import ONE_OF_MANY
from quecsim.check.results import CheckResult
from quecsim.check.suite import SuiteEntry

_MISTAKE, _OURS = 2, 70
_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one check: its result, or the message why it could not be made."""

    scenario: str
    result: CheckResult | None
    message: str = ""
    exit_code: int = 0


def run_many(
    entries: Sequence[SuiteEntry],
    words: Sequence[str],
    program: Sequence[str],
    jobs: int,
    told: Callable[[Outcome], None],
) -> tuple[list[Outcome], bool]:
    """(outcomes in the order of `entries`, whether Ctrl-C has ended it). `words` are the options
    that all have; `told` hears of each outcome as it comes. Whatever ends it, no check goes on.
    """
    checks = [_Child(entry, words, program) for entry in entries]
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(check.run): place for place, check in enumerate(checks)}
        try:
            left = set(futures)
            while left:
                ready, left = wait(left, timeout=_POLL_S, return_when=FIRST_COMPLETED)
                for future in sorted(ready, key=futures.__getitem__):
                    told(future.result())
            is_stopped = False
        except BaseException as ended_by:
            for future in futures:
                future.cancel()
            for check in checks:
                check.stop()
            if not isinstance(ended_by, KeyboardInterrupt):
                raise
            is_stopped = True
    ended = {place: future.result() for future, place in futures.items() if not future.cancelled()}
    return [ended[place] for place in sorted(ended)], is_stopped


class _Child:
    """One check in its process."""

    def __init__(self, entry: SuiteEntry, words: Sequence[str], program: Sequence[str]) -> None:
        self._scenario = entry.scenario
        self._line = [
            sys.executable, "-m", "quecsim", "check", entry.scenario, *entry.words(), *words,
            ONE_OF_MANY, "--json", "--", *program,
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self) -> Outcome:
        """Run it to its end."""
        with tempfile.TemporaryFile() as said:
            self._process = subprocess.Popen(
                self._line,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,  # Ctrl-C is told to us alone
            )
            if self._is_stopped:
                self.stop()
            output, _ = self._process.communicate()
            said.seek(0)
            return self._outcome(output, said.read().decode(errors="replace"))

    def stop(self) -> None:
        """Ask it to end."""
        self._is_stopped = True
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGINT)

    def _outcome(self, output: bytes, said: str) -> Outcome:
        assert self._process is not None
        code = self._process.returncode
        try:
            result = msgspec.convert(json.loads(output), CheckResult)
        except (ValueError, msgspec.ValidationError):
            message = said.strip() or f"it ended with exit code {code}"
            return Outcome(self._scenario, None, message, code)
        return Outcome(self._scenario, result, exit_code=code)


def exit_code_of(outcomes: Sequence[Outcome]) -> int:
    """One for all: 70 where the simulator failed, 2 for a mistake, 1 for a failure, else 0."""
    codes = {outcome.exit_code for outcome in outcomes}
    for code in (_OURS, _MISTAKE):
        if code in codes:
            return code
    return 0 if codes <= {0} else 1


def default_jobs() -> int:
    """As many as there are processors that we may use."""
    return len(os.sched_getaffinity(0))


def as_json(outcomes: Sequence[Outcome], *, is_stopped: bool) -> str:
    """All of it as one JSON object."""
    table = {
        "passed": not is_stopped and exit_code_of(outcomes) == 0,
        "stopped": is_stopped,
        "checks": [msgspec.to_builtins(each.result) for each in outcomes if each.result],
        "errors": [
            {"scenario": each.scenario, "message": each.message}
            for each in outcomes
            if each.result is None
        ],
    }
    return json.dumps(table, indent=2)
