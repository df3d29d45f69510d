"""`make bench-network`: its network passes on what it gets, breaks what it shall break, and each client gets through."""

import asyncio
import contextlib
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import AsyncIterator, Iterator, List

import pytest
from bench_network import run, started
from clients import CLIENTS, missing
from link import RESET, STALL, Faults, Line, Shape
from network import BUCKET, Proxy, Site, network
from report import conditions, tables
from scenarios import Scenario

MB = 1_000_000
QUICK = Shape(connection_bytes_per_second=40 * MB, bytes_per_second=100 * MB, delay_seconds=0.005)
BYTES = [random.Random(n).randbytes(3 * MB + n) for n in range(6)]


# ---- The network


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(50_000):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def echo_behind(shape: Shape) -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    with network(shape, echo=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as proxy:
        yield proxy
    server.close()


async def sent_and_returned(proxy: Proxy, sent: bytes) -> bytes:
    """What comes back until the connection ends, or is reset."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.ports["echo"])
    returned = bytearray()

    async def send() -> None:
        writer.write(sent)
        await writer.drain()
        writer.write_eof()

    async def read() -> None:
        while piece := await reader.read(50_000):
            returned.extend(piece)

    await asyncio.gather(send(), read(), return_exceptions=True)
    writer.close()
    return bytes(returned)


async def returned_by_all(proxy: Proxy) -> List[bytes]:
    return list(await asyncio.gather(*(sent_and_returned(proxy, sent) for sent in BYTES)))


def test_it_passes_all_bytes_on() -> None:
    async def check() -> None:
        async with echo_behind(QUICK) as proxy:
            assert await returned_by_all(proxy) == BYTES
            assert proxy.begin() == {"echo connections": len(BYTES), "faults": 0}

    asyncio.run(check())


def test_it_resets_connections() -> None:
    """And those that it leaves alone lose nothing."""

    async def check() -> None:
        async with echo_behind(replace(QUICK, fault=RESET, fault_each_bytes=8 * MB)) as proxy:
            for _ in range(2):
                returned = await returned_by_all(proxy)
                whole = [got == sent for got, sent in zip(returned, BYTES)]
                assert whole.count(False) == proxy.begin()["faults"] > 0
                assert all(sent.startswith(got) for got, sent in zip(returned, BYTES))

    asyncio.run(check())


def test_a_connection_stalls() -> None:
    """By the third MB of four. Others go on; it ends with the turn."""

    async def check() -> None:
        async with echo_behind(replace(QUICK, fault=STALL, fault_each_bytes=4 * MB)) as proxy:
            stalled = asyncio.ensure_future(sent_and_returned(proxy, BYTES[0]))
            while proxy.counted()["faults"] == 0:
                await asyncio.sleep(0.01)
            other = BYTES[1][: 2 * MB]  # more than the first has left
            assert await sent_and_returned(proxy, other) == other
            assert not stalled.done()
            assert proxy.begin() == {"echo connections": 2, "faults": 1}
            assert len(await stalled) < len(BYTES[0])

    asyncio.run(check())


def test_a_line_takes_its_time() -> None:
    line = Line(1000)
    assert line.passed_at(500, ready_at=10) == 10.5
    assert line.passed_at(500, ready_at=10) == 11  # after the first
    assert line.passed_at(500, ready_at=20) == 20.5  # nothing is saved up


def test_the_same_bytes_meet_the_same_faults() -> None:
    shape = replace(QUICK, fault=RESET, fault_each_bytes=MB)
    first, again = ([faults.of(1000) for _ in range(20_000)] for faults in (Faults(shape), Faults(shape)))
    assert first == again
    assert 15 <= first.count(RESET) <= 25


# ---- The clients


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with started(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.mark.parametrize(
    "scenario",
    [Scenario("small", QUICK, files=8, size_bytes=50_000), Scenario("large", QUICK, files=1, size_bytes=17 * MB)],
    ids=lambda scenario: scenario.title,
)
def test_each_client_stores_all(here: Site, scenario: Scenario) -> None:
    row = run(here, scenario, list(CLIENTS), 1)
    assert list(row.turns) == list(CLIENTS)
    for name, (turn,) in row.turns.items():
        assert turn.outcome.problem == "", name
        assert turn.counted["store connections"] > 0  # by way of the network
        assert (turn.calls > 0) == (CLIENTS[name].script != "fetch")
    shown = tables([row], {name: client.title for name, client in CLIENTS.items()}, "")
    assert shown.count(f"| {scenario.title} |") == 2


def test_countersign_gets_through_faults(here: Site) -> None:
    shape = replace(QUICK, fault=RESET, fault_each_bytes=150_000)
    row = run(here, Scenario("faults", shape, files=8, size_bytes=50_000), ["countersign"], 1)
    (turn,) = row.turns["countersign"]
    assert turn.outcome.problem == ""
    assert turn.counted["faults"] > 0


def test_who_is_too_slow_is_given_up(here: Site) -> None:
    slow = replace(QUICK, connection_bytes_per_second=1000)
    row = run(here, Scenario("slow", slow, files=1, size_bytes=MB, limit_seconds=1), ["fetch"], 2)
    (turn,) = row.turns["fetch"]
    assert turn.outcome.seconds is None
    assert row.seconds("fetch") == "not in 1"


def test_it_is_told_with_what_it_was_measured() -> None:
    words = conditions(3, 0.0)
    assert "Chrom" in words and "processors" in words
    assert re.search(r"Uppy 5 with @uppy/aws-s3 5\.\d+\.\d+, Uppy 6 with @uppy/aws-s3 6\.", words)


def test_what_is_not_stored_is_no_success(here: Site, tmp_path: Path) -> None:
    here.empty()
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"bytes")
    here.store.s3.put_object(Bucket=BUCKET, Key="1/photo.jpg", Body=b"byte")
    assert missing(here, [file]) == "1 of 1 files are not stored"
    here.store.s3.put_object(Bucket=BUCKET, Key="1/photo.jpg", Body=b"bytes")
    assert missing(here, [file]) == ""
