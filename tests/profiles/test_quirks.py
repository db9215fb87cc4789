"""The table of quirks: which values a device may have, and when they are open."""

from quecsim.profiles.loader import load_profile
from quecsim.profiles.quirks import QUIRKS, Quirks, given

EC200U, FCM242D, M95 = (load_profile(name) for name in ("ec200u", "fcm242d", "m95"))


def test_the_devices_own_value_comes_first() -> None:
    assert QUIRKS["upload_timeout"].plausible(EC200U) == (
        "summary_then_421", "cme421", "summary_ok",
    )  # fmt: skip
    assert QUIRKS["first_handle"].plausible(EC200U) == (1027, 3000, 1)


def test_what_is_documented_or_measured_is_not_open() -> None:
    assert QUIRKS["write_timeout"].plausible(FCM242D) == ()
    assert QUIRKS["first_handle"].plausible(FCM242D) == ()


def test_unless_hosts_in_the_field_know_it_otherwise() -> None:
    assert M95.provenance["ftp.colon_blank"].how == "documented"
    assert QUIRKS["ftp_colon_blank"].plausible(M95) == (True, False)
    assert QUIRKS["write_blank_line"].plausible(FCM242D) == (True, False)


def test_a_device_has_no_reading_of_what_it_has_no_use_for() -> None:
    assert not QUIRKS["ftp_colon_blank"].has(EC200U)
    assert QUIRKS["ftp_colon_blank"].plausible(EC200U) == ()
    assert QUIRKS["upload_timeout"].plausible(FCM242D) == ()


def test_what_is_given_is_told() -> None:
    told = {quirk.name: value for quirk, value in given(Quirks(cmee=0, list_prefix=False))}
    assert told == {"cmee": 0, "list_prefix": False}
    assert dict(given(Quirks())) == {}
