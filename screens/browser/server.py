"""The planner in a browser of this machine: loopback alone, nothing fetched from elsewhere."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from string import Template

import textual_serve.server
from aiohttp import web

from planner.domain.mistake import Mistake
from screens.browser.guard import HOSTS, Guard
from screens.browser.session import serve_tab

STATIC = Path(textual_serve.server.__file__).parent / "static"
"""The terminal emulator and its font, as textual-serve brings them."""
FONT = 16
"""Pixels a character is high, where the address does not say `?fontsize=`."""


def serve(command: Sequence[str], port: int, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl+C or SIGTERM, with a process of `command` for each tab; `tell` is given the address.

    Port 0 takes any that is free. Mistake when the port is taken.
    """
    listening = _listen(port)
    guard = Guard(listening.getsockname()[1])
    tell(f"http://{HOSTS[0]}:{listening.getsockname()[1]}/{guard.token}/")
    web.run_app(application(guard, command), sock=listening, print=None, access_log=None)


def application(guard: Guard, command: Sequence[str]) -> web.Application:
    """The pages there are: the terminal, its socket, and what the terminal is drawn with."""

    async def page(request: web.Request) -> web.Response:
        text = Template(_page()).substitute(socket=_socket_of(request, guard), font=_font(request))
        return web.Response(text=text, content_type="text/html")

    async def tab(request: web.Request) -> web.WebSocketResponse:
        return await serve_tab(request, command)

    served = web.Application(middlewares=[guard.middleware])
    served.router.add_get(f"/{guard.token}/", page)
    served.router.add_get(f"/{guard.token}/socket", tab)
    served.router.add_static(f"/{guard.token}/static", STATIC)
    return served


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOSTS[0], port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise Mistake(
            f"port {port} of this machine can't be had ({error.strerror}); "
            "`planner serve --port 0` takes one that is free"
        ) from error
    return listening


def _page() -> str:
    return Path(__file__).with_name("page.html").read_text(encoding="utf-8")


def _socket_of(request: web.Request, guard: Guard) -> str:
    """Where the page opens its socket: at the name the browser came by, which the guard has checked."""
    return f"ws://{request.headers['Host']}/{guard.token}/socket"


def _font(request: web.Request) -> int:
    said = request.query.get("fontsize", "")
    return min(max(int(said), 6), 60) if said.isascii() and said.isdigit() else FONT
