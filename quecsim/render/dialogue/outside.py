"""What the device wants of its network, and what that has to tell."""

from collections.abc import Iterator

from quecsim.border import news
from quecsim.render.dialogue.line import Group, Way
from quecsim.render.dialogue.payload import cut, sized
from quecsim.render.dialogue.scene import Scene, Tellers, Told
from quecsim.render.layout import counted, safe
from quecsim.trace.event import (
    ClientAsked,
    ClientMessage,
    ClientResult,
    LinkAnswered,
    LinkAsked,
    LinkClosed,
    LinkFailed,
    LinkIncoming,
    LinkOpened,
    LinkReceived,
    LinkRefused,
    LinkSecured,
    LinkSent,
    LinkShut,
    LinkTlsAsked,
    NewsCame,
)


def _net(text: str, *, is_loud: bool = False) -> Told:
    return Told(Group.NET, Way.NETWORK, text, is_loud)


def _place(host: str, port: int) -> str:
    return f"{safe(host)}:{port}" if port else safe(host)


def _tls(version: str, suite: str) -> str:
    return f", {safe(version)} {safe(suite)}" if version else ""


def _trouble(why: str, detail: str, file: str) -> str:
    more = "".join(f", {cut(each)}" for each in (detail, file and f"file {file}") if each)
    return f"{safe(why)}{more}"


# what the device wants


def _link_asked(_scene: Scene, event: LinkAsked) -> Iterator[Told]:
    files = "".join(f", {safe(what)} {safe(name)}" for what, name, _, _ in event.files)
    tls = f", TLS level {event.level}{files}" if event.level >= 0 else ""
    where = _place(event.host, event.port)
    yield _net(f"link {event.link}: {safe(event.owner)} wants {safe(event.protocol)} {where}{tls}")


def _tls_asked(_scene: Scene, event: LinkTlsAsked) -> Iterator[Told]:
    yield _net(f"link {event.link}: the device begins TLS, level {event.level}")


def _link_sent(_scene: Scene, event: LinkSent) -> Iterator[Told]:
    yield _net(f"link {event.link}: {counted(event.count, 'byte')} sent")


def _link_shut(_scene: Scene, event: LinkShut) -> Iterator[Told]:
    how = "breaks it off" if event.is_abort else "closes it"
    yield _net(f"link {event.link}: the device {how}")


def _link_refused(_scene: Scene, event: LinkRefused) -> Iterator[Told]:
    yield _net(f"link {event.link}: call {event.caller} is not taken up")


# what the network has to tell


def _data_text(told: news.Data) -> str:
    source = f" from {_place(*told.source)}" if told.source else ""
    return f"{sized(told.data)}{source}"


def _news_text(told: news.News) -> str:
    match told:
        case news.Opened():
            return f"reached {safe(told.peer)}{_tls(told.version, told.suite)}"
        case news.Secured():
            return f"TLS has begun{_tls(told.version, told.suite)}"
        case news.Failed() | news.Closed():
            word = "failed" if isinstance(told, news.Failed) else "ended"
            return f"{word}, {_trouble(told.why, told.detail, told.file)}"
        case news.Listening():
            return f"can be called at port {told.port}"
        case news.Incoming():
            return f"call {told.caller} from {_place(told.address, told.port)}"
        case news.Resolved():
            return f"answer {safe(', '.join(told.addresses))}"
        case news.Pong():
            return f"echo of {safe(told.address)}"
        case news.Data():
            return _data_text(told)
        case news.Sent():
            return f"the other side has taken {counted(told.count, 'byte')}"
        case news.Ended():
            return "the other side knows that it is closed"


def _news_came(_scene: Scene, event: NewsCame) -> Iterator[Told]:
    """On its way to the device from now on; what reaches it is told again, then."""
    yield _net(f"link {event.news.link}: on its way to the device: {_news_text(event.news)}")


def _link_opened(_scene: Scene, event: LinkOpened) -> Iterator[Told]:
    where, tls = _place(event.host, event.port), _tls(event.version, event.suite)
    peer = f" ({safe(event.peer)})" if event.peer else ""
    yield _net(f"link {event.link}: {safe(event.owner)} is connected to {where}{peer}{tls}")


def _link_failed(_scene: Scene, event: LinkFailed) -> Iterator[Told]:
    where, why = _place(event.host, event.port), _trouble(event.why, event.detail, event.file)
    text = f"link {event.link}: {safe(event.owner)} FAILED to reach {where}: {why}"
    yield _net(text, is_loud=True)


def _link_secured(_scene: Scene, event: LinkSecured) -> Iterator[Told]:
    yield _net(f"link {event.link}: TLS has begun{_tls(event.version, event.suite)}")


def _link_incoming(_scene: Scene, event: LinkIncoming) -> Iterator[Told]:
    where = _place(event.address, event.port)
    yield _net(f"link {event.link}: call {event.caller} from {where}")


def _link_answered(_scene: Scene, event: LinkAnswered) -> Iterator[Told]:
    yield _net(f"link {event.link}: {safe(event.owner)}: {safe(', '.join(event.addresses))}")


def _link_received(_scene: Scene, event: LinkReceived) -> Iterator[Told]:
    yield _net(f"link {event.link}: {counted(event.count, 'byte')} have come")


def _link_closed(_scene: Scene, event: LinkClosed) -> Iterator[Told]:
    why = _trouble(event.why, event.detail, event.file)
    yield _net(f"link {event.link}: {safe(event.owner)} is disconnected: {why}")


# what the device's clients make of it


def _client_asked(_scene: Scene, event: ClientAsked) -> Iterator[Told]:
    where = f" {_place(event.host, event.port)}" if event.host else ""
    not_now = "" if event.is_accepted else ": not now, it is not in a state for it"
    text = f"{safe(event.client)} is asked for {safe(event.command)}{where}{not_now}"
    yield Told(Group.NET, Way.DEVICE, text, is_loud=not event.is_accepted)


def _client_result(_scene: Scene, event: ClientResult) -> Iterator[Told]:
    head = f"{safe(event.client)}: {safe(event.command)} ends with {event.code}"
    words = f", {safe(event.words)}" if event.words else ""
    why = f": {_trouble(event.why, event.detail, event.file)}" if event.why else ""
    yield Told(Group.NET, Way.DEVICE, f"{head}{words}{why}")


def _client_message(_scene: Scene, event: ClientMessage) -> Iterator[Told]:
    way = "goes out" if event.way == "out" else "has come"
    text = f"{safe(event.client)}: a message of {counted(event.count, 'byte')} {way}"
    if event.is_dropped:
        yield Told(Group.LOST, Way.LOSS, f"LOST {text}, and there was no room for it", is_loud=True)
    else:
        yield _net(text)


TELL: Tellers = {
    NewsCame: _news_came,
    LinkAsked: _link_asked,
    LinkTlsAsked: _tls_asked,
    LinkSecured: _link_secured,
    LinkIncoming: _link_incoming,
    LinkRefused: _link_refused,
    LinkAnswered: _link_answered,
    LinkSent: _link_sent,
    LinkShut: _link_shut,
    LinkOpened: _link_opened,
    LinkFailed: _link_failed,
    LinkReceived: _link_received,
    LinkClosed: _link_closed,
    ClientAsked: _client_asked,
    ClientResult: _client_result,
    ClientMessage: _client_message,
}
