"""A case: a complete scenario with the upload that is tried in it, and its file.

A case is a `Scenario` whose `case` and `case_bytes` are there. It is saved as the scenario's TOML
with a `[case]` table, so it needs nothing of the fuzzer to be run again: no seed of a generator,
no file beside it.
"""

from pathlib import Path

from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.fuzz.finding import Finding, expectation
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.schema import Case, Check, FileContent, Scenario
from quecsim.scenario.text import scenario_text

DEFAULT_NAME = "UFS:ca.pem"
_NO_CONTENT = FileContent()  # the payload stands in `case_bytes`


def make_case(scenario: Scenario, payload: bytes, name: str = DEFAULT_NAME) -> Scenario:
    """The case of uploading `payload` as `name` in `scenario`."""
    return replace(scenario, case=Case(payload=_NO_CONTENT, name=name), case_bytes=payload)


def upload_of(case: Scenario) -> tuple[str, bytes]:
    """The name on the device and the bytes that the case uploads."""
    assert case.case is not None
    assert case.case_bytes is not None
    return case.case.name, case.case_bytes


def load_case(path: str | Path) -> Scenario:
    """The case of a file. Raises QuecsimError where it is none."""
    scenario = load_scenario(path)
    if scenario.case is None:
        raise QuecsimError(
            f"{path} is a scenario, but no case",
            hint="a case has a [case] table with the payload; quecsim fuzz writes them",
        )
    return scenario


def with_finding(
    case: Scenario,
    finding: Finding,
    *,
    function: str | None = None,
    program: tuple[str, ...] | None = None,
    fails: str = "",
) -> Scenario:
    """The case with what was found, by which host, and how often it showed."""
    from quecsim import __version__

    assert case.case is not None
    found = replace(
        case.case,
        function=function,
        program=program,
        cause=finding.slug,
        found=finding.sentence,
        advice=finding.advice,
        at_ns=finding.at_ns,
        at_byte=finding.at_byte,
        fails=fails,
        quecsim=__version__,
    )
    return replace(
        case,
        name=finding.slug,
        title=finding.title,
        shows=finding.sentence,
        check=Check(expect=expectation(case, finding.trouble)),
        case=found,
    )


def case_text(case: Scenario) -> str:
    """The case as the file that is saved."""
    return scenario_text(case)
