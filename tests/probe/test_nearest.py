"""Which shipped profile is nearest."""

import pytest

from quecsim.probe.nearest import nearest_profile
from quecsim.profiles.loader import load_profile, profile_names

SAID = {
    "Quectel\nEC200U\nRevision: EC200UCNAAR03A15M08": "ec200u",
    "Quectel_Ltd\nQuectel_M95\nRevision: M95FAR02A08": "m95",
    "Quectel\nEC200UCNAA\nRevision: EC200UCNAAR03A15M08": "ec200u",
    "FCM242DAAR01A01": "fcm242d",
}


@pytest.mark.parametrize("said", SAID)
def test_the_model_s_name_decides(said: str) -> None:
    near = nearest_profile(said)
    assert near is not None
    assert near.name == SAID[said]


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_device_is_nearest_to_itself(name: str) -> None:
    identity = load_profile(name).identity
    near = nearest_profile(f"{identity.manufacturer}\n{identity.model}\n{identity.revision}")
    assert near is not None
    assert near.identity.model == identity.model


@pytest.mark.parametrize("said", ["", "SIMCOM_Ltd\nSIM7600\nRevision: LE20B04", "OK", "?"])
def test_a_stranger_is_near_to_none(said: str) -> None:
    assert nearest_profile(said) is None
