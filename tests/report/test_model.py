import msgspec

from quecsim.flash.stall import AddedStall
from quecsim.report.model import Report
from quecsim.rig import RigConfig
from quecsim.units import ms
from tests.report.story import PAYLOAD, Story, device, qfupl


def test_a_report_survives_json() -> None:
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),))
    script = [(0, qfupl(900)), (ms(50), PAYLOAD[:900]), (ms(900), b"AT+QFLST\r")]
    report = Story(device(ring_bytes=64), config).tell(script).report
    text = report.to_json()
    assert msgspec.json.decode(text, type=Report) == report
    assert '"verdict": "lost"' in text
    assert len(text.splitlines()) > 50
