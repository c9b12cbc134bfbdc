"""The planner in a browser: of this machine alone, with its token, and gone with its server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest

from planner.cli.main import main
from tests.projects import make_project

PATIENCE = 120.0
"""Seconds after which what does not come is a failure: nothing takes a tenth of it."""


@dataclass(frozen=True)
class Served:
    address: str
    """As `planner serve` prints it."""
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("served")).project
    assert main(["-C", str(folder), "add", "label smoothing in the browser"]) == 0
    return folder


@pytest.fixture
def served(project: Path) -> Iterator[Served]:
    command = [sys.executable, "-m", "planner.cli.main", "-C", str(project), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Served(process.stdout.readline().split()[-1], process)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def asked(work: Callable[[aiohttp.ClientSession], Awaitable[Any]]) -> Any:
    async def do() -> Any:
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            return await work(session)

    return asyncio.run(do())


def status(address: str, **headers: str) -> int:
    async def ask(session: aiohttp.ClientSession) -> int:
        async with session.get(address, headers=headers) as response:
            return response.status

    found: int = asked(ask)
    return found


async def screen(session: aiohttp.ClientSession, served: Served, until: str, keys: str = "") -> bool:
    """Whether the terminal behind the socket comes to show a text."""
    async with session.ws_connect(f"{served.address}socket", headers={"Origin": served.origin}) as socket:
        await socket.send_json(["stdin", keys]) if keys else None
        seen = b""
        async for message in socket:
            seen += message.data if isinstance(message.data, bytes) else b""
            if until.encode() in seen:
                return True
    return False


def test_a_tab_shows_the_backlog_and_takes_keys(served: Served) -> None:
    assert asked(lambda session: screen(session, served, "label smoothing in the browser"))
    assert asked(lambda session: screen(session, served, "Esc closes", keys="?"))


def test_without_the_token_there_is_nothing(served: Served) -> None:
    assert status(served.address) == 200
    for path in ("/", "/static/js/textual.js", "/socket", "/x/", "//", "/../"):
        assert status(served.origin + path) == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1"])
def test_a_name_that_points_here_is_refused(served: Served, host: str) -> None:
    assert status(served.address, Host=host) == 403


def test_another_page_can_neither_read_nor_open_a_socket(served: Served) -> None:
    assert status(served.address, Origin="http://evil.example") == 403
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):

        async def connect(session: aiohttp.ClientSession, headers: dict[str, str] = headers) -> int:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"{served.address}socket", headers=headers)
            return refused.value.status

        assert asked(connect) == 403


def test_the_page_fetches_nothing_from_elsewhere_and_may_not(served: Served) -> None:
    async def page(session: aiohttp.ClientSession) -> tuple[str, str]:
        async with session.get(served.address) as response:
            return await response.text(), response.headers["Content-Security-Policy"]

    text, policy = asked(page)
    assert "https:" not in text
    assert text.count("http:") == 0
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_it_listens_on_this_machine_alone(served: Served) -> None:
    listening = [
        one.laddr.ip
        for one in psutil.Process(served.process.pid).net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]


def test_messages_that_make_no_sense_end_nothing(served: Served) -> None:
    async def talk(session: aiohttp.ClientSession) -> bool:
        headers = {"Origin": served.origin}
        async with session.ws_connect(f"{served.address}socket", headers=headers) as socket:
            for text in (
                "",
                "{",
                "[]",
                "{}",
                "7",
                '["resize"]',
                '["resize", {"width": "x", "height": null}]',
            ):
                await socket.send_str(text)
            await socket.send_json(["resize", {"width": 10**9, "height": -5}])
            await socket.send_json(["ping", 7])
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    return message.json() == ["pong", 7]  # type: ignore[no-any-return]  # JSON
        return False

    assert asked(talk)


def test_a_closed_tab_leaves_no_process_and_neither_does_a_killed_server(served: Served) -> None:
    server = psutil.Process(served.process.pid)
    assert asked(lambda session: screen(session, served, "label smoothing"))
    wait_until(lambda: not server.children())

    async def kill(session: aiohttp.ClientSession) -> list[psutil.Process]:
        headers = {"Origin": served.origin}
        async with session.ws_connect(f"{served.address}socket", headers=headers) as socket:
            await socket.receive()
            tabs = server.children()
            os.kill(served.process.pid, signal.SIGKILL)
            return tabs

    tabs = asked(kill)
    assert len(tabs) == 1
    wait_until(lambda: not tabs[0].is_running() or tabs[0].status() == psutil.STATUS_ZOMBIE)


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_port_that_is_taken_is_named(
    served: Served, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = str(urlsplit(served.address).port)
    assert main(["-C", str(project), "serve", "--port", port]) == 2
    assert f"port {port}" in capsys.readouterr().err
