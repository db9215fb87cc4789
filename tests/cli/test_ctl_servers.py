"""`quecsim ctl network requests`, `files` and `file`, as their user calls them, against a simulator
in a process of its own.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner, Result

from quecsim.cli.ctl import ctl
from quecsim.cli.main import VARIABLE, cli
from quecsim.errors import QuecsimError
from tests.e2e.simulator import RunningSimulator
from tests.live.control.bench import runtime_folder

pytestmark = pytest.mark.pty

SCENARIO = """
title = "Servers"
shows = "a device with two servers behind it"
[[service]]
host = "web.example"
port = 80
kind = "http"
http = { post = "store" }
[[service]]
host = "files.example"
port = 21
kind = "ftp"
ftp = { files = { "/a.bin" = { text = "hello" } } }
"""
URL = b"http://web.example/log"


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[RunningSimulator]:
    file = tmp_path / "servers.toml"
    file.write_text(SCENARIO)
    with runtime_folder(), RunningSimulator(str(file)) as running:
        yield running


def call(*arguments: str) -> Result:
    """The command in this process; a mistake of the user's is raised."""
    done = CliRunner().invoke(ctl, ["network", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


def test_what_was_asked_and_stored(simulator: RunningSimulator, tmp_path: Path) -> None:
    nothing = call("requests")
    assert (nothing.stdout, nothing.stderr) == ("", "quecsim: nobody has asked anything yet\n")
    with simulator.open() as port:
        for said, answer in (
            (b"ATE0\r", b"OK\r\n"),
            (b"AT+QHTTPURL=%d,10\r" % len(URL), b"CONNECT\r\n"),
            (URL, b"OK\r\n"),
            (b"AT+QHTTPPOST=4,10,10\r", b"CONNECT\r\n"),
            (b"12.5", b"+QHTTPPOST: 0,201"),
        ):
            port.write(said)
            assert port.read_until(answer).endswith(answer)
    assert call("requests").stdout.split(" s  ")[1] == ("web.example:80  POST /log, 4 bytes: 201\n")
    (asked,) = json.loads(call("requests", "--service", "web.example:80", "--json").stdout)
    assert (asked["method"], asked["body"]) == ("POST", "MTIuNQ==")
    assert call("files", "--service", "web.example").stdout.split() == ["/log", "4"]
    assert json.loads(call("files", "--service", "files.example", "--json").stdout) == {"/a.bin": 5}
    assert call("file", "/log", "--service", "web.example").stdout_bytes == b"12.5"
    copy = tmp_path / "copy.bin"
    call("file", "/a.bin", "--service", "files.example", "-o", str(copy))
    assert copy.read_bytes() == b"hello"
    missing = call("file", "/b", "--service", "web.example")
    assert (missing.return_value, missing.stderr) == (
        1,
        "quecsim: there is no file /b at that server\n",
    )
    with pytest.raises(QuecsimError, match=r"which server\?"):
        call("files")
    offered = BashComplete(cli, {}, "quecsim", VARIABLE)
    words = ["ctl", "network", "files", "--service"]
    assert [item.value for item in offered.get_completions(words, "w")] == ["web.example:80"]
