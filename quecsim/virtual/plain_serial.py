"""`serial.Serial("quecsim://...")`: a host that names pyserial's class gets the port of the URL."""

from typing import Any

SCHEME = "quecsim://"


def teach(serial: Any) -> None:
    """From now on `serial.Serial` of a quecsim:// URL is what `serial.serial_for_url` makes of it.

    A port that is named only later (`port.port = url`) is refused, with what to do.
    """
    plain = serial.Serial
    if getattr(plain.__new__, "knows_quecsim", False):
        return
    open_plainly = plain.open

    def new(cls: Any, *arguments: Any, **options: Any) -> Any:
        url = arguments[0] if arguments else options.get("port")
        if cls is not plain or not _is_ours(url):
            return super(plain, cls).__new__(cls)
        if arguments:
            return serial.serial_for_url(*arguments, **options)
        return serial.serial_for_url(options.pop("port"), **options)

    def open_port(port: Any) -> None:
        if _is_ours(port.port):
            raise serial.SerialException(
                f"could not open port {port.port}: it is a URL; open it with "
                "serial.serial_for_url(url, ...), or serial.Serial(url, ...)"
            )
        open_plainly(port)

    new.knows_quecsim = True  # type: ignore[attr-defined]
    plain.__new__ = new
    plain.open = open_port


def _is_ours(url: object) -> bool:
    return isinstance(url, str) and url.lower().startswith(SCHEME)
