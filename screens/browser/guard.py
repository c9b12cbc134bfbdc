"""Who may come in: only this machine's own browser, at the address that holds the token."""

from __future__ import annotations

import hmac
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HOSTS = ("127.0.0.1", "localhost")
"""The names of this machine that a browser may have used."""


class Guard:
    """Lets a request through, or answers 403 or 404 without a word on what is behind it."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(24)
        """The first part of every path; new each time."""
        self._hosts = {f"{host}:{port}" for host in HOSTS}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._sources = " ".join(f"ws://{host}" for host in sorted(self._hosts))

    @property
    def middleware(self) -> Middleware:
        """The same for aiohttp."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._check(request)
            response = await handler(request)
            if not response.prepared:
                response.headers.update(self._headers())
            return response

        return guarded

    def _check(self, request: web.Request) -> None:
        # A foreign page can point a name of its own at 127.0.0.1: the name it used gives it away.
        if request.headers.get("Host") not in self._hosts:
            raise web.HTTPForbidden(text="open it as 127.0.0.1 or localhost, at the port it listens on")
        if self._origin_is_foreign(request):
            raise web.HTTPForbidden(text="another page may not talk to the planner")
        given = request.path.split("/")[1]
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise web.HTTPNotFound(text="the address lacks its token; `planner serve` prints the whole of it")

    def _origin_is_foreign(self, request: web.Request) -> bool:
        """A browser names the page that asks; for a socket it always does."""
        origin = request.headers.get("Origin")
        if origin is None:
            return request.headers.get("Upgrade", "").lower() == "websocket"
        return origin not in self._origins

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
                f"img-src 'self' data:; connect-src 'self' {self._sources}; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }
