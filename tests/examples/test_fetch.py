"""The hosts that fetch a page: the right one knows what came of it, the wrong ones are caught."""

from pathlib import Path
from typing import Any

import pytest

from quecsim.faults.catalogue import read_fault
from quecsim.scenario.options import make_scenario
from quecsim.virtual.run import FunctionRun, run_function
from tests.examples.hosts import HOSTS, Done, python_host, quecsim_done

PAGE = "Hello from the web.\n" * 300
SERVICE: dict[str, Any] = {
    "host": "web.example",
    "port": 80,
    "kind": "http",
    "http": {"files": {"/hello.txt": {"text": PAGE}}},
}
URL = "http://web.example/hello.txt"
SCENARIO = """
device = "ec200u"

[[service]]
host = "web.example"
port = 80
kind = "http"
http = { files = { "/hello.txt" = { text = "Hello from the web." } } }

[check]
expect = "no-upload"
"""


def judged(program: list[str], folder: Path, url: str) -> Done:
    scenario = folder / "web.toml"
    scenario.write_text(SCENARIO)
    options = ["check", str(scenario), "--time-scale", "4"]
    return quecsim_done([*options, "--", *program, "{port}", url], folder)


@pytest.mark.pty
def test_the_right_host_has_the_page(tmp_path: Path) -> None:
    done = judged(python_host("fetch"), tmp_path, URL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed  web: 1 connection" in done.stdout


CAUGHT = {
    "no_wait_for_result": (URL, "no-wait-for-result at"),
    "more_than_asked": (URL, "more-than-asked at"),
    "nothing_compared": ("http://nowhere.example/", "ignored-connection at"),
}


@pytest.mark.pty
@pytest.mark.parametrize("mistake", CAUGHT)
def test_each_mistake_is_caught_and_named(mistake: str, tmp_path: Path) -> None:
    url, told = CAUGHT[mistake]
    done = judged(python_host("wrong_fetch", mistake), tmp_path, url)
    assert done.returncode == 1, done.stdout + done.stderr
    assert told in " ".join(done.stdout.split())


# in virtual time


def fetched(monkeypatch: pytest.MonkeyPatch, *tables: dict[str, Any]) -> FunctionRun:
    monkeypatch.syspath_prepend(HOSTS / "python")
    faults = [read_fault(table) for table in tables]
    scenario = make_scenario("ec200u", services=[SERVICE], faults=faults)

    def host(port: Any, _name: str, _data: bytes) -> bytes:
        from fetch import fetch  # type: ignore[import-not-found]

        return bytes(fetch(port, URL))

    return run_function(scenario, host, "UFS:none", b"")


def test_every_byte_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done = fetched(monkeypatch)
    assert done.error is None
    assert done.returned == PAGE.encode()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "dns_failure"},
        {"kind": "connect_refused"},
        {"kind": "connect_silence"},
        {"kind": "server_closes", "at_byte": 1000},
        {"kind": "link_down", "send": 1},
    ],
    ids=lambda fault: fault["kind"],
)
def test_it_says_so_when_it_cannot(fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    done = fetched(monkeypatch, fault)
    assert type(done.error).__name__ in ("FetchError", "UploadError")
    assert [count.fired for count in done.report.faults] != [0]
