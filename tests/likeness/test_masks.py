from pathlib import Path

import pytest

from quecsim.likeness.masks import MASKS, masked


@pytest.mark.parametrize(
    ("command", "reply", "left"),
    [
        ("+CCLK", b'+CCLK: "24/06/01,12:00:00+08"', b'+CCLK: "<clock>"'),
        ("+CGSN", b"\r\n867123456789012\r\n\r\nOK\r\n", b"\r\n<IMEI>\r\n\r\nOK\r\n"),
        ("+QCCID", b"+QCCID: 8986001234567890123F", b"+QCCID: <SIM card number>"),
        ("+CSQ", b"+CSQ: 24,99\r\n", b"+CSQ: <signal>\r\n"),
        ("+QFLDS", b"+QFLDS: 123,456\r\n", b"+QFLDS: <free space>,<free space>\r\n"),
        (
            "+QFUPL",
            b"+QFUPL: <filename>[,(1-3776512)[,(1-65535)]]",
            b"+QFUPL: <filename>[,(1-<free space>)[,(1-65535)]]",
        ),
    ],
)
def test_what_differs_by_itself_is_left_out(command: str, reply: bytes, left: bytes) -> None:
    found, words = masked(reply, (command,))
    assert found.replace(b"\r", b"") == left.replace(b"\r", b"")
    assert len(words) == 1


def test_the_form_of_a_reply_is_compared_all_the_same() -> None:
    three, _ = masked(b"+QFLDS: 1,2,3", ("+QFLDS",))
    two, _ = masked(b"+QFLDS: 1,2", ("+QFLDS",))
    assert two != three


def test_other_commands_keep_their_numbers() -> None:
    reply = b'+QFLST: "a",867123456789012\r\n+QFUPL: 1188,4a2'
    assert masked(reply, ("+QFLST", "+QFUPL")) == (reply, set())


def test_the_document_names_all_of_it() -> None:
    told = (Path(__file__).parents[2] / "docs/COMPARE.md").read_text()
    rows = [line for line in told.splitlines() if line.startswith("| ")]
    for mask in MASKS:
        row = next(row for row in rows if row.startswith(f"| {mask.words} |"))
        assert [name for name in mask.commands if f"`{name}`" not in row] == []
