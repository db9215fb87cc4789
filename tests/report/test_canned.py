"""What the report says of canned replies."""

from msgspec.structs import replace

from quecsim.profiles.canned import Reply
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from tests.device.bench import Bench, profile


def report(*asked: str) -> Report:
    device = profile(commands={"unknown": "ok"})
    reply = Reply("AT+QX=*", text="x", how="measured", source="our log of May")
    bench = Bench(replace(device, replies=(reply,)))
    for line in asked:
        bench.ask(line)
    bench.rig.finish(bench.now_ns)
    builder = ReportBuilder()
    builder.feed(bench.record())
    return builder.report()


def test_each_is_told_with_its_source_and_how_often() -> None:
    made = report("AT+QX=1", "AT+QX=2", "AT+NIX")
    reply, unknown = made.canned
    assert (reply.command, reply.name, reply.count) == ("AT+QX=*", "+QX", 2)
    assert (unknown.command, unknown.name, unknown.count) == ("any unknown command", "+NIX", 1)
    text = render_text(made, colour=False)
    assert "AT+QX=* (+QX): 2 times, first at 0.0" in text
    assert "our log of May" in text


def test_many_names_are_one_entry() -> None:
    made = report(*(f"AT+N{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(130)))
    assert len(made.canned) <= 101
    assert sum(use.count for use in made.canned) == 130
    assert made.canned[-1].name == ""


def test_nothing_is_said_where_the_model_answered() -> None:
    made = report("AT+CSQ")
    assert made.canned == []
    assert "anned" not in render_text(made, colour=False)
