from dataclasses import replace

import pytest
from msgspec import structs

from quecsim.render.page.about import about_view
from quecsim.render.recorded import Recorded
from quecsim.run.recorded import recorded
from tests.cli.test_report import record


@pytest.fixture(scope="module")
def lossy() -> Recorded:
    return recorded(record("thread-57329"), name="my run.jsonl")


def test_where_every_byte_is(lossy: Recorded) -> None:
    counters = dict(about_view(lossy).counters)
    assert counters["sent by the host"] == "1211 bytes"
    assert counters["lost"] == "153 bytes (ring 153)"


def test_values_that_nobody_knows_have_their_source(lossy: Recorded) -> None:
    assumed = {each.value: each.source for each in about_view(lossy).assumed}
    assert assumed["uart.rx_ring_bytes = 512"] == 'set by the scenario "thread-57329"'


def test_commands_that_do_it_again_can_be_typed(lossy: Recorded) -> None:
    commands = [command for _, command in about_view(lossy).commands]
    assert commands == ["quecsim replay 'my run.jsonl'", "quecsim report 'my run.jsonl'"]
    hidden = about_view(replace(lossy, payload_hidden=True))
    assert hidden.commands[0][1] == "quecsim replay 'my run.jsonl' --payload FILE"
    saved = about_view(replace(lossy, name="found/case.toml"))
    assert [c for _, c in saved.commands] == ["quecsim replay --run-host found/case.toml"]
    assert about_view(replace(lossy, name="")).commands == []


def test_a_host_program_can_be_run_again(lossy: Recorded) -> None:
    origin = structs.replace(lossy.report.origin, command=["./up", "a b", "{port}"])
    report = structs.replace(lossy.report, origin=origin)
    *_, (_, command) = about_view(replace(lossy, report=report)).commands
    assert command == "quecsim run thread-57329 --seed 1 -- ./up 'a b' '{port}'"
