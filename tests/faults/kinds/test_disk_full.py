"""Other files take nearly all of the storage."""

from quecsim.faults import DiskFull
from tests.device.bench import Bench
from tests.faults.bench import fired


def test_a_full_disk() -> None:
    bench = Bench(faults=[DiskFull(free_bytes=500)])
    assert bench.rig.device.context.ufs.free_bytes() <= 500 + 4096
    bench.ask("AT+CMEE=1")
    assert b"+CME ERROR" in bench.ask('AT+QFUPL="x",100000')
    assert fired(bench) == [(0, "disk_full")]
