"""What AT+QMTCFG says of an MQTT client, whichever family a device has it from."""

from quecsim.at.context import Context, mqtt
from quecsim.at.keyed import Setting, Values
from quecsim.clients.mqtt_state import MqttSettings
from quecsim.commands import mqtt_lte_settings, mqtt_settings
from quecsim.commands.mqtt_keys import utf8
from quecsim.mqtt import Will
from quecsim.units import s

_COMMAND = mqtt_settings.QMTCFG.name
_SETTINGS: dict[str, dict[str, Setting]] = {
    family: {setting.key.name: setting for setting in settings}
    for family, settings in (
        ("mqtt", mqtt_settings.SETTINGS),
        ("mqtt_lte", mqtt_lte_settings.SETTINGS),
    )
}


def number(context: Context, client: int, key: str, place: int = 0) -> int:
    """A value of AT+QMTCFG=key of that client, where it is a number; 0 where the device has no such
    key.
    """
    setting = _settings(context).get(key)
    return 0 if setting is None else int(setting.values(context, _COMMAND, (client,))[place])


def settings_of(context: Context, client: int) -> MqttSettings:
    """All of them as the client needs it."""
    known = _settings(context)

    def at(key: str) -> Values:
        return known[key].values(context, _COMMAND, (client,))

    timeout_s, retries, notice = at("timeout")
    mode = at("recv/mode")
    profile = mqtt(context)
    return MqttSettings(
        level=int(at("version")[0]),
        is_clean=at("session")[0] == 1,
        keep_alive_s=int(at("keepalive")[0]),
        will=_will(at("will")),
        packet_timeout_ns=s(int(timeout_s)),
        retries=int(retries),
        is_notified=notice == 1,
        is_buffered=mode[0] == 1,
        has_length=profile.tells_length or mode[1:] == (1,),
        is_hex=at("dataformat")[1] == 1,
        is_quoted=profile.quotes_payload,
    )


def _settings(context: Context) -> dict[str, Setting]:
    families = context.profile.commands.families
    return next(own for family, own in _SETTINGS.items() if family in families)


def _will(set_to: Values) -> Will | None:
    flag, qos, retain, topic, message = set_to
    if not flag:
        return None
    return Will(utf8(str(topic)), str(message).encode("latin-1"), int(qos), bool(retain))
