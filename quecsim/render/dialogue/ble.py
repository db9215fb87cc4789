"""What the device wants of Bluetooth LE, and what it hears there."""

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from quecsim.border import ble
from quecsim.render.dialogue.line import Group, Way
from quecsim.render.dialogue.payload import cut, first_bytes, sized, span
from quecsim.render.dialogue.scene import Scene, Tellers, Told
from quecsim.render.layout import counted, safe
from quecsim.report.ble_names import named
from quecsim.trace.ble_words import number_of, words_of
from quecsim.trace.event import BleAsked, BleCame, BleGone, BleHeard, BleLost
from quecsim.units import format_ns

_Words = dict[str, str]

WHYS: dict[str, str] = {
    "peer": "the other side ended it",
    "local": "the device ended it",
    "timeout": "nothing was heard for as long as the supervision time-out",
    "refused": "it was not taken",
}
"""`BleWhy` in words."""


def _air(text: str) -> Told:
    return Told(Group.NET, Way.NETWORK, f"Bluetooth LE: {text}")


def _time(words: _Words, name: str, unit_ns: int) -> str:
    number = number_of(words, name)
    return "?" if number is None else format_ns(number * unit_ns)


def _parameters(words: _Words) -> str:
    """`25.0 ms interval, latency 4, supervision time-out 5.000 s`."""
    if "interval" not in words:
        return "no interval known"
    latency = number_of(words, "latency")
    left_out = f", latency {latency}" if latency else ""
    over = _time(words, "timeout", ble.SUPERVISION_NS)
    interval = _time(words, "interval", ble.INTERVAL_NS)
    return f"{interval} interval{left_out}, supervision time-out {over}"


def _is_on(words: _Words, name: str) -> bool:
    return words.get(name) == "True"


def _why(words: _Words) -> str:
    why = words.get("why", "")
    return WHYS.get(why, safe(why) or "nobody knows why")


def _named_words(scene: Scene, text: str) -> _Words:
    words = words_of(text)
    if "address" in words:
        words["address"] = named(scene.people, words["address"])
    return words


def _who(words: _Words) -> str:
    return cut(words.get("address", "")) or "somebody"


# what the device wants


def _advertise(words: _Words, _uuid: str) -> str:
    name, every = cut(words.get("name", "")), _time(words, "interval_ns", 1)
    return f"the device advertises as {name or 'a device without a name'}, every {every}"


def _scan(words: _Words, _uuid: str) -> str:
    return (
        f"the device scans {_time(words, 'window_ns', 1)} of every {_time(words, 'interval_ns', 1)}"
    )


def _hold(words: _Words, _uuid: str) -> str:
    does = "takes no more data" if _is_on(words, "is_on") else "takes data again"
    return f"the device {does} from the air"


def _subscribe(words: _Words, uuid: str) -> str:
    does = "wants notifications" if _is_on(words, "is_on") else "wants no more notifications"
    return f"the device {does} of {safe(uuid)}"


_Tell = Callable[[_Words, str], str]
_WANTS: Mapping[str, _Tell] = {
    "advertise": _advertise,
    "stop advertising": lambda _words, _uuid: "the device stops advertising",
    "scan": _scan,
    "stop scan": lambda _words, _uuid: "the device stops scanning",
    "join": lambda words, _uuid: (
        f"the device wants to connect to {_who(words)}, {_parameters(words)}"
    ),
    "give up": lambda _words, _uuid: "the device does not try to connect any more",
    "leave": lambda words, _uuid: f"the device disconnects: {_why(words)}",
    "vanish": lambda _words, _uuid: "the device is gone from the air",
    "ask mtu": lambda words, _uuid: f"the device asks for an MTU of {safe(words.get('mtu', '?'))}",
    "ask parameters": lambda words, _uuid: f"the device asks for {_parameters(words)}",
    "discover": lambda _words, _uuid: "the device asks what the other side has",
    "read": lambda _words, uuid: f"the device reads {safe(uuid)}",
    "subscribe": _subscribe,
    "hold": _hold,
}


def _asked(scene: Scene, event: BleAsked) -> Iterator[Told]:
    words, uuid = _named_words(scene, event.words), safe(event.uuid)
    if event.what in ("write", "notify"):
        does = f"notifies of {uuid}" if event.what == "notify" else f"writes {uuid}"
        answer = ", and wants an answer" if _is_on(words, "is_request") else ""
        yield _air(f"the device {does}: {_data(event.offset, event.count)}{answer}")
    else:
        tell = _WANTS.get(event.what)
        yield _air(tell(words, event.uuid) if tell else cut(f"{event.what} {event.words}".strip()))


def _data(offset: int, count: int) -> str:
    return f"{counted(count, 'byte')} ({span(offset, count)})" if count else "no bytes"


def _gone(_scene: Scene, event: BleGone) -> Iterator[Told]:
    yield _air(f"{_data(event.offset, event.count)} have reached the other side")


# what it hears


def _came(scene: Scene, event: BleCame) -> Iterator[Told]:
    """On its way to the device from now on; what reaches it is told again, then."""
    news = event.news
    if isinstance(news, ble.Heard | ble.Joined):
        news = replace(news, address=named(scene.people, news.address))
    yield _air(f"on its way to the device: {_news_text(news)}")


def _news_text(told: ble.BleNews) -> str:
    match told:
        case ble.Came():
            does = "notifies of" if told.is_notification else "writes"
            return f"the other side {does} {safe(told.uuid)}, {sized(told.data)}"
        case ble.Value():
            return f"{safe(told.uuid)} is {first_bytes(told.data)}"
        case ble.Heard():
            name = f" {cut(told.name)}" if told.name else ""
            return f"{cut(told.address)}{name} advertises, {told.rssi_dbm} dBm"
        case ble.Joined():
            does = "takes the connection" if told.is_central else "connects"
            return f"{cut(told.address)} {does}, {_parameters(_in_words(told.parameters))}"
        case ble.NotJoined() | ble.Left():
            head = "no connection" if isinstance(told, ble.NotJoined) else "the connection ends"
            return f"{head}: {_why({'why': told.why})}"
        case ble.Discovered():
            return f"what it has: {counted(len(told.services), 'service')}"
        case ble.MtuIs():
            return f"the MTU is {told.mtu}"
        case ble.ParametersAre():
            return f"from now on {_parameters(_in_words(told.parameters))}"
        case ble.Written():
            return f"{safe(told.uuid)} is written"
        case ble.Refused():
            return f"{safe(told.uuid)} is refused, ATT error {told.error}"
        case ble.Subscribed():
            return _subscribed(told.uuid, is_on=told.is_on)


def _in_words(parameters: ble.Parameters) -> _Words:
    return {
        "interval": str(parameters.interval),
        "latency": str(parameters.latency),
        "timeout": str(parameters.timeout),
    }


def _subscribed(uuid: str, *, is_on: bool) -> str:
    does = "wants notifications" if is_on else "wants no more notifications"
    return f"the other side {does} of {safe(uuid)}"


def _joined(words: _Words, _uuid: str) -> str:
    if _is_on(words, "is_central"):
        return f"connected to {_who(words)}, {_parameters(words)}"
    return f"{_who(words)} connects, {_parameters(words)}"


_HEARS: Mapping[str, _Tell] = {
    "heard": lambda words, _uuid: f"{_who(words)} advertises as {cut(words.get('name', ''))}",
    "joined": _joined,
    "not joined": lambda words, _uuid: f"no connection: {_why(words)}",
    "left": lambda words, _uuid: f"disconnected: {_why(words)}",
    "mtu is": lambda words, _uuid: f"the MTU is {safe(words.get('mtu', '?'))}",
    "parameters are": lambda words, _uuid: f"from now on {_parameters(words)}",
    "discovered": lambda _words, _uuid: "the device knows what the other side has",
    "value": lambda _words, uuid: f"{safe(uuid)} has been read",
    "written": lambda _words, uuid: f"{safe(uuid)} has been written",
    "refused": lambda words, uuid: (
        f"{safe(uuid)} was refused, ATT error {safe(words.get('error', '?'))}"
    ),
    "subscribed": lambda words, uuid: _subscribed(uuid, is_on=_is_on(words, "is_on")),
}


def _heard(scene: Scene, event: BleHeard) -> Iterator[Told]:
    if event.what == "came":
        yield _air(f"{_data(event.offset, event.count)} have come for {safe(event.uuid)}")
        return
    tell, words = _HEARS.get(event.what), _named_words(scene, event.words)
    yield _air(tell(words, event.uuid) if tell else cut(f"{event.what} {event.words}".strip()))


def _lost(_scene: Scene, event: BleLost) -> Iterator[Told]:
    whose = "of the host's" if event.way == "up" else "for the host"
    which = f"{counted(event.count, 'byte')} {whose}, {span(event.offset, event.count)}"
    where = f" of all {'to' if event.way == 'up' else 'from'} the air" if event.count else ""
    text = f"LOST {which}{where}, {safe(event.uuid)}: {cut(event.why)}"
    yield Told(Group.LOST, Way.LOSS, text, is_loud=True)


TELL: Tellers = {
    BleCame: _came,
    BleAsked: _asked,
    BleGone: _gone,
    BleHeard: _heard,
    BleLost: _lost,
}
