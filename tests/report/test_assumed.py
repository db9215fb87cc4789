from msgspec.structs import replace

from quecsim.flash.stall import Stall
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Provenance
from quecsim.report.assumed import _LEANS, assumed_values
from quecsim.rig import RigConfig
from quecsim.units import ms, s
from tests.report.story import DEVICE, PAYLOAD, Story, device, qfupl

M95 = set(load_profile("m95").provenance)


def _names(story: Story) -> set[str]:
    return {line.split(" = ")[0] for line in story.report.assumed}


def test_every_name_is_one_of_the_profile() -> None:
    named = {name for _, names in _LEANS for name in names}
    assert named <= set(DEVICE.provenance) | set(load_profile("ec200t").provenance) | M95


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
    config = RigConfig(stalls=(Stall(ms(50), at_byte=1),), ifc=(2, 2), host_flow="rtscts")
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
