"""`quecsim ctl network`, over Wi-Fi: who throws the device out, joins it, gives it a network."""

from typing import TYPE_CHECKING

import click

from quecsim.cli.ctl_client import as_json_option, show, steered
from quecsim.cli.ctl_network import network

if TYPE_CHECKING:
    from quecsim.run.wifi_view import WifiState


@network.command("deauth")
@as_json_option
def deauth(as_json: bool) -> int:
    """The access point throws the device out, which joins it again; say how its station stands."""
    with steered() as client:
        standing = client.deauthenticate()
    show({"registration": standing}, as_json=as_json, text=lambda found: str(found["registration"]))
    return 0


@network.command("wifi-client")
@click.argument("mac")
@click.option("--ssid", help="Only this access point, with the key; left out: any.")
@click.option("--key", default="", help="The key that he knows.")
@click.option("--leave", is_flag=True, help="He leaves.")
@as_json_option
def wifi_client(mac: str, ssid: str | None, key: str, leave: bool, as_json: bool) -> int:
    """Somebody (MAC, as 00:00:5e:00:53:0a) comes who joins the device's own access point where he
    can, in his time, or leaves; say who has joined it.
    """
    with steered() as client:
        joined = client.wifi_client(mac, ssid=ssid, key=key, is_here=not leave)
    show({"clients": joined}, as_json=as_json, text=lambda found: "\n".join(found["clients"]))
    return 0


@network.command("provision")
@click.argument("ssid")
@click.argument("key", default="")
@click.option("--by", type=click.Choice(["airkiss", "web", "ble", "any"]), default="any",
              show_default=True, help="How the device has to listen.")  # fmt: skip
@as_json_option
def provision(ssid: str, key: str, by: str, as_json: bool) -> int:
    """A phone offers the device an access point, until it listens (AT+QAIRKISS=1, AT+QWEBCFG=1,
    AT+QBLEINIT=3); say how its station stands.
    """
    with steered() as client:
        standing = client.provision(ssid, key, by)
    show({"registration": standing}, as_json=as_json, text=lambda found: str(found["registration"]))
    return 0


def wifi_rows(wifi: "WifiState") -> list[tuple[str, str]]:
    """What people see of it, as (name, text)."""
    station = [wifi.station]
    if wifi.ssid:
        station += [f"{wifi.ssid} ({wifi.bssid})", wifi.address]
    rows = [("station", ", ".join(station))]
    if wifi.saved:
        rows.append(("saved", wifi.saved))
    if wifi.own_ssid:
        rows.append(("access point", f"{wifi.own_ssid}, {wifi.own_address}"))
    rows += [("joined by", mac) for mac in wifi.own_clients]
    rows += [("listens to", way) for way in wifi.listens]
    rows.append(("in range", ", ".join(wifi.in_range) or "nothing"))
    return rows
