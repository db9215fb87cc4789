"""A new kind of fault is one file: everything else finds it there."""

import subprocess
import sys
from pathlib import Path

from quecsim.faults.catalogue import KINDS

NEW = '''
"""`deaf`: a command line is refused while somebody looks away."""

from typing import ClassVar

from quecsim.at.results import AtError
from quecsim.faults.fault import Fault, Number
from quecsim.faults.places.commands import CallFault
from quecsim.faults.points import Aim


class Deaf(Fault, frozen=True, kw_only=True, tag="deaf"):
    """Call number `call` of any command fails."""

    AIMS: ClassVar = {"command": Aim("call")}
    FIRST: ClassVar = ({"call": 1},)
    DRAWN: ClassVar = ({"call": (1, range(1, 5))},)
    call: Number = 1

    def words(self):
        return f"call {self.call} is not heard"

    def arm(self, armed, places):
        fault = self

        class Watch(CallFault):
            def before_call(self, call):
                armed.seen += 1
                if armed.seen == fault.call:
                    armed.fire(places.commands.shared.now_ns, f"AT{call.name} was not heard")
                    raise AtError

        places.commands.watch(Watch())
'''

USE = """
import sys
from quecsim.faults import kinds
kinds.__path__.append(sys.argv[1])
import quecsim, serial
from quecsim.fuzz.exhaust import parse_every
from quecsim.fuzz.first import low_faults
from quecsim.scenario.options import make_scenario
from quecsim.testing import strategies

assert strategies.fault_kinds()[-1] == "deaf"
assert parse_every("deaf").fault(3).call == 3
assert low_faults()[-1].kind == "deaf"
scenario = make_scenario("ec200u", faults=[{"kind": "deaf", "call": 2}])
with quecsim.open_virtual(scenario=scenario) as device:
    with serial.serial_for_url(device.url, baudrate=115200, timeout=1) as port:
        port.write(b"ATE0;+CSQ\\r")
        assert b"ERROR" in port.read(50)
    device.inject("deaf")
    print([(fault.text, fault.fired) for fault in device.faults()])
"""


def test_a_file_is_all_it_takes(tmp_path: Path) -> None:
    (tmp_path / "deaf.py").write_text(NEW)
    ran = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    told = "[('call 2 is not heard', 1), ('call 1 is not heard', 0)]"
    assert ran.stdout.strip() == told


def test_the_kinds_stand_from_simple_to_nasty() -> None:
    orders = [fault.ORDER for fault in KINDS.values()]
    assert orders == sorted(set(orders))
