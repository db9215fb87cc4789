"""What a module said, as it stands in logs."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.explanation.model import Told
from quecsim.explanation.reading import read_name, read_told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("389,41e", Told(389, 0x41E)),
        ("389,041E", Told(389, 0x41E)),
        (" 389 , 0x41e ", Told(389, 0x41E)),
        ("0,0", Told(0, 0)),
        ("+QFUPL: 389,041E", Told(389, 0x41E)),
        ("\r\n+QFUPL:389,41e\r\n", Told(389, 0x41E)),
        ("[12:00:01] < +QFUPL: 389,41e", Told(389, 0x41E)),
        ("+QFDWL: 1188,2d13", Told(1188, 0x2D13)),
        ("+QSECWRITE: 1188,2d13", Told(1188, 0x2D13)),
        ('+QFLST: "UFS:ca.pem",389', Told(389)),
        ('+QFLST:"ca.pem",389', Told(389)),
        ("+QFWRITE: 400,1188", Told(1188)),
    ],
)
def test_a_line_and_what_it_says(text: str, told: Told) -> None:
    assert read_told(text) == told


@pytest.mark.parametrize(
    "text", ["", "389", "389,", "389,xyz", "389,12345", "-1,2d13", "+QFUPL: 389", "OK", "3 89,1"]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(QuecsimError, match="is no size and checksum"):
        read_told(text)


def test_the_name_of_a_listing() -> None:
    assert read_name('+QFLST: "UFS:ca.pem",389') == "UFS:ca.pem"
    assert read_name("389,41e") == ""
