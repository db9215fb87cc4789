"""The pytest plugin, as a user's own tests see it: run in a pytest of their own."""

import sys
from pathlib import Path

import pytest

UPLOAD = """
import serial

def upload(port, data, ack=1):
    port.write(b'AT+QFUPL="UFS:ca.pem",%d,5,%d\\r' % (len(data), ack))
    assert b"CONNECT" in port.read_until(b"CONNECT\\r\\n")
    for start in range(0, len(data), 1024):
        port.write(data[start : start + 1024])
        if ack and len(data) - start >= 1024:
            assert port.read_until(b"A").endswith(b"A")
    return port.read_until(b"OK\\r\\n")
"""
ON_A_PTY = (
    UPLOAD
    + """
import pytest
from quecsim.testing import assert_uploaded

DATA = bytes(range(256)) * 8

def test_pty(quecsim_device):
    with serial.Serial(quecsim_device.port, 115200, timeout=10) as port:
        upload(port, DATA)
    assert_uploaded(quecsim_device, "UFS:ca.pem", DATA)
"""
)
IN_PROCESS = (
    UPLOAD
    + """
import pytest
from quecsim.testing import assert_uploaded

DATA = bytes(range(256)) * 8

def test_virtual(quecsim_virtual):
    with serial.serial_for_url(quecsim_virtual.url, 115200, timeout=10) as port:
        upload(port, DATA)
    assert_uploaded(quecsim_virtual, "UFS:ca.pem", DATA)
"""
)
WRONG = (
    UPLOAD
    + """
import time

import pytest
from quecsim.testing import assert_uploaded

DATA = bytes(range(256)) * 8

@pytest.mark.quecsim(scenario="thread-57329")
def test_streams(quecsim_virtual):
    with serial.serial_for_url(quecsim_virtual.url, 115200, timeout=10) as port:
        upload(port, DATA, ack=0)
        time.sleep(3600)
    assert_uploaded(quecsim_virtual, "UFS:ca.pem", DATA)
"""
)
WHICH = """
def test_which(quecsim_virtual):
    report = quecsim_virtual.report()
    print("is", report.device, report.seed, report.settings["flash"])
"""


@pytest.mark.pty
def test_a_device_on_a_pty(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ON_A_PTY)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_device_in_process(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(IN_PROCESS)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "with xdist"])
def test_a_failure_tells_bytes_time_reason_and_how_to_see_it_again(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    pytester.makepyfile(test_wrong=WRONG)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *workers)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*AssertionError: UFS:ca.pem: * of 2048 bytes stored; byte 1024 is the first *",
            "E*bytes lost from byte 1024 on, at 0.*: ring full for *",
            "*- quecsim -*",
            "lost     ca.pem: * bytes lost in 2 places; *",
            "repeat with: pytest 'test_wrong.py::test_streams' --quecsim-seed 1",
            "the record:  quecsim report *quecsim.jsonl",
        ]
    )


def test_a_failure_tells_which_rules_the_host_broke(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        UPLOAD
        + """
def test_it(quecsim_virtual):
    with serial.serial_for_url(quecsim_virtual.url, 115200, timeout=10) as port:
        port.write(b'AT+QFUPL="UFS:ca.pem",2048,5,1\\r')
        port.read_until(b"CONNECT\\r\\n")
        port.write(bytes(2048))
        assert not port.read_until(b"OK\\r\\n")
"""
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["rules of conduct *", "  no-wait-for-ack at 0.*, byte 1024: *"])


def test_a_failure_tells_what_the_host_can_do(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
import serial

def test_it(quecsim_virtual):
    with serial.serial_for_url(quecsim_virtual.url, 115200, timeout=2) as port:
        port.write(b"AT\\n")
        assert b"OK" in port.read_until(b"OK\\r\\n")
"""
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["What the host can do:", "*ends in LF alone (0x0a)*"])


def test_the_record_of_a_failure_can_be_read(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_wrong=WRONG)
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "--basetemp=kept")
    (trace,) = pytester.path.rglob("quecsim.jsonl")
    result = pytester.run(Path(sys.executable).with_name("quecsim"), "report", str(trace))
    assert result.ret == 1
    result.stdout.fnmatch_lines(["lost     ca.pem: *"])


def test_the_marker_chooses_device_scenario_seed_and_options(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import pytest\n"
        '@pytest.mark.quecsim("ec200t", scenario="worst-flash", seed=7, ring_bytes=1024)' + WHICH
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-s")
    result.stdout.fnmatch_lines(["*is ec200t 7 worst*"])


def test_markers_of_module_class_and_test_add_up(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import pytest\n"
        'pytestmark = pytest.mark.quecsim("ec200t", seed=3, ring_bytes=1024)\n'
        "@pytest.mark.quecsim(seed=7)\n"
        "class TestIt:\n"
        "    @pytest.mark.quecsim(scenario='worst-flash')\n"
        "    def test_which(self, quecsim_virtual):\n"
        "        run = quecsim_virtual.scenario\n"
        "        print('is', run.device, run.seed, run.flash.timing, run.ring.rx_bytes)\n"
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-s")
    result.stdout.fnmatch_lines(["*is ec200t 7 worst 1024*"])


def test_the_marker_gives_servers_in_process(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
import pytest
import serial

pytestmark = pytest.mark.quecsim(services=[{"host": "broker.example", "port": 1883}])

def test_it(quecsim_virtual):
    with serial.serial_for_url(quecsim_virtual.url, 115200, timeout=30) as port:
        port.write(b'AT+QMTOPEN=0,"broker.example",1883\\r')
        assert b"0,0" in port.read_until(b"+QMTOPEN: 0,0\\r\\n")
        quecsim_virtual.kill_link(quecsim_virtual.links()[0])
        assert b"0,1" in port.read_until(b"+QMTSTAT: 0,1\\r\\n")
    assert quecsim_virtual.publish("a", b"nobody listens") == 0
"""
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_options_stand_in_where_a_test_says_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(WHICH)
    result = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-s",
        "--quecsim-device", "m95", "--quecsim-seed", "5", "--quecsim-scenario", "worst-flash",
    )  # fmt: skip
    result.stdout.fnmatch_lines(["*is m95 5 worst*"])


def test_several_scenarios_make_several_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(WHICH)
    result = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-v",
        "--quecsim-scenario", "worst-flash", "--quecsim-scenario", "typical-flash",
    )  # fmt: skip
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*::test_which?worst-flash?*", "*::test_which?typical-flash?*"])


def test_a_mistake_of_the_user_is_one_message(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(WHICH)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--quecsim-scenario", "nosuch")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['*no scenario is called "nosuch"*'])


def test_one_test_cannot_live_in_two_times(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_both(quecsim_virtual, quecsim_device): pass")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*quecsim_device lives in real time*"])


@pytest.mark.parametrize("fixture", ["quecsim_virtual", "quecsim_device"])
def test_a_mistake_in_the_marker_is_one_message(pytester: pytest.Pytester, fixture: str) -> None:
    pytester.makepyfile(
        f"""
import pytest

@pytest.mark.quecsim(scenario="thread-57239")
def test_it({fixture}):
    pass
"""
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ['quecsim: no scenario is called "thread-57239"', '  Did you mean "thread-57329"?*']
    )
    result.stdout.no_fnmatch_line("*scenario/loader.py*")


def test_a_failure_has_its_page_where_pages_are_wanted(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(WRONG + "\ndef test_well(quecsim_virtual):\n    pass\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--quecsim-html", "pages")
    result.assert_outcomes(failed=1, passed=1)
    (page,) = (pytester.path / "pages").iterdir()
    result.stdout.fnmatch_lines([f"the page:    pages/{page.name}"])
    html = page.read_text()
    assert "test_streams failed: " in html
    assert "bytes lost in" in html
    assert "the record ends before the run did" not in html


@pytest.mark.pty
def test_a_device_on_a_pty_has_its_page_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(quecsim_device):\n    assert False, '<b>not</b> well'\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--quecsim-html=pages")
    result.assert_outcomes(failed=1)
    (page,) = (pytester.path / "pages").iterdir()
    assert "&lt;b&gt;not&lt;/b&gt; well" in page.read_text()
