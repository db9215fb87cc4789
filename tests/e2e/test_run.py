"""`quecsim run` over a real pseudo terminal: the port's contract with hosts and shells."""

import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from quecsim.scenario.payload import payload_bytes
from quecsim.trace.jsonl import read_trace
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask

pytestmark = pytest.mark.pty

HOST = """
import os, serial, sys
port = serial.Serial(sys.argv[1], 115200, timeout=60)
assert os.environ["QUECSIM_PORT"] == sys.argv[1]
port.write(b"ATE0\\r"); port.read_until(b"OK\\r\\n")
data = open(sys.argv[2], "rb").read()
port.write(b'AT+QFUPL="UFS:ca.pem",%d,2\\r' % len(data))
assert port.read_until(b"CONNECT\\r\\n").endswith(b"CONNECT\\r\\n")
port.write(data)
print(port.read_until(b"OK\\r\\n") if len(sys.argv) < 4 else "not waiting", flush=True)
"""


def test_the_port_is_the_first_line_and_answers() -> None:
    with RunningSimulator("ec200u") as simulator:
        assert re.fullmatch(r"/dev/(pts/|tty)\S+", simulator.port)
        with simulator.open() as port:
            assert ask(port, b"AT") == b"AT\r\r\nOK\r\n"
            assert b"EC200U" in ask(port, b"ATI")
        assert simulator.stop() == 0
        assert simulator.output == ""
        assert "Traceback" not in simulator.stderr


def test_sigterm_ends_it_cleanly_and_removes_the_link(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    with RunningSimulator("ec200u", "--link", str(link)) as simulator:
        assert simulator.port == str(link)
        assert link.is_symlink()
        with simulator.open() as port:
            ask(port, b"AT")
        assert simulator.stop(signal.SIGTERM) == 0
    assert not link.is_symlink()


def test_a_stale_link_is_replaced_and_a_foreign_file_refused(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    with RunningSimulator("ec200u", "--link", str(link)) as simulator:
        simulator.stop(signal.SIGKILL)
    assert link.is_symlink()
    with RunningSimulator("ec200u", "--link", str(link)) as simulator:
        with simulator.open() as port:
            ask(port, b"AT")
        with RunningSimulator("ec200u", "--link", str(link)) as second:
            assert second.wait() == 2
            assert "another running quecsim" in second.stderr
    link.unlink(missing_ok=True)
    link.write_text("precious")
    with RunningSimulator("ec200u", "--link", str(link)) as simulator:
        assert simulator.wait() == 2
        assert simulator.port == ""
        assert "it is not a link" in simulator.stderr
    assert link.read_text() == "precious"


def test_hosts_come_and_go() -> None:
    with RunningSimulator("ec200u") as simulator:
        for _ in range(20):
            with simulator.open() as port:
                port.reset_input_buffer()
                assert ask(port, b"AT").endswith(b"OK\r\n")
        assert simulator.stop() == 0


def test_a_host_that_never_reads_stalls_nothing() -> None:
    with RunningSimulator("ec200u", "--speed", "unlimited", "--flash", "instant") as simulator:
        with simulator.open() as port:
            for _ in range(2000):
                port.write(b"ATI\r")
        with simulator.open() as port:
            # The line was held while nobody read: now all the answers come, and the next one too.
            port.write(b"AT+QFLDS\r")
            assert b"+QFLDS: 0,0" in port.read_until(b"+QFLDS: 0,0")
        assert simulator.stop() == 0


def test_several_simulators_do_not_disturb_each_other() -> None:
    with RunningSimulator("ec200u") as one, RunningSimulator("ec200u") as two:
        assert one.port != two.port
        with one.open() as first, two.open() as second:
            ask(first, b"ATE0")
            assert ask(first, b"AT") == b"\r\nOK\r\n"
            assert ask(second, b"AT") == b"AT\r\r\nOK\r\n"
        assert one.stop() == 0
        with two.open() as second:
            ask(second, b"AT")


def upload(port: serial.Serial, data: bytes, name: bytes = b"UFS:ca.pem") -> bytes:
    ask(port, b"ATE0")
    ask(port, b'AT+QFUPL="%s",%d,60' % (name, len(data)), b"CONNECT\r\n")
    port.write(data)
    reply: bytes = port.read_until(b"OK\r\n")
    return reply


def test_a_real_certificate_goes_up_whole_with_the_real_checksum() -> None:
    with RunningSimulator("ec200u", "--json") as simulator:
        with simulator.open() as port:
            reply = upload(port, payload_bytes("certificate"))
            assert reply == b"\r\n+QFUPL: 1188,380d\r\n\r\nOK\r\n"
            assert b'+QFLST: "UFS:ca.pem",1188' in ask(port, b"AT+QFLST")
        assert simulator.stop() == 0
        report = simulator.reports[-1]
        assert report["uploads"][0]["verdict"] == "intact"
        counters = report["counters"]
        assert counters["sent"] == sum(
            counters[place] for place in ("stored", "lost", "eaten", "in_flight")
        )


def test_sigusr1_tells_what_happened_so_far() -> None:
    with RunningSimulator("ec200u", "--json") as simulator:
        with simulator.open() as port:
            upload(port, payload_bytes("certificate"))
            simulator.process.send_signal(signal.SIGUSR1)
            assert simulator.process.stdout is not None
            line = simulator.process.stdout.readline()
            assert b'"intact"' in line
            ask(port, b"AT")
        assert simulator.stop() == 0


def test_the_story_a_streaming_host_loses_bytes_and_is_told_which() -> None:
    data = payload_bytes("certificate")
    with RunningSimulator("thread-57329", "--json") as simulator:
        with simulator.open() as port:
            ask(port, b"ATE0")
            ask(port, b'AT+QFUPL="UFS:ca.pem",%d,1' % len(data), b"CONNECT\r\n")
            port.write(data)
            assert port.read_until(b"+CME ERROR: 421\r\n").endswith(b"+CME ERROR: 421\r\n")
        assert simulator.stop() == 1
        upload_report = simulator.reports[-1]["uploads"][0]
        assert upload_report["verdict"] == "lost"
        assert upload_report["lost"] == 1188 - upload_report["stored"] > 0
        assert "ring full for" in str(upload_report["losses"][0])
    with RunningSimulator("thread-57329") as simulator:
        with simulator.open() as port:
            ask(port, b"ATE0")
            ask(port, b'AT+QFUPL="UFS:ca.pem",%d,1' % len(data), b"CONNECT\r\n")
            port.write(data)
            port.read_until(b"+CME ERROR: 421\r\n")
        assert simulator.stop() == 1
        assert "ring full for" in simulator.stderr


def test_rts_cts_by_real_termios_on_both_ends_loses_nothing() -> None:
    data = payload_bytes("bundle")
    options = ("--flash", "worst", "--time-scale", "50", "--json")
    with RunningSimulator("ec200u", *options) as simulator:
        with simulator.open(rtscts=True) as port:
            ask(port, b"AT+IFC=2,2")
            assert b"+QFUPL: %d," % len(data) in upload(port, data)
        assert simulator.stop() == 0
        report = simulator.reports[-1]
        assert report["counters"]["lost"] == 0
        assert report["uploads"][0]["verdict"] == "intact"


def test_rts_cts_on_the_device_alone_loses_bytes() -> None:
    data = payload_bytes("bundle")
    options = ("--flash", "worst", "--time-scale", "50", "--json")
    with RunningSimulator("ec200u", *options) as simulator:
        with simulator.open(rtscts=False) as port:
            ask(port, b"ATE0")
            ask(port, b"AT+IFC=2,2")
            ask(port, b'AT+QFUPL="UFS:ca.pem",%d,5' % len(data), b"CONNECT\r\n")
            port.write(data)
            assert port.read_until(b"421\r\n").endswith(b"421\r\n")
        assert simulator.stop() == 1
        assert simulator.reports[-1]["counters"]["lost"] > 0


def test_a_usb_port_loses_nothing_and_answers_in_one_piece() -> None:
    data = payload_bytes("bundle")
    options = ("--interface", "usb", "--time-scale", "50", "--json")
    with RunningSimulator("ec200u", *options) as simulator:
        with simulator.open() as port:
            assert b"+QFUPL: %d," % len(data) in upload(port, data)
            port.write(b"AT+QFLST\r")
            select.select([port], [], [], READ_TIMEOUT_S)
            first = os.read(port.fileno(), 4096)
            assert first == b'\r\n+QFLST: "UFS:ca.pem",%d\r\n\r\nOK\r\n' % len(data)
        assert simulator.stop() == 0


def test_a_host_program_is_run_and_its_end_ends_the_run(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(payload_bytes("certificate"))
    program = ["--", sys.executable, "-c", HOST, "{port}", str(file)]
    with RunningSimulator("ec200u", *program) as simulator:
        assert simulator.wait() == 0
        assert "+QFUPL: 1188,380d" in simulator.output
        assert "/dev/" not in simulator.output, "the program's output is alone there"
        assert re.match(r"/dev/\S+\n", simulator.stderr)


def test_a_host_program_that_does_not_wait_still_gets_its_bytes_counted(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(payload_bytes("certificate"))
    program = ["--json", "--", sys.executable, "-c", HOST, "{port}", str(file), "hurry"]
    with RunningSimulator("ec200u", *program) as simulator:
        assert simulator.wait() == 0
        (report,) = simulator.reports  # JSON alone, whatever the program says
        assert report["uploads"][0]["verdict"] == "intact"


def test_what_a_run_waits_for_after_its_program_is_told() -> None:
    host = (
        "import serial, sys; port = serial.Serial(sys.argv[1], timeout=60);"
        "port.write(b'AT+QIACT=1\\r'); port.flush(); port.read(1)"
    )
    words = ["ec200t", "--time-scale", "0.2", "--", sys.executable, "-c", host, "{port}"]
    with RunningSimulator(*words) as simulator:
        simulator.until_it_says("the program has ended, the device goes on: a packet context")
        assert simulator.stop() == 0


def test_a_host_program_that_fails_is_exit_code_1() -> None:
    with RunningSimulator("ec200u", "--", sys.executable, "-c", "raise SystemExit(7)") as simulator:
        assert simulator.wait() == 1
        assert "the host program ended with exit code 7" in simulator.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ec200x",), "ec200u"),
        (("thred-57329",), "thread-57329"),
        (("ec200u", "--stall", "soon"), "BYTE:TIME"),
        (("ec200u", "--", "/no/such/program"), "cannot start"),
        (("ec200u", "--trace", "/no/such/folder/x"), "cannot write the trace"),
        (
            (
                "ec200u",
                "--colour",
            ),
            'there is no option "--colour"',
        ),
    ],
)
def test_a_users_mistake_is_one_message_and_exit_code_2(
    arguments: tuple[str, ...], message: str
) -> None:
    with RunningSimulator(*arguments) as simulator:
        assert simulator.wait() == 2
        assert message in simulator.stderr
        assert "Traceback" not in simulator.stderr


def test_power_on_begins_with_the_start_up_texts() -> None:
    options = ("ec200u", "--power-on", "--time-scale", "4")  # RDY comes when the port is open
    with RunningSimulator(*options) as simulator, simulator.open() as port:
        texts = port.read_until(b"+QIND: PB DONE\r\n")
        assert texts.startswith(b"\r\nRDY\r\n")
        assert simulator.stop() == 0


def test_a_wrong_baud_rate_is_told_at_once() -> None:
    with RunningSimulator("ec200u") as simulator:
        with simulator.open(baudrate=9600) as port:
            ask(port, b"AT")
        with simulator.open(baudrate=250_000) as port:
            ask(port, b"AT")
        assert simulator.stop() == 0
        assert "the host is at 9600 8N1, the device at 115200 8N1" in simulator.stderr
        assert "the host is at 250000 8N1" in simulator.stderr


def test_an_image_survives_kill_9(tmp_path: Path) -> None:
    image, data = tmp_path / "ufs.img", payload_bytes("certificate")
    with RunningSimulator("ec200u", "--ufs", str(image)) as simulator:
        with simulator.open() as port:
            upload(port, data)
        simulator.process.kill()
        simulator.process.wait()
    with RunningSimulator("ec200u", "--ufs", str(image)) as simulator, simulator.open() as port:
        ask(port, b"ATE0")
        assert data in ask(port, b'AT+QFDWL="UFS:ca.pem"')


def test_closed_standard_output_is_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m quecsim run --help | head -1",
        shell=True,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr


def test_staying_at_the_old_rate_after_ipr_is_told() -> None:
    with RunningSimulator("ec200u") as simulator:
        with simulator.open() as port:
            ask(port, b"AT+IPR=9600")
            ask(port, b"AT")
        assert simulator.stop() == 0
        assert "the host is at 115200 8N1, the device at 9600 8N1" in simulator.stderr


UNREADING_HOST = """
import serial, sys
port = serial.Serial(sys.argv[1], 115200)
for _ in range(300): port.write(b"ATI\\r")
"""


def test_a_host_program_that_leaves_its_answers_unread_still_ends_the_run() -> None:
    program = ["--speed", "unlimited", "--", sys.executable, "-c", UNREADING_HOST, "{port}"]
    with RunningSimulator("ec200u", *program) as simulator:
        assert simulator.wait() == 0


def test_a_killed_run_leaves_a_readable_trace(tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    with RunningSimulator("ec200u", "--trace", str(trace)) as simulator:
        with simulator.open() as port:
            ask(port, b"AT")
            ask(port, b"AT")
        simulator.stop(signal.SIGKILL)
    header, events = read_trace(trace)
    assert header.torn_bytes == 0
    assert any(type(event).__name__ == "HostBytes" for event in events)


def test_a_full_disk_ends_the_trace_and_not_the_run() -> None:
    with RunningSimulator("ec200u", "--trace", "/dev/full") as simulator:
        with simulator.open() as port:
            ask(port, b"AT")
        assert simulator.stop() == 0
        assert simulator.stderr.count("trace ended: ") == 1
        assert "Traceback" not in simulator.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_as_soon_as_the_link_is_there_still_removes_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    link = tmp_path / "modem"
    command = [sys.executable, "-m", "quecsim", "run", "ec200u", "--link", str(link)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not link.is_symlink():
        assert process.poll() is None
    process.send_signal(number)
    _, stderr = process.communicate(timeout=READ_TIMEOUT_S)
    assert process.returncode == 0
    assert not link.is_symlink()
    assert b"Traceback" not in stderr
