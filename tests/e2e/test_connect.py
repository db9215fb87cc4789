"""`quecsim upload --then-connect` on a real port, as a user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.tls.authority import authority_pem

pytestmark = pytest.mark.pty

SCENARIO = """
title = "A broker"
shows = "A module that goes on to it."
device = "ec200u"
[line]
time_scale = 5
[network]
clock = "2026-06-01T00:00:00Z"
[[service]]
host = "broker.example"
port = 8883
tls = { certificate = "valid" }
"""


def run(folder: Path, data: bytes) -> subprocess.CompletedProcess[str]:
    """`quecsim run ... -- quecsim upload ... --then-connect ...`, to its end."""
    (folder / "broker.toml").write_text(SCENARIO)
    (folder / "ca.pem").write_bytes(data)
    quecsim = [sys.executable, "-m", "quecsim"]
    upload = [*quecsim, "upload", "ca.pem", "--port", "{port}", "--ack"]
    wanted = ["--then-connect", "broker.example:8883", "--subscribe", "t", "--publish", "t=hello"]
    return subprocess.run(
        [*quecsim, "run", "./broker.toml", "--", *upload, *wanted],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_message_goes_to_the_broker_and_back(tmp_path: Path) -> None:
    done = run(tmp_path, authority_pem())
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "broker.example:8883: connected over TLS as quecsim, 5 bytes published, "
        "a message on t: 'hello'"
    )
    assert "1 message published, 1 received" in done.stderr


def test_a_certificate_that_is_cut_off_ends_at_the_broker(tmp_path: Path) -> None:
    done = run(tmp_path, authority_pem()[:1035])
    assert done.returncode == 1
    uploaded, connected = done.stdout.splitlines()
    assert uploaded.endswith("verified")
    assert connected.startswith("broker.example:8883: failed: +QMTOPEN: 0,5:")
    assert "(no END line: the file ends after 1035 bytes" in " ".join(done.stderr.split())
