"""The four ways against simulated devices, in virtual time."""

import pytest

from quecsim.faults import PowerCutFault
from quecsim.firmware.package import build_package
from quecsim.host.plan import FotaOptions, Mistake, UploadPlan, UploadResult, Via
from quecsim.host.uploader import upload
from quecsim.rig import Rig
from quecsim.run.device_run import new_run
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import FaultFired
from quecsim.virtual.port import VirtualPort
from tests.device.bench import profile
from tests.test_checksum import AMAZON

LONG = bytes(range(251)) * 300  # 75300 bytes: two QFWRITEs
NEW = "NEWREVISION"
UPGRADABLE = ["ec200t", "uc200t", "ec200s", "eg912y"]


def simulated(device: str) -> VirtualPort:
    run = new_run(make_scenario(device))
    run.start()
    return VirtualPort(run.rig)


def run(port: VirtualPort, plan: UploadPlan) -> UploadResult:
    result = upload(port, plan, sleep=port.sleep)
    port.rig.check()
    return result


@pytest.mark.parametrize("ack", [False, True])
@pytest.mark.parametrize("device", ["ec200u", "ec200t"])
def test_qfupl(device: str, ack: bool) -> None:
    result = run(simulated(device), UploadPlan("UFS:ca.pem", AMAZON, ack=ack))
    assert (result.problems, result.verified) == ([], True)


@pytest.mark.parametrize("known", [2048, None])
def test_qfupl_where_the_block_is_another(known: int | None) -> None:
    device = profile(files={"ack_block_bytes": 2048})
    rig = Rig(device)
    rig.start()
    plan = UploadPlan("UFS:ca.pem", LONG[:20_000], ack=True, ack_block_bytes=known)
    result = run(VirtualPort(rig), plan)
    assert (result.problems, result.verified, result.acks) == ([], True, 9)


def test_qfupl_when_the_power_goes() -> None:
    port = simulated("ec200u")
    port.rig.inject(0, PowerCutFault(at_byte=1500, off_ms=500))
    result = run(port, UploadPlan("UFS:ca.pem", LONG, ack=True))
    assert [event.kind for event in port.rig.take_events() if isinstance(event, FaultFired)] == [
        "power_cut"
    ]
    assert result.problems == [
        "sent 2048 of 75300 bytes, then stopped: no `A` came for the block that ends at byte 2048",
        "no summary came, and the module is in command mode: it may have restarted",
    ]


@pytest.mark.parametrize("device", ["ec200u", "fcm242d", "fgm842d"])
def test_qfwrite(device: str) -> None:
    port = simulated(device)
    result = run(port, UploadPlan("ca.pem", LONG, via=Via.QFWRITE))
    assert (result.problems, result.verified) == ([], True)
    assert result.same_bytes == len(LONG)
    assert port.rig.device.context.ufs.read_file("ca.pem") == LONG


@pytest.mark.parametrize("device", ["ec200u", "fcm242d"])
def test_qfwrite_that_times_out(device: str) -> None:
    plan = UploadPlan("ca.pem", AMAZON, via=Via.QFWRITE, declared_bytes=1300)
    result = run(simulated(device), plan)
    assert result.listed_bytes == result.same_bytes == 1188
    assert result.problems[0] == "the module waited for 1300 bytes, and took 1188 when none came"


@pytest.mark.parametrize("device", ["ec200u", "fcm242d"])
def test_println_by_handle_whose_surplus_meets_the_command_line(device: str) -> None:
    wrong = frozenset({Mistake.PRINTLN})
    result = run(simulated(device), UploadPlan("ca.pem", AMAZON, via=Via.QFWRITE, mistakes=wrong))
    line_end = AMAZON.index(b"\n")
    assert result.problems == [f"the file differs from offset {line_end} on: 0x0d there, 0x0a here"]


@pytest.mark.parametrize("name", ["NVRAM:CA0", "NVRAM:CK0", "RAM:ca.pem"])
def test_qsecwrite(name: str) -> None:
    port = simulated("m95")
    plan = UploadPlan(name, AMAZON, via=Via.QSECWRITE)
    result = run(port, plan)
    assert (result.problems, result.verified, result.replaced) == ([], True, False)
    assert (result.stored_good, result.stored_checksum) == (True, "2d13")
    again = run(port, plan)
    assert (again.verified, again.replaced) == (True, True)
    kept = run(port, UploadPlan(name, AMAZON, via=Via.QSECWRITE, keep=True))
    assert kept.problems == [f"{name} is on the module already: left alone"]


def revision(device: str) -> str:
    return make_scenario(device).profile().identity.revision


@pytest.mark.parametrize("device", UPGRADABLE)
def test_qfotadl(device: str) -> None:
    package = build_package(LONG[:20_000], revision(device), NEW)
    result = run(simulated(device), UploadPlan("p.bin", package, via=Via.QFOTADL))
    assert (result.problems, result.verified) == ([], True)
    assert (result.revision_before, result.revision_after) == (revision(device), NEW)
    assert result.updating == 100


@pytest.mark.parametrize("mode", [0, 1])
def test_qfotadl_with_arguments_as_a_host_without_flow_control(mode: int) -> None:
    package = build_package(LONG[:20_000], revision("ec200t"), NEW)
    plan = UploadPlan(
        "p.bin",
        package,
        via=Via.QFOTADL,
        chunk_bytes=32,
        gap_ms=10,
        fota=FotaOptions(mode, download_urcs=50, update_urcs=5),
    )
    result = run(simulated("ec200t"), plan)
    assert (result.problems, result.verified, result.revision_after) == ([], True, NEW)
    assert result.downloading is not None


def test_qfotadl_with_a_damaged_package() -> None:
    package = bytearray(build_package(LONG[:5000], revision("ec200t"), NEW))
    package[2000] ^= 1
    result = run(simulated("ec200t"), UploadPlan("p.bin", bytes(package), via=Via.QFOTADL))
    assert result.problems == [
        "END 506: the MD5 of the package is wrong: bytes are missing or changed"
    ]
    assert result.revision_after == result.revision_before == revision("ec200t")


def test_qfotadl_with_a_package_that_is_too_short() -> None:
    package = build_package(LONG[:5000], revision("ec200t"), NEW)
    plan = UploadPlan("p.bin", package, via=Via.QFOTADL, declared_bytes=len(package) + 45)
    result = run(simulated("ec200t"), plan)
    assert result.problems == ["FILEEND 500: the package did not arrive whole"]
    assert result.revision_after == revision("ec200t")


def test_a_certificate_that_the_device_waited_for_in_vain_is_not_verified() -> None:
    plan = UploadPlan("NVRAM:CA0", AMAZON, via=Via.QSECWRITE, declared_bytes=1300, timeout_s=3)
    result = run(simulated("m95"), plan)
    assert result.problems == ["the module waited for 1300 bytes, and took 1188 when none came"]
    assert not result.verified


@pytest.mark.parametrize(("device", "via"), [("fcm242d", Via.QFUPL), ("ec200t", Via.QSECWRITE)])
def test_a_way_that_the_device_does_not_have(device: str, via: Via) -> None:
    result = run(simulated(device), UploadPlan("RAM:ca.pem", AMAZON, via=via))
    assert f"this one may not have {via.command}" in result.problems[0]


def test_a_device_that_was_still_starting_is_not_taken_for_one_in_data_mode() -> None:
    booting = new_run(make_scenario("ec200u"), is_up=False)
    booting.start()
    result = run(VirtualPort(booting.rig), UploadPlan("UFS:ca.pem", AMAZON))
    assert result.verified
    assert result.notes == ["the module did not answer at first: was it starting?"]
