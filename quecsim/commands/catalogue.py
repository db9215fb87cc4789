"""Which commands a device has: its profile names families of them, and single ones to leave out."""

from functools import lru_cache
from pathlib import Path

from quecsim.at.spec import Catalogue, Command
from quecsim.commands import (
    basic,
    ble_central,
    ble_peripheral,
    ble_settings,
    ble_transparent,
    ble_values,
    calls,
    clock,
    config,
    disk,
    fota,
    fota_upgrade,
    ftp,
    ftp_gsm,
    ftp_gsm_transfer,
    ftp_lte,
    ftp_lte_settings,
    ftp_lte_transfer,
    handles,
    http_lte,
    http_lte_settings,
    http_settings,
    http_wlan,
    identity,
    indicators,
    line,
    message_sending,
    messages,
    mqtt,
    mqtt_lte_settings,
    mqtt_publish,
    mqtt_settings,
    network,
    packet,
    packet_domain,
    packet_gsm,
    power,
    questions_lte,
    questions_wlan,
    secure,
    selection,
    signal,
    sim,
    socket_settings,
    sockets,
    supplementary,
    tls_gsm,
    tls_sockets,
    upload,
    wlan,
    wlan_ap,
    wlan_provision,
    wlan_settings,
    wlan_sleep,
    wlan_station,
    wlan_upgrade,
)
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import did_you_mean
from quecsim.profiles.toml_source import read_toml

FAMILIES: dict[str, tuple[Command, ...]] = {
    "basic": basic.COMMANDS,
    "identity": identity.DEVICE,
    "subscriber": identity.SUBSCRIBER,
    "line": line.COMMANDS,
    "power": power.COMMANDS,
    "network": network.COMMANDS,
    "calls": calls.COMMANDS,
    "clock": clock.COMMANDS,
    "signal": signal.COMMANDS,
    "selection": selection.COMMANDS,
    "indicators": indicators.COMMANDS,
    "packet_domain": packet_domain.COMMANDS,
    "sim": sim.COMMANDS,
    "supplementary": supplementary.COMMANDS,
    "messages": (*messages.COMMANDS, *message_sending.COMMANDS),
    "config": config.CONFIG,
    "indications": config.INDICATIONS,
    "disk": disk.FILES,
    "storages": disk.STORAGES,
    "upload": upload.COMMANDS,
    "handles": handles.HANDLES,
    "positions": handles.POSITIONS,
    "wlan": (*wlan.COMMANDS, *wlan_sleep.COMMANDS),
    "wlan_settings": wlan_settings.COMMANDS,
    "wlan_station": wlan_station.COMMANDS,
    "wlan_ap": wlan_ap.COMMANDS,
    "wlan_provision": wlan_provision.COMMANDS,
    "wlan_upgrade": wlan_upgrade.COMMANDS,
    "ble_settings": ble_settings.COMMANDS,
    "ble_peripheral": ble_peripheral.COMMANDS,
    "ble_peripheral_bare": ble_peripheral.BARE,
    "ble_central": (*ble_central.COMMANDS, *ble_values.COMMANDS),
    "ble_central_bare": (*ble_central.COMMANDS, *ble_values.BARE),
    "ble_transparent": ble_transparent.COMMANDS,
    "socket_settings": socket_settings.COMMANDS,
    "tls": tls_sockets.WLAN,
    "tls_slots": tls_sockets.SLOTS,
    "mqtt": (*mqtt_settings.COMMANDS, *mqtt.COMMANDS, *mqtt_publish.COMMANDS),
    "http_settings": (*http_settings.COMMANDS, *http_wlan.COMMANDS),
    "flush": handles.FLUSH,
    "secure": secure.COMMANDS,
    "tls_gsm": tls_gsm.COMMANDS,
    "ftp": (*ftp.COMMANDS, *ftp_gsm.COMMANDS, *ftp_gsm_transfer.COMMANDS),
    "packet": packet.COMMANDS,
    "packet_gsm": packet_gsm.COMMANDS,
    "sockets": sockets.COMMANDS,
    "questions_lte": questions_lte.COMMANDS,
    "questions_wlan": questions_wlan.COMMANDS,
    "tls_lte": tls_sockets.LTE,
    "mqtt_lte": (
        *mqtt_lte_settings.COMMANDS,
        *mqtt.COMMANDS,
        *mqtt_publish.LTE,
    ),
    "http_lte": (*http_lte_settings.COMMANDS, *http_lte.COMMANDS),
    "ftp_lte": (*ftp_lte_settings.COMMANDS, *ftp_lte.COMMANDS, *ftp_lte_transfer.COMMANDS),
    "fota_v1_0": fota.V1_0,
    "fota_v1_1": fota.V1_1,
    "fota_unisoc": fota.UNISOC,
}


def load_device(name_or_path: str | Path) -> Profile:
    """As `load_profile`; a profile of one's own is also refused for an absent command that was
    never there.
    """
    profile = load_profile(name_or_path)
    if not str(name_or_path).endswith(".toml"):
        return profile
    try:
        catalogue(profile)
    except QuecsimError as error:
        where = read_toml(Path(name_or_path)).where(tuple(error.where.split(".")))
        raise QuecsimError(error.message, hint=error.hint, where=where) from None
    return profile


def catalogue(profile: Profile) -> Catalogue:
    """All commands of a device. Raises QuecsimError for an absent one that was never there."""
    has_fota, commands = profile.fota is not None, profile.commands
    return _catalogue(profile.name, tuple(commands.families), tuple(commands.absent), has_fota)


@lru_cache(maxsize=64)  # it does not change, and is most of what a device is made of
def _catalogue(
    device: str, families: tuple[str, ...], absent: tuple[str, ...], has_fota: bool
) -> Catalogue:
    commands = [command for family in families for command in FAMILIES[family]]
    names = [command.name for command in commands]
    for name in absent:
        if name not in names:
            raise QuecsimError(
                f"{name} is absent from {device}, whose families do not have it anyway",
                hint=did_you_mean(name, names),
                where="commands.absent",
            )
    return Catalogue(
        (c for c in commands if c.name not in absent),
        on_boot=fota_upgrade.on_boot if has_fota else None,
    )
