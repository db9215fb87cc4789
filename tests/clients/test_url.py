"""URLs as a module takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.clients.url import DEFAULT_PORTS, Url, UrlError, UrlFault, is_address, parse_url

ALL = tuple(DEFAULT_PORTS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("http://www.example.com", Url("http", "www.example.com", 80, "/")),
        ("HTTPS://Www.Example.COM", Url("https", "www.example.com", 443, "/")),
        ("http://a/b?c=d&e#f", Url("http", "a", 80, "/b?c=d&e")),
        ("http://a?c", Url("http", "a", 80, "/?c")),
        ("http://a#f", Url("http", "a", 80, "/")),
        ("http://a:/", Url("http", "a", 80, "/")),
        ("https://192.0.2.2:8011/x.php", Url("https", "192.0.2.2", 8011, "/x.php")),
        ("http://[2001:DB8::1]:81/", Url("http", "2001:db8::1", 81, "/")),
        ("http://[::1]", Url("http", "::1", 80, "/")),
        ("http://u:p%40q@a/", Url("http", "a", 80, "/", "u", "p@q")),
        ("ftp://u@h//x/y;type=i", Url("ftp", "h", 21, "//x/y;type=i", "u", None)),
        ("ftps://:@h", Url("ftps", "h", 990, "/", "", "")),
        ("http://my_host-1.example./", Url("http", "my_host-1.example.", 80, "/")),
    ],
)
def test_the_parts(text: str, parts: Url) -> None:
    assert parse_url(text, ALL) == parts


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", UrlFault.EMPTY),
        ("www.example.com", UrlFault.MALFORMED),
        ("//a/b", UrlFault.MALFORMED),
        ("http:/a", UrlFault.MALFORMED),
        ("http://", UrlFault.MALFORMED),
        ("http://:80/", UrlFault.MALFORMED),
        ("http://a b/", UrlFault.MALFORMED),
        ("http://a/\r\nX: y", UrlFault.MALFORMED),
        ("http://a/\x80", UrlFault.MALFORMED),
        ("http://a:0/", UrlFault.MALFORMED),
        ("http://a:65536/", UrlFault.MALFORMED),
        ("http://a:x/", UrlFault.MALFORMED),
        ("http://-a/", UrlFault.MALFORMED),
        ("http://a..b/", UrlFault.MALFORMED),
        ("http://u%4@a/", UrlFault.MALFORMED),
        ("http://[::1/", UrlFault.MALFORMED),
        ("http://[::1]x/", UrlFault.MALFORMED),
        ("http://[::g]/", UrlFault.ADDRESS),
        ("http://1.2.3.256/", UrlFault.ADDRESS),
        ("http://1.2.3/", UrlFault.ADDRESS),
        ("ftp://a/", UrlFault.MALFORMED),
        ("http://a/" + "x" * 2048, UrlFault.MALFORMED),
        ("http://" + "a." * 127 + "aa/", UrlFault.MALFORMED),
    ],
)
def test_what_is_none(text: str, fault: UrlFault) -> None:
    with pytest.raises(UrlError) as caught:
        parse_url(text)
    assert caught.value.fault is fault


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_any_text_is_a_url_or_a_known_mistake(text: str) -> None:
    try:
        url = parse_url(text, ALL)
    except UrlError:
        return
    again = parse_url(f"{url.scheme}://{url.authority}{url.path}", ALL)
    assert (again.host, again.port, again.path) == (url.host, url.port, url.path)


def test_the_host_header() -> None:
    assert parse_url("https://a:443/").authority == "a"
    assert parse_url("https://a:80/").authority == "a:80"
    assert parse_url("http://[::1]:81/").authority == "[::1]:81"


def test_names_and_addresses() -> None:
    assert is_address(parse_url("http://192.0.2.1").host)
    assert is_address(parse_url("http://[::1]").host)
    assert not is_address(parse_url("http://a1.example").host)


def test_only_tls_from_the_start_is_secure() -> None:
    assert [scheme for scheme in ALL if parse_url(f"{scheme}://a", ALL).is_secure] == [
        "https",
        "ftps",
    ]
