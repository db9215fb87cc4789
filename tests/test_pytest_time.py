"""A fixture that stays in virtual time takes nobody along who has nothing to do with it."""

import pytest

MODULE_FIXTURE = """
import datetime, threading, time
import pytest, serial, quecsim
from quecsim.virtual.virtual_time import current_clock

REAL = time.sleep, threading.Lock, threading.Condition.wait, datetime.datetime

@pytest.fixture(scope="module")
def device():
    with quecsim.open_virtual("ec200u") as device:
        yield device
        time.sleep(3600)

@pytest.fixture(scope="module")
def reader(device):
    port = serial.serial_for_url(device.url, 115200, timeout=60)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(port.read(9)))
    thread.start()
    yield port, seen
    thread.join()

@pytest.fixture(scope="session")
def other():
    assert time.sleep is REAL[0]
    began = time.monotonic()
    yield
    assert time.sleep is REAL[0]
    assert time.monotonic() - began < 3000

def check_real():
    assert current_clock() is None
    assert REAL == (
        time.sleep, threading.Lock, threading.Condition.wait, datetime.datetime
    )
    time.sleep(0)

@pytest.mark.parametrize("number", range(3))
def test_host(device, other, number):
    before_ns = device.now_ns
    time.sleep(3600)
    assert device.now_ns >= before_ns + 3600 * 10**9

def test_nothing_to_do_with_it(tmp_path):
    check_real()

def test_asks_late(request):
    check_real()
    device = request.getfixturevalue("device")
    port = serial.serial_for_url(device.url, 115200, timeout=60)
    port.read(1)
    assert current_clock() is not None

def test_reader(reader):
    port, seen = reader
    time.sleep(1)
    port.write(b"AT\\r")
    time.sleep(1)
    assert seen == [b"AT\\r\\r\\nOK\\r\\n"]

class TestInAClass:
    @pytest.fixture
    def device(self):
        check_real()
        return "another"

    def test_shadowed(self, device):
        assert device == "another"
        check_real()

def test_the_last_one_has_nothing_to_do_with_it():
    check_real()
"""

NESTED = """
import time
import pytest, quecsim
from quecsim.virtual.virtual_time import current_clock, virtual_time

@pytest.fixture(scope="module")
def outer():
    with virtual_time() as clock:
        yield clock

@pytest.fixture
def inner(outer):
    with virtual_time() as clock:
        yield clock
    assert current_clock() is outer

def test_inner(inner, outer):
    time.sleep(5)
    assert (inner.now_ns // 10**9, outer.now_ns // 10**9) == (5, 0)

def test_outer(outer):
    time.sleep(7)
    assert outer.now_ns // 10**9 == 7

def test_neither():
    assert current_clock() is None

def test_stays_in_it():
    virtual_time().__enter__()

def test_is_not_in_it():
    assert current_clock() is None
"""

FAILS = """
import pytest
from quecsim.virtual.virtual_time import current_clock, virtual_time

@pytest.fixture(scope="module")
def broken():
    with virtual_time():
        raise OSError("broken")

def test_broken(broken):
    pass

def test_next():
    assert current_clock() is None
"""


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("-p", "no:xdist")])
def test_a_module_fixture(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    pytester.makepyfile(MODULE_FIXTURE)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)
    result.assert_outcomes(passed=8)


def test_blocks_within_one_another(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(NESTED)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=5)


def test_a_fixture_that_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1, errors=1)
