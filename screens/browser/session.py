"""One browser tab: a planner process of its own, its screen sent there and its keys brought back."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

LARGEST = 1000
"""Columns or rows of a terminal, at most."""
LEAVING = 30.0
"""Seconds a planner whose tab was closed may take to end, on a machine that is busy."""
HEARTBEAT = 60.0
"""Seconds between questions whether a tab is still there; a busy machine may take half of it to answer."""


class Planner(AppService):
    """The process behind a tab, started from an argument list."""

    def __init__(self, command: Sequence[str], socket: web.WebSocketResponse) -> None:
        super().__init__(
            command[0],
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=partial(_close, socket),
            download_manager=DownloadManager(),
        )
        self._words = tuple(command)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        # The library would go through a shell.
        environment = self._build_environment(width=width, height=height)
        process = await asyncio.create_subprocess_exec(
            *self._words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def leave(self) -> None:
        """Ask it to end, and end it when it does not."""
        try:
            await asyncio.wait_for(self.stop(), LEAVING)
        except (TimeoutError, ConnectionError):
            pass
        finally:
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
                await self._process.wait()


async def serve_tab(request: web.Request, command: Sequence[str]) -> web.WebSocketResponse:
    """Drive a planner from a browser's socket until either ends."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
    await socket.prepare(request)
    planner = Planner(command, socket)
    await planner.start(_cells(request.query.get("width"), 80), _cells(request.query.get("height"), 24))
    try:
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await _obey(message.data, planner, socket)
    finally:
        await planner.leave()
    return socket


async def _close(socket: web.WebSocketResponse) -> None:
    await socket.close()


async def _obey(text: str, planner: Planner, socket: web.WebSocketResponse) -> None:
    """Do what one message asks; one that asks nothing known is passed over."""
    try:
        word, *rest = json.loads(text)
        told: Any = rest[0] if rest else None
        if word == "stdin":
            await planner.send_bytes(str(told).encode("utf-8", "replace"))
        elif word == "resize":
            await planner.set_terminal_size(_cells(told["width"], 80), _cells(told["height"], 24))
        elif word == "ping":
            await socket.send_json(["pong", told])
        elif word in ("focus", "blur"):
            await (planner.focus() if word == "focus" else planner.blur())
    except (ValueError, TypeError, KeyError):
        return


def _cells(said: object, otherwise: int) -> int:
    try:
        return min(max(int(str(said)), 1), LARGEST)
    except ValueError:
        return otherwise
