"""What each request is answered with: one function each, over the device's actions."""

from collections.abc import Callable
from typing import Any

import msgspec

from quecsim.errors import QuecsimError
from quecsim.live.control import protocol as say
from quecsim.run.actions import DeviceActions, make_fault

Greet = Callable[[], say.Greeting]


def answer(request: say.Request, device: DeviceActions, greet: Greet) -> bytes:
    """The line that answers a request which can be answered at once."""
    try:
        if isinstance(request, say.Hello):
            return say.good(request, greet())
        return say.good(request, _ANSWERS[type(request)](device, request))
    except QuecsimError as error:
        return say.bad(request.id, refusal(error))
    except FileNotFoundError:
        if isinstance(request, say.ReadServerFile):
            message = f"there is no file {request.path} at that server"
        else:
            assert isinstance(request, say.Read)
            message = f"there is no file {request.name} on the device"
        return say.bad(request.id, say.Failure("no_file", message))


def refusal(error: QuecsimError) -> say.Failure:
    """What the user did wrong, as a reply."""
    return say.Failure("refused", str(QuecsimError(error.message, where=error.where)), error.hint)


def _read(device: DeviceActions, request: Any) -> dict[str, bytes]:
    return {"data": device.read_file(request.name)}


def _inject(device: DeviceActions, request: Any) -> dict[str, int]:
    values = dict(request.fault)
    return {"index": device.inject(make_fault(str(values.pop("kind", "")), values))}


def _power(device: DeviceActions, request: Any) -> dict[str, str]:
    if request.to in ("off", "cycle"):
        device.cut_power()
    if request.to in ("on", "cycle"):
        device.power_on()
    if request.to == "wake":
        device.wake()
    return {"power": device.power}


def _restore(device: DeviceActions, _request: Any) -> dict[str, str]:
    device.restore_firmware()
    return {"power": device.power}


def _report(device: DeviceActions, _request: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(device.report()))


def _server_files(device: DeviceActions, request: Any) -> dict[str, int]:
    return {path: len(data) for path, data in device.server_files(request.service).items()}


def _server_file(device: DeviceActions, request: Any) -> dict[str, bytes]:
    files = device.server_files(request.service)
    if request.path not in files:
        raise FileNotFoundError(request.path)
    return {"data": files[request.path]}


def _lose_registration(device: DeviceActions, _request: Any) -> dict[str, str]:
    device.lose_registration()
    return {"registration": device.network().registration}


def _find_network(device: DeviceActions, _request: Any) -> dict[str, str]:
    device.find_network()
    return {"registration": device.network().registration}


def _drop_bearer(device: DeviceActions, request: Any) -> dict[str, tuple[int, ...]]:
    return {"contexts": device.drop_bearer(request.context)}


def _deauthenticate(device: DeviceActions, _request: Any) -> dict[str, str]:
    device.deauthenticate()
    return {"registration": device.network().registration}


def _wifi_client(device: DeviceActions, request: Any) -> dict[str, tuple[str, ...]]:
    device.wifi_client(request.mac, ssid=request.ssid, key=request.key, is_here=request.is_here)
    wifi = device.network().wifi
    assert wifi is not None
    return {"clients": wifi.own_clients}


def _provision(device: DeviceActions, request: Any) -> dict[str, str]:
    device.provision(request.ssid, request.key, by=request.by)
    return {"registration": device.network().registration}


def _kill_link(device: DeviceActions, request: Any) -> dict[str, int]:
    device.kill_link(request.link, how=request.how)
    return {"link": request.link}


def _publish(device: DeviceActions, request: Any) -> dict[str, int]:
    count = device.publish(
        request.topic,
        request.payload,
        service=request.service,
        qos=request.qos,
        retain=request.retain,
    )
    return {"clients": count}


def _ble_connect(device: DeviceActions, request: Any) -> dict[str, str]:
    return {"name": device.begin_ble_connect(request.name, request.mtu)}


def _ble_disconnect(device: DeviceActions, request: Any) -> dict[str, str]:
    return {"name": device.ble_disconnect(request.name)}


def _ble_write(device: DeviceActions, request: Any) -> dict[str, str]:
    name = device.ble_write(
        request.uuid, request.data, name=request.name, is_request=request.is_request
    )
    return {"name": name}


def _ble_read(device: DeviceActions, request: Any) -> dict[str, bytes | None]:
    return {"data": device.ble_read(request.uuid, name=request.name)}


def _ble_subscribe(device: DeviceActions, request: Any) -> dict[str, str]:
    return {"name": device.ble_subscribe(request.uuid, name=request.name, is_on=request.is_on)}


def _ble_notify(device: DeviceActions, request: Any) -> dict[str, str]:
    return {"name": device.ble_notify(request.uuid, request.data, name=request.name)}


_ANSWERS: dict[type, Callable[[DeviceActions, Any], Any]] = {
    say.GetFiles: lambda device, _: device.files(),
    say.Read: _read,
    say.GetCounters: lambda device, _: device.counters,
    say.GetHosts: lambda device, _: device.hosts(),
    say.GetReport: _report,
    say.Faults: lambda device, _: device.faults(),
    say.Inject: _inject,
    say.SetPower: _power,
    say.Restore: _restore,
    say.GetNetwork: lambda device, _: device.network(),
    say.GetBrokers: lambda device, _: device.brokers(),
    say.GetRequests: lambda device, request: device.requests(request.service),
    say.GetServerFiles: _server_files,
    say.ReadServerFile: _server_file,
    say.LoseRegistration: _lose_registration,
    say.FindNetwork: _find_network,
    say.DropBearer: _drop_bearer,
    say.Deauthenticate: _deauthenticate,
    say.SetWifiClient: _wifi_client,
    say.ProvisionWifi: _provision,
    say.KillLink: _kill_link,
    say.PublishAt: _publish,
    say.GetBle: lambda device, _: device.ble(),
    say.BleConnect: _ble_connect,
    say.BleDisconnect: _ble_disconnect,
    say.BleWrite: _ble_write,
    say.BleRead: _ble_read,
    say.BleSubscribe: _ble_subscribe,
    say.BleNotify: _ble_notify,
}
