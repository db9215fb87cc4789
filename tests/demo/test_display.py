from dataclasses import replace
from io import StringIO

from quecsim.demo.display import display
from quecsim.demo.ways import CARGOES, WAYS
from tests.demo.made import outcome


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(stream: StringIO, *, is_quiet: bool = False) -> str:
    with display(stream, is_quiet=is_quiet) as shown:
        for way in WAYS[:2]:
            shown.begin(way, CARGOES[0])
            shown.progress(1000, 1188)
            shown.progress(1188, 1188)
            shown.end(outcome(way, CARGOES[0], loses=way.loses))
    return stream.getvalue()


def test_lines_where_there_is_no_terminal() -> None:
    assert run(StringIO()).splitlines() == [
        "1 PC over USB, certificate: right",
        "2 microcontroller, certificate: 115 bytes lost",
    ]


def test_quiet() -> None:
    assert run(StringIO(), is_quiet=True) == ""


def test_bars_on_a_terminal() -> None:
    shown = run(Terminal())
    assert "1 PC over USB, certificate" in shown
    assert "115 bytes lost" in shown


def test_a_failure_names_the_problem() -> None:
    stream = StringIO()
    with display(stream, is_quiet=False) as shown:
        made = outcome(WAYS[0], CARGOES[1], loses=False)
        shown.end(replace(made, problems=["no answer to AT"]))
    assert stream.getvalue() == "1 PC over USB, CA bundle: no answer to AT\n"
