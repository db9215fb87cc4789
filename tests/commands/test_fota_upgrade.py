"""The upgrade: what ends with which number, the restart before or after, and power that goes."""

from hashlib import md5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.at.context import Outside
from quecsim.commands.fota_upgrade import progress_number
from quecsim.device.power import PowerState
from quecsim.firmware.package import build_package
from quecsim.flash.timing import FlashMode
from quecsim.flash.ufs import UfsError, UfsFault, UfsFile
from quecsim.profiles.schema import Profile
from quecsim.trace import event as ev
from quecsim.units import ms, s
from tests.commands.fota import (
    TARGET,
    begin,
    boot_texts,
    device,
    package,
    revision,
    send,
    system_sizes,
    urc,
    urcs,
)
from tests.device.bench import ERROR, OK, Bench

PACKAGE = package(device())
FAILED, DAMAGED = 504, 506


def fota_ms(profile: Profile, name: str) -> int:
    return ms(getattr(profile.fota, name))


# what ends how


@pytest.mark.parametrize(
    ("name", "error"),
    [("damaged", DAMAGED), ("unknown", DAMAGED), ("short payload", DAMAGED), ("foreign", FAILED)],
)
@pytest.mark.parametrize("mode", [0, 1])
def test_a_package_that_is_not_for_us(name: str, error: int, mode: int) -> None:
    profile = device()
    data = {
        "damaged": PACKAGE[:9_000] + bytes([PACKAGE[9_000] ^ 1]) + PACKAGE[9_001:],
        "unknown": bytes(5_000),
        "short payload": PACKAGE[:-1],
        "foreign": package(profile, source="EC200TCNTCNMAR02A00M16"),
    }[name]
    bench = Bench(profile)
    said = send(bench, data, f",{mode}")
    assert said == (urc("FILEEND", 0) + urc("START") + urc("END", error) + boot_texts(profile))
    assert revision(bench) == profile.identity.revision
    assert system_sizes(bench) == {}


@pytest.mark.parametrize("mode", [0, 1])
def test_a_package_that_the_flash_does_not_give_out(
    mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(device())
    asked = []
    read_well = UfsFile.read

    def read(file: UfsFile, size: int) -> bytes:
        if not file.name.endswith("fota-package"):
            return read_well(file, size)
        asked.append(file.name)
        raise UfsError(UfsFault.CORRUPT, file.name)

    with monkeypatch.context() as patched:
        patched.setattr(UfsFile, "read", read)
        heard = send(bench, PACKAGE, f",{mode}")
    assert asked, "nobody read the package"
    assert urc("END", DAMAGED) in heard
    assert heard.endswith(boot_texts(device()))
    assert bench.ask("AT") == OK
    assert system_sizes(bench) == {}


def test_the_users_own_file_is_known_by_its_digest() -> None:
    own = bytes(range(256)) * 30
    known = Outside({md5(own).hexdigest(): "OURS02"})
    bench = Bench(device(), outside=known)
    assert urc("END", 0) in send(bench, own)
    assert revision(bench) == "OURS02"
    bench = Bench(device(), outside=known)
    assert urc("END", DAMAGED) in send(bench, own[:-1])


def test_up_and_down_again() -> None:
    profile = device()
    bench = Bench(profile)
    send(bench, PACKAGE)
    assert revision(bench) == TARGET
    assert urc("END", FAILED) in send(bench, PACKAGE)  # a package of the old revision
    down = build_package(b"old", TARGET, profile.identity.revision)
    assert urc("END", 0) in send(bench, down)
    assert revision(bench) == profile.identity.revision


def test_the_revision_lasts_and_is_everywhere() -> None:
    bench = Bench(device())
    send(bench, PACKAGE)
    bench.ask("AT+CFUN=1,1")
    assert revision(bench) == TARGET
    assert TARGET.encode() in bench.ask("AT+GMR")
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert revision(bench) == TARGET


# messages


@pytest.mark.parametrize("most", [0, 5, 8, 50, 100])
def test_updating_counts_to_100_percent(most: int) -> None:
    said = send(Bench(device()), PACKAGE, f",1,0,{most}")
    numbers = [number * 100 // most for number in range(1, most + 1)]
    expected = b"".join(urc("UPDATING", number) for number in numbers)
    assert urc("START") + expected + urc("END", 0) in said


def test_a_device_may_count_otherwise() -> None:
    profile = device()
    assert profile.fota is not None
    other = replace(profile.fota, update_number="ordinal", download_number="percent")
    said = send(Bench(replace(profile, fota=other)), PACKAGE, ",1,5,10")
    assert said.startswith(b"".join(urc("DOWNLOADING", 20 * n) for n in range(1, 6)))
    assert urc("START") + urcs("UPDATING", range(1, 11)) + urc("END", 0) in said


def test_the_last_number_is_all_of_it() -> None:
    for most in range(5, 101):
        assert progress_number(most, most, "percent") == 100
        assert progress_number(most, most, "ordinal") == most


def test_the_times_are_the_profiles() -> None:
    profile = device()
    bench = Bench(profile)
    begin(bench, len(PACKAGE), ",1,0,5")
    bench.send(PACKAGE)
    file_end_ns = bench.until(urc("FILEEND", 0))
    start_ns = bench.until(urc("START"))
    first_ns = bench.until(urc("UPDATING", 20))
    last_ns = bench.until(urc("UPDATING", 100))
    end_ns = bench.until(urc("END", 0))
    ready_ns = bench.until(b"\r\nRDY\r\n")
    near = ms(20)
    assert start_ns - file_end_ns == pytest.approx(fota_ms(profile, "begin_ms"), abs=near)
    assert last_ns - first_ns == pytest.approx(fota_ms(profile, "update_ms") * 4 // 5, abs=near)
    assert end_ns - last_ns < near
    restarted_ns = end_ns + fota_ms(profile, "reboot_ms") + ms(profile.boot.restart_ms)
    assert ready_ns == pytest.approx(restarted_ns, abs=near)


def test_messages_obey_the_switch() -> None:
    bench = Bench(device())
    bench.ask('AT+QINDCFG="all",0')
    bench.send(b'AT+QFOTADL="FILE:%d"\r' % len(PACKAGE))
    bench.run_for(s(2))
    bench.send(PACKAGE)
    assert b'QIND: "FOTA"' not in bytes(bench.output) + bench.rest()
    assert revision(bench) == TARGET


# the restart before the upgrade


def test_mode_0_restarts_first_and_is_ready_after_the_second_start() -> None:
    profile = device()
    bench = Bench(profile)
    said = send(bench, PACKAGE, ",0,0,5")
    expected = b"".join(urc("UPDATING", number) for number in (20, 40, 60, 80, 100))
    assert said == (
        urc("FILEEND", 0) + urc("START") + expected + urc("END", 0) + boot_texts(profile)
    )
    restarts = [power for power in bench.events(ev.Power) if power.why == "restart"]
    assert len(restarts) == 2
    assert restarts[0].at_ns < bench.arrival_ns(urc("START")) < restarts[1].at_ns
    assert revision(bench) == TARGET
    assert system_sizes(bench) == {}


def test_mode_1_restarts_once() -> None:
    bench = Bench(device())
    send(bench, PACKAGE, ",1")
    assert [p.why for p in bench.events(ev.Power)] == ["already up", "restart", "ready"]


def test_a_waiting_upgrade_survives_a_power_cut() -> None:
    bench = Bench(device())
    begin(bench, len(PACKAGE), ",0")
    bench.send(PACKAGE)
    bench.until(urc("FILEEND", 0))
    bench.run_for(ms(500))  # before the restart
    assert set(system_sizes(bench)) == {"fota-package", "fota-pending"}
    bench.rig.cut_power(bench.now_ns)
    bench.run_for(s(1))
    bench.rig.power_on(bench.now_ns)
    assert urc("END", 0) in bench.rest()
    assert revision(bench) == TARGET


def test_an_image_with_a_waiting_upgrade_goes_on_in_the_next_run() -> None:
    bench = Bench(device())
    begin(bench, len(PACKAGE), ",0,0,5")
    bench.send(PACKAGE)
    bench.until(urc("FILEEND", 0))
    bench.run_for(ms(500))
    later = Bench(device(), image=bench.image())
    assert later.rig.device.power is PowerState.BOOTING
    assert later.rest().startswith(urc("START"))
    assert revision(later) == TARGET


def test_a_package_that_was_to_be_used_at_once_is_lost_with_the_power() -> None:
    profile = device()
    bench = Bench(profile)
    begin(bench, len(PACKAGE), ",1")
    bench.send(PACKAGE)
    bench.until(urc("FILEEND", 0))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    assert bench.rest() == boot_texts(profile)
    assert (revision(bench), system_sizes(bench)) == (profile.identity.revision, {})


# power that goes


def test_power_lost_during_the_download_loses_the_package_only() -> None:
    profile = device()
    bench = Bench(profile)
    begin(bench, len(PACKAGE))
    bench.send(PACKAGE[:15_000])
    bench.run_for(s(2))
    before = bench.rig.counters()["stored"]
    assert before >= 14_000
    bench.rig.cut_power(bench.now_ns)
    bench.rig.check()
    counters = bench.rig.counters()
    assert counters["stored"] == 0  # nothing was closed yet
    assert counters["lost_power"] == 15_000
    bench.rig.power_on(bench.now_ns)
    assert bench.rest() == boot_texts(profile)
    assert (revision(bench), system_sizes(bench)) == (profile.identity.revision, {})
    assert urc("END", 0) in send(bench, PACKAGE)


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("percent", [1, 50, 100])
def test_power_lost_during_the_upgrade_leaves_a_dead_device(mode: int, percent: int) -> None:
    bench = broken(mode, percent)
    bench.rig.power_on(bench.now_ns)
    bench.send(b"AT\r")
    assert bench.rest() == b""
    assert bench.rig.device.power is PowerState.DEAD
    assert bench.events(ev.Power)[-1].why == "no firmware to start"
    assert bench.rig.counters()["lost_off"] == 3


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60_000), st.integers(0, 999_999), st.sampled_from([0, 1]))
def test_power_may_go_at_any_moment(at_ms: int, at_ns: int, mode: int) -> None:
    """The old firmware is there afterwards, or the new one, or none: as far as it had come."""
    bench = Bench(device(), flash_mode=FlashMode.WORST, ifc=(2, 2), host_flow="rtscts")
    bench.send(b'AT+QFOTADL="FILE:%d",%d\r' % (len(PACKAGE), mode))
    bench.until(urc("FILESTART"))
    bench.send(PACKAGE)
    bench.run_for(ms(at_ms) + at_ns)
    said = bytes(bench.output)
    bench.rig.cut_power(bench.now_ns)
    bench.rig.check()
    bench.run_for(s(1))
    bench.rig.power_on(bench.now_ns)
    later = bench.rest()
    bench.rig.check()
    if bench.rig.device.power is PowerState.DEAD:
        assert urc("START") in said
        assert urc("END", 0) not in said
        return
    has_upgraded = urc("END", 0) in said + later
    assert has_upgraded or b"UPDATING" not in said
    assert has_upgraded or mode == 1 or urc("FILEEND", 0) not in said
    assert (revision(bench) == TARGET) == has_upgraded
    assert system_sizes(bench) == {}


@pytest.mark.parametrize("spare_bytes", [0, 1, 4_096, 20_000, 100_000])
@pytest.mark.parametrize("mode", [0, 1])
def test_a_nearly_full_flash(spare_bytes: int, mode: int) -> None:
    """The upgrade works or fails, but the device stays sane."""
    profile = device()
    bench = Bench(profile)
    ufs = bench.rig.device.context.ufs
    ufs.write_file("hog", bytes(ufs.free_bytes() - len(PACKAGE) - 12_288 - spare_bytes))
    while ufs.free_bytes() - len(PACKAGE) > spare_bytes:
        ufs.write_file(f"small{len(ufs.files())}", bytes(2_000))
    bench.send(b'AT+QFOTADL="FILE:%d",%d\r' % (len(PACKAGE), mode))
    if ERROR in bench.run_for(s(2)):
        assert spare_bytes < 4_096
        return
    bench.send(PACKAGE)
    said = bench.rest()
    is_good = urc("END", 0) in said
    assert is_good or urc("END", FAILED) in said or urc("FILEEND", 500) in said, said
    assert revision(bench) == (TARGET if is_good else profile.identity.revision)
    assert system_sizes(bench) == {}


def test_it_stays_dead() -> None:
    bench = broken(1, 50)
    for _ in range(3):
        bench.rig.power_on(bench.now_ns)
        bench.rest()
        assert bench.rig.device.power is PowerState.DEAD
        bench.rig.cut_power(bench.now_ns)
    later = Bench(device(), image=bench.image())
    assert later.rig.device.power is PowerState.DEAD
    later.send(b"AT\r")
    assert later.rest() == b""


def test_it_comes_back_when_the_firmware_is_put_back() -> None:
    profile = device()
    bench = broken(1, 50)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    bench.rig.restore_firmware(bench.now_ns)
    assert bench.rest() == boot_texts(profile)
    assert (revision(bench), system_sizes(bench)) == (profile.identity.revision, {})
    assert urc("END", 0) in send(bench, PACKAGE)


def test_a_run_may_put_it_back_at_its_start() -> None:
    image = broken(0, 50).image()
    bench = Bench(device(), image=image, restores_firmware=True)
    assert bench.ask("AT") == OK
    assert revision(bench) == device().identity.revision


def test_what_was_restored_is_the_factorys() -> None:
    bench = Bench(device())
    send(bench, PACKAGE)
    bench.rig.restore_firmware(bench.now_ns)
    assert bench.rest() == boot_texts(device())
    assert revision(bench) == device().identity.revision


def broken(mode: int, percent: int) -> Bench:
    """A device whose power went when it had said UPDATING,`percent`."""
    bench = Bench(device())
    begin(bench, len(PACKAGE), f",{mode},0,100")
    bench.send(PACKAGE)
    bench.until(urc("UPDATING", min(percent, 99)))
    bench.run_for(ms(1))
    bench.rig.cut_power(bench.now_ns)
    bench.run_for(s(1))
    assert "firmware-upgrading" in system_sizes(bench)
    return bench
