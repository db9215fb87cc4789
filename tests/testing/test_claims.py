"""Every shipped scenario shows what it says it shows."""

from pathlib import Path
from typing import Any

import pytest

from quecsim.cli.upload import _plan, upload
from quecsim.errors import QuecsimError
from quecsim.host.plan import Via
from quecsim.judge.judgement import judge
from quecsim.scenario.loader import load_scenario, scenario_names
from quecsim.scenario.options import make_scenario
from quecsim.testing.claims import claim_command, claim_plan, run_claim

CLAIMS = [name for name in scenario_names() if load_scenario(name).claim is not None]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claim_of_each_scenario_holds_and_our_uploader_breaks_no_rule(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.claim is not None
    run = run_claim(scenario)
    assert run.verdict == scenario.claim.outcome
    lost = run.report.counters.lost
    assert (lost > 0) == (scenario.claim.outcome == "lost")
    assert run.result.verified == (scenario.claim.outcome == "intact")
    assert scenario.claim.says in "\n".join(run.result.problems)
    assert [fault.kind for fault in run.report.faults if not fault.fired] == []
    if run.content is not None and scenario.claim.outcome != "refused":
        assert len(run.content) == run.result.sent_bytes - lost
    broker = scenario.claim.broker
    if broker is not None:
        assert run.broker_trouble == (broker.command, broker.code, broker.why)
        assert bool(broker.command) or run.report.network.connections[0].sentence == ""
        assert any(broker.message in text for text in run.messages) == bool(broker.message)
    known: dict[str, Any] = {
        "claim": run.result.verified and not run.report.network.has_failed,
        "content": run.content,
        "expected": run.data,
        "left_ns": run.ran.now_ns,
    }
    broken = [breach.rule for breach in judge(run.report, run.ran.events, **known).breaches]
    assert broken == (["existing-file"] if scenario.claim.keep else [])  # its very story
    assert judge(run.report, run.ran.events, **known, expect="honest").passed


def test_the_seven_stories_are_shipped() -> None:
    assert set(scenario_names()) >= {
        "thread-57329",
        "typical-flash",
        "worst-flash",
        "fast-line",
        "rtscts-both",
        "rtscts-device-only",
        "ack-mode",
    }


def test_a_claim_comes_out_the_same_every_time() -> None:
    first, second = (run_claim(load_scenario("thread-57329")) for _ in range(2))
    assert first.content == second.content
    assert first.report == second.report


def test_a_scenario_without_a_claim_says_so() -> None:
    with pytest.raises(QuecsimError, match="makes no claim"):
        run_claim(make_scenario("ec200u"))


@pytest.mark.parametrize("name", CLAIMS)
def test_the_command_of_a_claim_is_what_its_host_does(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    assert scenario.claim is not None
    wanted = claim_plan(scenario, scenario.claim)
    payload = tmp_path / "payload.bin"
    payload.write_bytes(wanted.data)
    command = claim_command(scenario, scenario.claim, str(payload)).partition(" -- ")[2]
    hosts = command.removeprefix("sh -c ").strip("'").split("; ")
    assert len(set(hosts)) == 1
    host = hosts[0].removeprefix("quecsim upload ").split()
    options = upload.make_context("upload", host).params
    made = _plan(options.pop("file"), options)
    for part in ("data", "via", "ack", "rtscts", "chunk_bytes", "gap_ms", "mistakes"):
        assert getattr(made, part) == getattr(wanted, part), part
    assert made.name == wanted.name or wanted.via is Via.QFOTADL
