from quecsim.border.ble import Joined, Parameters
from quecsim.device.ble_desk import _words
from quecsim.trace.ble_words import number_of, words_of


def test_what_the_device_writes_is_taken_apart_again() -> None:
    words = words_of(_words(Joined("58d391010203", parameters=Parameters(24, 0, 500))))
    assert words["address"] == "58d391010203"
    assert [number_of(words, each) for each in ("interval", "latency", "timeout")] == [24, 0, 500]


def test_a_name_may_have_blanks() -> None:
    assert words_of("name=My phone rssi_dbm=-60") == {"name": "My phone", "rssi_dbm": "-60"}


def test_what_is_no_number_is_none() -> None:
    words = words_of("a=x b= c=-1 d=12345678901234 e=\u0663 f=7")
    assert [number_of(words, each) for each in "abcdefg"] == [None] * 5 + [7, None]
