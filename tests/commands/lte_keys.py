"""A settings command of an LTE module, tried key by key: what is set, refused, shown, and lasts."""

from collections.abc import Mapping, Sequence

from tests.device.bench import ERROR, OK, Bench, info

# key: factory's values, good ones, wrong ones
Keys = Mapping[str, tuple[str, Sequence[str], Sequence[str]]]


def try_key(
    bench: Bench, name: str, keys: Keys, key: str, *, index: str = "", shown: str = "",
    wrong_is: bytes = ERROR,
) -> None:  # fmt: skip
    """`index` goes before the values; a query shows `shown` in its place."""
    initial, good, wrong = keys[key]

    def query(values: str) -> None:
        assert bench.ask(f'AT{name}="{key}"{index}') == info(f'{name}: "{key}"{shown},{values}')

    query(initial)
    for values in good:
        assert bench.ask(f'AT{name}="{key}"{index},{values}') == OK, values
        query(values)
    for values in wrong:
        assert bench.ask(f'AT{name}="{key}"{index},{values}') == wrong_is, values
    query(good[-1])
    for line in ("AT&W", "ATZ", "AT&F"):
        assert bench.ask(line) == OK
    query(good[-1])
    bench.ask("ATE0")
    bench.ask("AT+CFUN=1,1")
    bench.ask("ATE0")
    query(initial)


def keys_of(bench: Bench, name: str) -> list[str]:
    """As the test form lists them."""
    lines = [line for line in bench.ask(f"AT{name}=?").decode().split("\r\n") if line]
    return [line.split('"')[1] for line in lines[:-1]]
