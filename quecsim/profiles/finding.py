"""How to find out each value of a profile for a module on the desk: one line a value.

`quecsim devices new` writes these lines beside the values. Most are measured by `quecsim probe`, in
its quick or its long part; the rest is said by a manual, a data sheet or the network.
"""

QUICK = "quecsim probe, quick part"
LONG = "quecsim probe, long part"
MADE_UP = "made up for the simulated network: whatever your tests need"
BEYOND = "the module's TCP/IP manual, and a session of your own against a server"
WLAN = "the module's AT manual, and a log of it in your own Wi-Fi"

# What holds for the values of a part that are not named in `_KEYS`.
_PARTS = {
    "identity": f"{QUICK}: ATI",
    "commands": "the module's AT manual; AT+CLAC, where it has that",
    "uart": LONG,
    "autobaud": "type AT after power-up, and count those that get no answer",
    "usb": "lsusb -v: wMaxPacketSize of the AT port's endpoints",
    "at": QUICK,
    "errors": QUICK,
    "escape": f"{QUICK}: +++ in an upload, with shorter and shorter pauses",
    "boot": f"{QUICK}: what it says from power-up, with times",
    "files": QUICK,
    "flash": f"{LONG}: the stalls of an upload without flow control",
    "radio": MADE_UP,
    "tcpip": BEYOND,
    "link": "time a ping and a long download; a slow network is a tool of its own",
    "sockets": BEYOND,
    "tls": "connect with a CA file in which one of two certificates is damaged",
    "mqtt": BEYOND,
    "http": BEYOND,
    "questions": BEYOND,
    "fota": "the module's FOTA manual, and the log of an upgrade",
    "secure": "the module's manual of AT+QSECWRITE",
    "ftp": BEYOND,
    "wireless": "AT+QWLMAC, AT+QBLEADDR?, AT+QBLENAME?",
    "wifi": WLAN,
}

_KEYS = {
    "commands.unknown": "type a command that no module has: ERROR everywhere",
    "commands.keys": "AT+QCFG=?",
    "commands.test_replies": "type the commands with =?",
    "commands.waiting": "nothing to measure: what the manual has and quecsim has not",
    "uart.baud": "AT+IPR? of a new module",
    "uart.bauds": "AT+IPR=?",
    "uart.frame": "AT+ICF? of a new module",
    "uart.frames": "AT+ICF=?",
    "uart.rx_ring_bytes": f"{LONG}: ring size, by overruns without flow control",
    "uart.tx_ring_bytes": "hold the module's output back by RTS, and see where replies break off",
    "uart.rts_off_bytes": f"{LONG}: watermarks, with RTS/CTS",
    "uart.rts_on_bytes": f"{LONG}: watermarks, with RTS/CTS",
    "uart.ifc_values": f"{QUICK}: AT+IFC=?",
    "uart.ifc_default": "AT+IFC? of a new module, or after AT&F",
    "uart.flow_scope": "the manual, AT+IFC: in data mode only, or always",
    "uart.reopen_ms": "send on right behind the OK of AT+IFC; from where on does it answer",
    "uart.tx_drop_ms": "hold the module's output back by RTS for longer and longer",
    "usb.packet_us": "nothing to measure: 125 us on high speed, 1 ms on full speed",
    "usb.rx_ring_bytes": f"{LONG}, at the USB port",
    "usb.usbifc_default": 'AT+QCFG="usbifc" of a new module',
    "at.line_bytes": "type longer and longer lines: from which length on is it an error",
    "at.parameters": "the manual: the command with the most values",
    "at.lf_wait_ms": f"{QUICK}: echo of the LF behind a command, earlier and later",
    "at.echo_lf": f"{QUICK}: echo of the LF behind a command",
    "at.command_latency_us": f"{LONG}: command latency",
    "at.urc_gap_ms": "a log with times: the least pause between an OK and the next URC",
    "at.urc_queue_entries": "the manual; how many URCs follow a long command",
    "at.urc_queue_bytes": "the manual; how many URCs follow a long command",
    "at.urc_on_data_mode": "send it a short message during an upload: is it told afterwards",
    "at.spaces": "type AT + Q F L D S: ignored, or an error",
    "at.prompt_blank": "AT+CMGS or AT+QISEND: is there a blank behind the >",
    "at.cmee": f"{QUICK}: AT+CMEE? after AT&F",
    "at.echo": f"{QUICK}: is AT echoed after power-up",
    "errors.numbers": f"{QUICK}: error numbers, under AT+CMEE=1",
    "errors.words": f"{QUICK}: error texts, under AT+CMEE=2",
    "errors.numeric": f"{QUICK}: which errors stay numbers under AT+CMEE=2",
    "errors.tcpip": "AT+QIGETERROR after each kind of failure",
    "escape.ends_file_data": f"{QUICK}: +++ in an upload",
    "escape.dtr_ends_file_data": "DTR in an upload, under AT&D1",
    "boot.restart_ms": f"{QUICK}: from the OK of AT+CFUN=1,1 to RDY",
    "boot.power_off_ms": "AT+QPOWD: from the OK to the last word",
    "boot.power_down_text": "AT+QPOWD: the last word",
    "boot.radio_urcs": "AT+CFUN=0, then AT+CFUN=1: what follows the OK, with times",
    "files.storages": f'{QUICK}: AT+QFLDS="UFS", AT+QFLDS="RAM"',
    "files.ram_bytes": 'AT+QFLDS="RAM"',
    "files.ufs_bytes": f'{QUICK}: AT+QFLDS="UFS"',
    "files.ram_details": f"{QUICK}: a third value in AT+QFLDS, in AT+QFLST",
    "files.directories": f'{QUICK}: AT+QFUPL="x/y.pem",1',
    "files.block_bytes": f"{LONG}: how many bytes lie between two long stalls",
    "files.block_count": f'{QUICK}: AT+QFLDS="UFS", the whole size',
    "files.name_bytes": "names longer and longer: from which length on is it an error",
    "files.cache_bytes": f"{LONG}: how many bytes lie between two short stalls",
    "files.data_buffer_bytes": f"{LONG}: how much is taken from the ring before each stall",
    "files.ack_block_bytes": f"{QUICK}: ACK details",
    "files.max_open_files": "AT+QFOPEN of one file more, until it is an error",
    "files.first_handle": f"{QUICK}: handles",
    "files.default_size_bytes": 'the manual, AT+QFUPL; or AT+QFUPL="x", and send until it ends',
    "files.write_max_bytes": "AT+QFWRITE=?",
    "files.command_s": "the manual: maximum response time",
    "files.default_timeout_s": f"{QUICK}: time-out reply, without a time in the command",
    "files.timeout_min_s": "AT+QFUPL=?",
    "files.timeout_max_s": "AT+QFUPL=?",
    "files.list_prefix": f"{QUICK}: prefix in AT+QFLST",
    "files.upload_timeout": f"{QUICK}: time-out reply of AT+QFUPL",
    "files.write_timeout": f"{QUICK}: time-out reply of AT+QFWRITE",
    "files.upload_timer": f"{QUICK}: does a byte begin the time anew",
    "files.ack_framing": f"{QUICK}: ACK details",
    "files.ack_when": f"{LONG}: time per A",
    "files.ack_final_full_block": f"{QUICK}: ACK details, with 1024 bytes",
    "files.existing_file": f"{QUICK}: AT+QFUPL of a name twice",
    "files.no_room": f"{QUICK}: AT+QFUPL with a size that does not fit",
    "files.no_room_error": f"{QUICK}: AT+QFUPL with a size that does not fit",
    "files.missing_list": f"{QUICK}: AT+QFLST of no such file",
    "files.missing_delete": f"{QUICK}: AT+QFDEL of no such file",
    "files.list_order": f"{QUICK}: list order",
    "files.checksum_padded": f"{QUICK}: checksum form, with a sum below 0x1000",
    "files.sync_every_bytes": f"{LONG}: what is left of an upload after a power cut",
    "files.early_bytes": f"{QUICK}: bytes sent before CONNECT",
    "files.surplus": f"{QUICK}: bytes behind the last one",
    "files.surplus_discard_ms": f"{QUICK}: bytes behind the last one, later and later",
    "files.read_eof": "AT+QFREAD at the end of a file",
    "files.write_blank_line": "AT+QFWRITE: is there an empty line in front of its summary",
    "flash.page_bytes": "the data sheet of its flash; 256 as a rule",
    "flash.read_byte_ns": "the data sheet of its flash",
    "radio.systems": "AT+WS46=?",
    "radio.pdp_types": "AT+CGDCONT=?",
    "radio.message_slots": "AT+CPMS?",
    "radio.register_ms": "a log with times, from power-up to +CREG: 1",
    "tcpip.contexts": "AT+QICSGP=?",
    "tcpip.context_lost_text": "take its antenna away: what is told",
    "tcpip.content_type": 'AT+QHTTPCFG=?, "contenttype"',
    "mqtt.payload_bytes": "AT+QMTPUBEX=?",
}


def finding(key: str) -> str:
    """How the value with that dotted name is found out. Raises KeyError: there is no such part."""
    return _KEYS.get(key) or _PARTS[key.partition(".")[0]]


def keys_with_a_line_of_their_own() -> frozenset[str]:
    """The dotted names of the values that are not told by their part alone."""
    return frozenset(_KEYS)
