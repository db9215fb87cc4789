"""Strings in the alphabet that the host has chosen, both ways."""

import pytest

from quecsim.at.alphabet import shown, understood
from quecsim.at.results import AtError, Cms
from tests.device.bench import Bench


def test_plain_or_in_hexadecimal() -> None:
    bench = Bench()
    context = bench.rig.device.context
    for name in ("GSM", "IRA"):
        bench.ask(f'AT+CSCS="{name}"')
        assert shown(context, "a+1") == understood(context, "a+1") == "a+1"
    bench.ask('AT+CSCS="UCS2"')
    assert shown(context, "a+1") == "0061002B0031"
    assert understood(context, "0061002b0031") == "a+1"
    for wrong in ("a+1", "006", "00", "D800"):
        with pytest.raises(AtError) as caught:
            understood(context, wrong, Cms.INVALID_TEXT_PARAMETER)
        assert caught.value.cme is Cms.INVALID_TEXT_PARAMETER
