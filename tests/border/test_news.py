"""What crosses the border can be written down and read again: a record holds it whole."""

import msgspec
import pytest

from quecsim.border import Closed, Data, Failed, News, Open, Opened, Send, Shut, TlsWish, Why, Wish
from quecsim.border.wish import Pem

TLS = TlsWish(level=2, ca=Pem("UFS:ca.pem", b"\x00-----"), suites=(0xC02F,), calendar_s=315964800)


@pytest.mark.parametrize(
    "wish", [Open(1, "broker.example", 8883, tls=TLS), Send(1, b"\xff\x00"), Shut(1, is_abort=True)]
)
def test_a_wish_is_read_as_it_was_written(wish: Wish) -> None:
    assert msgspec.json.decode(msgspec.json.encode(wish), type=Wish) == wish


@pytest.mark.parametrize(
    "news",
    [
        Opened(1, "192.0.2.2", 50000, "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", 700, 3000),
        Failed(2, Why.TLS_CA, "1035 of 1188 bytes, no END line", "UFS:ca.pem"),
        Data(3, b"\x20\x02\x00\x00"),
        Closed(4, Why.FIN),
    ],
)
def test_news_are_read_as_they_were_written(news: News) -> None:
    assert msgspec.json.decode(msgspec.json.encode(news), type=News) == news
