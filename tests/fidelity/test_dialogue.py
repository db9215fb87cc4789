"""How a printed dialogue becomes steps."""

from tests.fidelity.dialogue import Printed, Rebooted, Sent, Typed, lines_of, parse


def test_information_result_and_what_comes_later() -> None:
    text = """
    AT+X=1
    +X: 1
    +X: 2

    OK
    +X: 3
    +X: 4
    """
    assert list(parse(text)) == [
        Typed("AT+X=1"),
        Printed(b"\r\n+X: 1\r\n+X: 2\r\n"),
        Printed(b"\r\nOK\r\n"),
        Printed(b"\r\n+X: 3\r\n"),
        Printed(b"\r\n+X: 4\r\n"),
    ]


def test_data_and_its_summary() -> None:
    assert list(parse("AT+W\nCONNECT\n{file}\nA\n{rest}\n+W: 1,2\nOK\n<reboot>")) == [
        Typed("AT+W"),
        Printed(b"\r\nCONNECT\r\n"),
        Sent("file"),
        Printed(b"A"),
        Sent("rest"),
        Printed(b"\r\n+W: 1,2\r\n"),
        Printed(b"\r\nOK\r\n"),
        Rebooted(),
    ]


def test_information_without_a_result() -> None:
    assert list(parse("AT+QILOCIP\n10.1.83.188")) == [
        Typed("AT+QILOCIP"),
        Printed(b"\r\n10.1.83.188\r\n"),
    ]


def test_three_dots_mean_the_numbers_between() -> None:
    assert lines_of('+X: "A",1\n+X: "A",2\n...\n+X: "A",6') == [f'+X: "A",{n}' for n in range(1, 7)]
