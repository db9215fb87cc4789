"""What a connection needs of the storage is read when it is opened, by whatever name."""

import pytest

from quecsim.at.effects import FlashWork
from quecsim.border import Closed, Failed, News, Open, TlsWish, Why, Wish
from quecsim.border.wish import Pem
from quecsim.commands.tls_wish import tls_wish
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.units import S
from tests.device.bench import OK, Bench

PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


class Refuser:
    """A peer that keeps what it is asked for, and refuses it."""

    def __init__(self) -> None:
        self.asked: list[TlsWish | None] = []
        self.news: list[News] = []
        self.at_ns = 0

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        if isinstance(wish, Open):
            self.asked.append(wish.tls)
            self.news.append(Failed(wish.link, Why.REFUSED))
            self.at_ns = now_ns

    def deadline_ns(self) -> int | None:
        return self.at_ns if self.news else None

    def take_news(self, now_ns: int) -> list[News]:
        news, self.news = self.news, []
        return news


class Host:
    """Somebody at the port of a device whose connections are all refused."""

    def __init__(self) -> None:
        self.peer = Refuser()
        self.rig = Rig(load_profile("ec200u"), RigConfig(), peer=self.peer)
        self.rig.start(0)
        self.now_ns = 0
        self.rest()

    def send(self, data: bytes) -> bytes:
        self.rig.host_write(self.now_ns, data)
        return self.rest()

    def rest(self) -> bytes:
        end_ns = self.now_ns + 3 * S
        while (due_ns := self.rig.deadline_ns()) is not None and due_ns <= end_ns:
            self.rig.advance(due_ns)
        self.rig.advance(end_ns)
        self.now_ns = end_ns
        return b"".join(run.data for run in self.rig.take_output())

    def upload(self, name: str) -> None:
        self.send(b'AT+QFUPL="%s",%d\r' % (name.encode(), len(PEM)))
        assert b"OK" in self.send(PEM)

    def wish(self, *settings: str) -> TlsWish:
        """What the connection is asked with, after these settings of TLS context 2."""
        for setting in ('"seclevel",2,1', *settings):
            assert b"OK" in self.send(b"AT+QSSLCFG=%s\r" % setting.encode()), setting
        self.send(b'AT+QMTCFG="ssl",0,1,2\r')
        assert b"+QMTOPEN: 0,5" in self.send(b'AT+QMTOPEN=0,"b.example",8883\r')
        [tls] = self.peer.asked
        assert tls is not None
        return tls


@pytest.mark.parametrize("stored", ["UFS:ca.pem", "ca.pem"])
@pytest.mark.parametrize("named", ["UFS:ca.pem", "ufs:/ca.pem", "ca.pem"])
def test_a_file_on_the_flash_has_several_names(stored: str, named: str) -> None:
    host = Host()
    host.upload(stored)
    assert host.wish(f'"cacert",2,"{named}"').ca == Pem("UFS:ca.pem", PEM)


def test_a_file_in_memory() -> None:
    host = Host()
    host.upload("RAM:ca.pem")
    assert host.wish('"cacert",2,"RAM:ca.pem"').ca == Pem("RAM:ca.pem", PEM)


def test_what_is_not_there_or_cannot_be_is_told_apart_from_what_is_not_set() -> None:
    assert Host().wish('"cacert",2,"none.pem"').ca == Pem("UFS:none.pem")
    assert Host().wish('"cacert",2,"no/such?name"').ca.data is None
    assert Host().wish().ca == Pem()


def test_the_file_counts_as_it_is_when_the_connection_is_opened() -> None:
    host = Host()
    host.send(b'AT+QSSLCFG="cacert",2,"UFS:ca.pem"\r')
    host.upload("ca.pem")
    assert host.wish().ca.data == PEM


def test_all_settings_arrive() -> None:
    host = Host()
    for name in ("ca.pem", "cc.pem", "ck.pem"):
        host.upload(name)
    wish = host.wish(
        '"seclevel",2,2',
        '"cacert",2,"ca.pem"',
        '"clientcert",2,"cc.pem"',
        '"clientkey",2,"ck.pem","secret"',
        '"sslversion",2,3',
        '"ciphersuite",2,0XC02F',
        '"ignorelocaltime",2,0',
        '"sni",2,1',
        '"negotiatetime",2,20',
    )
    assert (wish.level, wish.versions, wish.suites) == (2, ("1.2",), (0xC02F,))
    assert (wish.ca.data, wish.certificate.data, wish.key.data) == (PEM, PEM, PEM)
    assert (wish.key_password, wish.sni, wish.ignores_time) == ("secret", True, False)
    assert wish.negotiate_ns == 20 * S
    assert wish.calendar_s > 0


def test_without_a_check_no_file_is_read() -> None:
    host = Host()
    host.upload("ca.pem")
    wish = host.wish('"cacert",2,"ca.pem"', '"seclevel",2,0')
    assert (wish.level, wish.ca) == (0, Pem())


def test_a_closed_link_is_not_told_twice() -> None:
    host = Host()
    host.send(b'AT+QMTOPEN=0,"b.example",1883\r')
    host.rig.hear_news(host.now_ns, Closed(1, Why.FIN))
    assert host.rest() == b""


def test_a_wi_fi_device_has_its_own_contexts() -> None:
    bench = Bench(load_profile("fcm242d"))
    bench.rig.device.context.ufs.write_file("ca.pem", PEM)
    for setting in ('"seclevel",5,1', '"cacert",5,"ca.pem"', '"sslversion",5,3'):
        assert bench.ask(f"AT+QSSLCFG={setting}") == OK
    steps = tls_wish(bench.rig.device.context, 5)
    work = next(steps)
    assert isinstance(work, FlashWork)
    with pytest.raises(StopIteration) as over:
        steps.send(work.work())
    wish = over.value.value
    assert (wish.level, wish.ca, wish.versions) == (1, Pem("UFS:ca.pem", PEM), ("1.2",))
