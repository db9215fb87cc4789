"""TLS settings of the GSM generation: +QSSLCFG with six contexts, and the settings of FTPS.

The note spells some keys in two or three ways; all of them are taken, and a query's answer repeats
the one that the host wrote. Answers do not repeat the context. A certificate need not be there yet
when its name is set: what counts is what is there when a session is opened (`tls_gsm_wish`).
"""

from collections.abc import Iterator
from typing import TypeAlias

from quecsim.at.context import Context, secure
from quecsim.at.keyed import Setting, Value, Values, place_of_values
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Key, Param, Text

_SOURCE = "M95 FTPS Application Note V1.0, 2.3 and 4.2.1"
_NAME = "+QSSLCFG"
_NOT_SET = -1

# As the note's example prints them: the order of preference of a context that nobody has set.
SUITES = ("0X0005", "0X0004", "0X0035", "0X002F", "0X003D", "0X000A")
_EVERY_SUITE = "0XFFFF"  # not in the note; host programs of this generation write it

_CONTEXT = Integer("ctxindex", high=5)
_SUMMARY = Key("ctxindex", (_CONTEXT,), index=1)
_CIPHERS = Key(
    "ciphersuite",
    (
        _CONTEXT,
        *(Text("ciphersuite", max_bytes=len(",".join(SUITES)), optional=n > 0) for n in range(6)),
    ),
    index=1,
)
_CERTIFICATES = {"cacert": "CA", "clientcert": "CC", "clientkey": "CK"}  # and their slots in NVRAM


# Rows: (spellings, parameter, factory value).
_Row: TypeAlias = tuple[tuple[str, ...], Param, Value]
_OF_A_CONTEXT: tuple[_Row, ...] = (
    (("sslversion",), Integer("sslversion", high=4), 4),
    (("secclevel", "seclevel", "secllevel"), Integer("secclevel", high=2), 0),
    (("cacert",), Text("cacertname"), ""),
    (("clientcert",), Text("clientcertname"), ""),
    (("clientkey",), Text("clientkeyname"), ""),
)
_OF_ALL: tuple[_Row, ...] = (
    (("ignorertctime", "ignorertc"), Integer("ignorertc", allowed=(0, 1)), 0),
    (("ftps",), Integer("ftpsenable", allowed=(0, 1)), 0),
    (("ftpsctxi", "ftpctxi"), Integer("ftpsctxindex", high=5), _NOT_SET),
)


def _spellings(lead: tuple[Param, ...], row: _Row) -> Iterator[Setting]:
    """One setting of the device under each of its names; `lead` is the context, where it has one.

    The first name is where the value lives.
    """
    names, param, initial = row
    for name in names:
        key = Key(name, (*lead, param), index=len(lead))
        yield Setting(key, (initial,), echoes_index=False, kept_as=names[0])


_SETTINGS = {
    setting.key.name: setting
    for lead, rows in (((_CONTEXT,), _OF_A_CONTEXT), ((), _OF_ALL))
    for row in rows
    for setting in _spellings(lead, row)
}

QSSLCFG = Command(
    _NAME,
    "Settings of TLS and FTPS",
    source=_SOURCE,
    test_text=f'{_NAME}: "type",(0-5),"value"',
    keys=(_SUMMARY, _CIPHERS, *(setting.key for setting in _SETTINGS.values())),
)


@QSSLCFG.write
def _configure(context: Context, key: Key, *values: Value | None) -> str | None:
    index = tuple(value for value in values[: key.index] if value is not None)
    given = values[key.index :]
    if key is _SUMMARY:
        return _summary(context, index)
    if key is _CIPHERS:
        return _ciphers(context, index, [str(value) for value in given if value is not None])
    setting = _SETTINGS[key.name]
    if all(value is None for value in given):
        return setting.text(_NAME, index, setting.values(context, _NAME, index))
    if key.name in _CERTIFICATES:
        _need_certificate_name(context, _CERTIFICATES[key.name], str(given[0]))
    setting.change(context, _NAME, index, given)
    return None


def _summary(context: Context, index: Values) -> str:
    """All of a context; without a colon, as the note's example prints it."""
    version, level, ca, certificate, key = (
        _SETTINGS[name].values(context, _NAME, index)[0]
        for name in ("sslversion", "secclevel", "cacert", "clientcert", "clientkey")
    )
    suites = _suites(context, index)
    return f'{_NAME} {index[0]},{version},{level},"{suites}","{ca}","{certificate}","{key}"'


def _suites(context: Context, index: Values) -> str:
    return ",".join(suites_of(context, int(index[0])))


def suites_of(context: Context, number: int) -> tuple[str, ...]:
    """The cipher suites of TLS context `number`, in their order."""
    place = place_of_values(_NAME, _CIPHERS.name, (number,))
    return tuple(map(str, context.settings.config.get(place, SUITES)))


def tls_value(context: Context, key: str, *index: int) -> Value:
    """What AT+QSSLCFG=key says, of a TLS context where it is about one."""
    return _SETTINGS[key].values(context, _NAME, index)[0]


def _ciphers(context: Context, index: Values, given: list[str]) -> str | None:
    """Set or tell the suites: one or more, bare, each in quotes, or all in one pair of quotes."""
    if not given:
        return f'{_NAME}: "{_CIPHERS.name}","{_suites(context, index)}"'
    suites = [suite.upper() for text in given for suite in text.split(",")]
    if suites == [_EVERY_SUITE]:
        suites = list(SUITES)
    if not set(suites) <= set(SUITES):
        raise AtError
    place = place_of_values(_NAME, _CIPHERS.name, index)
    context.settings.config[place] = tuple(suites)
    return None


def _need_certificate_name(context: Context, kind: str, text: str) -> None:
    """The name is empty (none), `RAM:` and a name, or a slot for this kind (the note's table 3)."""
    storage, _, name = text.upper().partition(":")
    slots = [slot for slot in secure(context).slots if slot.startswith(kind)]
    is_good = (storage == "RAM" and name != "") or (storage == "NVRAM" and name in slots)
    if text and not is_good:
        raise AtError


COMMANDS = (QSSLCFG,)
