"""Cipher suites: the documents' lists, and what there is of them."""

import pytest

from quecsim.commands.tls_lte import _CIPHER_SUITES
from quecsim.tls.suites import VERSIONS, is_there, offered_suites, offered_versions
from quecsim.tls.trouble import TlsTrouble

LTE = [int(name, 16) for name in _CIPHER_SUITES if name != "0XFFFF"]
FCM = [
    *(0x0035, 0x002F, 0x0005, 0x000A, 0x003D),
    *range(0xC003, 0xC006),
    *range(0xC008, 0xC00B),
    *range(0xC011, 0xC015),
    *range(0xC00D, 0xC010),
    *range(0xC023, 0xC02B),
    *(0xC02F, 0xC030),
]
M95 = [0x0035, 0x002F, 0x0005, 0x0004, 0x000A, 0x003D]
ALL = tuple(VERSIONS.values())


@pytest.mark.parametrize(
    ("listed", "count", "there"),
    [(LTE, 32, 13), (FCM, 28, 13), (M95, 6, 3)],
    ids=["LTE", "FCM", "M95"],
)
def test_how_many_of_the_documents_suites_there_are(
    listed: list[int], count: int, there: int
) -> None:
    assert len(set(listed)) == count
    assert sum(map(is_there, listed)) == there


def test_openssl_has_all_that_it_should_have() -> None:
    from OpenSSL import SSL

    names = offered_suites((), ALL)
    for name in names:
        SSL.Context(SSL.TLS_METHOD).set_cipher_list(f"{name}:@SECLEVEL=0".encode())
    assert len(set(names)) == 28


@pytest.mark.parametrize("suite", [one for one in LTE if not is_there(one)])
def test_openssl_has_none_of_the_others(suite: int) -> None:
    with pytest.raises(TlsTrouble) as caught:
        offered_suites((suite,), ALL)
    words = caught.value.detail
    assert words.startswith("nothing is allowed but TLS_")
    assert "RC4" in words or "3DES" in words or "TLS_ECDH_" in words


def test_the_words_for_many_and_for_unknown_ones() -> None:
    with pytest.raises(TlsTrouble, match=r"TLS_RSA_WITH_RC4_128_MD5, .* and 2 more, which"):
        offered_suites(tuple(one for one in LTE if not is_there(one))[:6], ALL)
    with pytest.raises(TlsTrouble, match="nothing is allowed but cipher suite 0x1301, which"):
        offered_suites((0x1301,), ALL)


@pytest.mark.parametrize(
    ("named", "offered"),
    [
        (("1.2",), (0x0303,)),
        (("ssl3", "1.0"), (0x0301,)),
        (("1.2", "1.0"), (0x0301, 0x0302, 0x0303)),  # a hello leaves no gap
        (("1.1", "1.2", "1.3"), (0x0302, 0x0303)),
    ],
)
def test_versions(named: tuple[str, ...], offered: tuple[int, ...]) -> None:
    assert offered_versions(named) == offered


def test_suites_of_tls_1_2_are_not_offered_before_it() -> None:
    old = offered_suites((), (0x0301, 0x0302))
    assert all(name.endswith("-SHA") for name in old)
    assert 0 < len(old) < len(offered_suites((), ALL))
