"""A device with web servers behind it, and a host that asks them: the same words for both families.

web.example is at ports 80 and 443, with a certificate of the test authority there; raw.example
says at port 80 what a test wants. No other name resolves.
"""

from quecsim.border import Failed, Opened, Send, TlsWish, Wish
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.tls.authority import server_tls
from quecsim.tls.outcome import news_of
from tests.device.bench import OK, Bench

FAMILIES = ("ec200u", "fcm242d")
FILES = {
    "/a": HttpFile(text="hello", content_type="text/plain"),
    "/chunked": HttpFile(text="hello" * 1000, framing="chunked", chunk_bytes=7),
    "/to-the-end": HttpFile(text="hello", framing="close"),
    "/absolute": HttpFile(redirect="http://web.example/a"),
    "/relative": HttpFile(redirect="/a"),
    "/to-tls": HttpFile(redirect="https://web.example/a"),
    "/round": HttpFile(redirect="http://web.example/round"),
    "/lies": HttpFile(text="hello", says_bytes=9, ends="fin"),
    "/breaks": HttpFile(text="hello", says_bytes=9, ends="reset"),
    "/stops": HttpFile(text="hello", says_bytes=9),
    "/bare": HttpFile(text="hello", bare=True, ends="fin"),
    "/late": HttpFile(text="hello", delay_ms=30_000),
    "/large": HttpFile(drawn_bytes=200_000),
    "/endless": HttpFile(drawn_bytes=1, endless=True),
}


def _handshake(wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, server_tls())


def raw_server(*steps: Step) -> SimpleServer:
    return SimpleServer(SimpleSettings(steps=steps))


class _Listening(Served):
    """Keeps what the device sends."""

    heard = b""

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        if isinstance(wish, Send):
            self.heard += wish.data
        super().handle_wish(now_ns, wish)


class Web(Bench):
    """`server` is web.example's. A profile instead of a device's name is taken as it is."""

    def __init__(
        self,
        device: str | Profile = "ec200u",
        settings: HttpSettings | None = None,
        raw: SimpleServer | None = None,
        **config: object,
    ) -> None:
        self.server = HttpServer(
            settings or HttpSettings(files=FILES, dates=False, idle_ms=86_400_000)
        )
        offers = {
            ("web.example", 80): Offer(self.server, "192.0.2.9"),
            ("web.example", 443): Offer(self.server, "192.0.2.9", _handshake),
        }
        if raw is not None:
            offers["raw.example", 80] = Offer(raw, "192.0.2.8")
        profile = load_profile(device) if isinstance(device, str) else device
        self._served = _Listening(offers)
        super().__init__(profile, peer=self._served, **config)  # type: ignore[arg-type]
        self.is_lte = profile.wireless is None

    def set_url(self, path: str) -> None:
        """A path of web.example, or a whole URL."""
        url = f"http://web.example{path}" if path.startswith("/") else path
        if self.is_lte:
            answer = self.upload(f"AT+QHTTPURL={len(url)},5", url.encode())
        else:
            answer = self.ask(f'AT+QHTTPCFG="url","{url}"')
        assert answer.startswith(OK), answer

    def get(self, path: str, seconds: int = 60) -> bytes:
        """AT+QHTTPGET, and all that comes of it."""
        self.set_url(path)
        return self.ask(f"AT+QHTTPGET={seconds}")

    def configure(self, lte: str, wlan: str, value: int | str) -> None:
        """A setting that the families call otherwise."""
        assert self.ask(f'AT+QHTTPCFG="{lte if self.is_lte else wlan}",{value}') == OK

    @property
    def heard(self) -> bytes:
        """All that the servers have got."""
        return self._served.heard

    def number(self, lte: int, wlan: int) -> int:
        """A result code of either."""
        return lte if self.is_lte else wlan


def urc(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode("latin-1")


def read(body: bytes, code: int = 0) -> bytes:
    """What AT+QHTTPREAD answers."""
    return b"\r\nCONNECT\r\n" + body + OK + urc(f"+QHTTPREAD: {code}")
