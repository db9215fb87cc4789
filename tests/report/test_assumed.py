import pytest
from msgspec.structs import replace

from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile, Provenance
from quecsim.render.text import render_text
from quecsim.report.assumed import _LEANS, assumed_values
from quecsim.report.model import Verdict
from quecsim.rig import RigConfig
from quecsim.trace import event as ev
from quecsim.units import ms, s
from tests.report.network_story import NetworkStory, report_of
from tests.report.story import DEVICE, M95, PAYLOAD, Story, device, qfupl

EC200T, FC41D, FCM242D = (load_profile(name) for name in ("ec200t", "fc41d", "fcm242d"))


def _names(story: Story) -> set[str]:
    return {line.split(" = ")[0] for line in story.report.assumed}


def test_every_name_is_one_of_the_profile() -> None:
    named = {name for _, names in _LEANS for name in names}
    assert named <= {name for p in (DEVICE, M95, EC200T, FC41D) for name in p.provenance}


def test_no_value_is_named_twice() -> None:
    story = _written_short(DEVICE).tell([(0, qfupl(99, timeout_s=1)), (ms(50), b"x")])
    assert [u.command for u in story.report.uploads if u.ended == "idle"] == ["+QFWRITE", "+QFUPL"]
    assumed = story.report.assumed
    assert len(assumed) == len(set(assumed)) > 0


def test_nothing_happened_nothing_was_leaned_on() -> None:
    assert Story().tell([(0, b"AT\r")], s(1)).report.assumed == []


def test_an_upload_leans_on_the_flash_in_its_mode() -> None:
    script = [(0, qfupl(4000)), (ms(50), PAYLOAD[:4000])]
    typical = _names(Story().tell(script))
    worst = _names(Story(config=RigConfig(flash_mode=FlashMode.WORST)).tell(script))
    assert {"flash.erase_block_typ_ms", "files.block_bytes"} <= typical
    assert "flash.erase_block_max_ms" not in typical
    assert "flash.erase_block_max_ms" in worst
    assert "flash.erase_block_typ_ms" not in worst


def test_being_held_back_leans_on_the_watermarks() -> None:
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),), ifc=(2, 2), host_flow="rtscts")
    story = Story(device(ring_bytes=64), config).tell([(0, qfupl(900)), (ms(50), PAYLOAD[:900])])
    assert {"uart.rts_off_bytes", "uart.rts_on_bytes"} <= _names(story)


def test_only_assumed_values_are_named_with_value_and_source() -> None:
    story = Story().tell([(0, qfupl(4000)), (ms(50), PAYLOAD[:4000])])
    name = "files.block_bytes"
    known = DEVICE.provenance | {name: Provenance("measured", "a real one")}
    report = story.report
    line = f"{name} = 4096: {DEVICE.provenance[name].source}"
    assert line in assumed_values(report, DEVICE).assumed
    assert line not in assumed_values(report, replace(DEVICE, provenance=known)).assumed
    assert "uart.rx_ring_bytes" not in _names(story)  # that one is documented


def _all_assumed(profile: Profile) -> Profile:
    """Every value of `profile` is only assumed, so that all that a result leaned on is named."""
    known = {name: Provenance("assumed", "a test") for name in profile.provenance}
    return replace(profile, provenance=known)


def _written_short(profile: Profile) -> Story:
    """A QFWRITE that times out."""
    write = b"AT+QFWRITE=%d,99,1\r" % profile.files.first_handle
    script = [(0, b'AT+QFOPEN="w",1\r'), (ms(500), write), (ms(500), PAYLOAD[:9])]
    return Story(profile).tell(script)


def test_a_write_that_timed_out_leans_on_its_own_reply() -> None:
    assumed = _names(_written_short(FCM242D))
    assert "files.upload_timeout" not in assumed, "it has no QFUPL"
    assert "files.upload_timer" in assumed
    assert {"files.write_timeout", "files.upload_timer"} <= _names(
        _written_short(_all_assumed(FCM242D))
    )


def test_an_upload_that_timed_out_leans_on_its_own_reply() -> None:
    story = Story(_all_assumed(DEVICE)).tell([(0, qfupl(99, timeout_s=1)), (ms(50), b"x")])
    assert story.report.uploads[0].ended == "idle"
    assert {"files.upload_timeout", "files.upload_timer"} <= _names(story)
    assert "files.write_timeout" not in _names(story)


def test_only_a_refused_qfupl_leans_on_what_it_does_with_files_and_room() -> None:
    values = {"files.existing_file", "files.no_room", "files.no_room_error"}
    everything = _all_assumed(DEVICE)
    for line, named in ((qfupl(2_000_000_000), values), (b"AT+QFWRITE=77,9,1\r", set())):
        story = Story(everything).tell([(0, line)])
        assert [upload.verdict for upload in story.report.uploads] == [Verdict.REFUSED]
        assert _names(story) & values == named


@pytest.mark.parametrize("cmee", [1, 2])
def test_no_room_for_a_certificate_leans_on_the_memory(cmee: int) -> None:
    assert M95.secure is not None
    tight = replace(M95.secure, ram_bytes=M95.secure.ram_max_bytes)
    write = b'AT+QSECWRITE="ram:%s",%d,5\r'
    script = [
        (0, b"AT\r"),
        (s(1), b"AT+CMEE=%d\r" % cmee),
        (s(1), write % (b"a", 100)),
        (s(1), PAYLOAD[:100]),
        (s(1), write % (b"a", 100)),
    ]
    story = Story(replace(M95, secure=tight)).tell(script, s(1))
    assert story.report.uploads[-1].verdict is Verdict.REFUSED
    assert "secure.ram_bytes" not in _names(story), "it was refused for another reason"
    story.tell([(0, write % (b"b", tight.ram_max_bytes))], s(1))
    assert story.report.uploads[-1].result == f"+CME ERROR: {'4008' if cmee == 1 else 'no space'}"
    assert "secure.ram_bytes" in _names(story)


def test_no_room_for_a_certificate_on_the_flash_is_another_matter() -> None:
    assert M95.secure is not None
    store = replace(M95.secure, ram_bytes=1 << 20, slot_max_bytes=(1 << 31) - 1)
    script = [(0, b"AT\r"), (s(1), b'AT+QSECWRITE="NVRAM:CA0",100000000,5\r')]
    story = Story(replace(M95, secure=store)).tell(script, s(1))
    assert story.report.uploads[0].result == "+CME ERROR: 4008"
    assert "secure.ram_bytes" not in _names(story)


def test_a_connection_that_failed_leans_on_the_number_for_it() -> None:
    story = NetworkStory().upload("ca.pem", b"no certificate").names_ca().opens()
    names = [line.split(": ", 1)[0] for line in story.report.assumed]
    assert "mqtt.open_results = 5 (tls:ca)" in names
    assert "tls.keeps_good_blocks = false" in names
    assert "mqtt.open_results=5(tls:ca)" in render_text(story.report, colour=False)
    connected = NetworkStory().opens(1883).report.assumed
    assert [line for line in connected if line.startswith("mqtt")] == []


def test_a_socket_that_did_not_open_leans_on_what_that_is_called() -> None:
    story = NetworkStory()
    story.tell([(0, b'AT+QIOPEN=1,0,"TCP","nowhere.example",7\r')], s(5))
    names = [line.split(": ", 1)[0] for line in story.report.assumed]
    assert names == ["sockets.open_causes = dns_failed (not-allowed)"]


def test_a_request_for_a_name_that_is_none_leans_on_how_that_is_told() -> None:
    story = NetworkStory()
    story.say(0, b"AT+QHTTPURL=20\r").wait(s(1)).say(0, b"http://none.example/").wait(s(1))
    assert {"http.dns_error", "http.get_failure"} <= _names(story.ask("AT+QHTTPGET=60"))


def test_ftp_that_waited_in_vain_leans_on_how_long_it_waits() -> None:
    late = ev.ClientResult(s(100), "FTP", "+QFTPGET", -9, why="timeout")
    report = replace(report_of([late]), assumed=[])
    (line,) = assumed_values(report, load_profile("m95")).assumed
    assert line.startswith("ftp.wait_s = 90: not published")
    assert assumed_values(report, load_profile("ec200u")).assumed == []
