"""Visits: what a browser shows to be known again, and the proof that a form was sent from our own page."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.accounts import digest

DAY = 86400

_TOKEN = re.compile("[A-Za-z0-9_-]{43}")


class Visit:
    """A browser's visit; the token is new where it showed none, or none that we could have given.

    Args:
        request: what it asks.
        cookie: what the cookie is called.
        https: the cookie is only for encrypted ways.
    """

    def __init__(self, request: Request, cookie: str, https: bool) -> None:
        self._name, self._https = f"__Host-{cookie}" if https else cookie, https
        shown = request.cookies.get(self._name, "")
        self.known = _TOKEN.fullmatch(shown) is not None
        self.token = shown if self.known else secrets.token_urlsafe(32)

    @property
    def proof(self) -> str:
        """What a form of our own pages holds, and nobody else's can."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    @property
    def id(self) -> str:
        """By which the visit is kept: no token can be made of it."""
        return digest(self.token)[:40]

    def proved(self, request: Request, form: FormData) -> bool:
        """Whether a form was sent from our own page, by this browser."""
        shown = str(form.get("proof", ""))
        ours = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        return self.known and ours and hmac.compare_digest(shown.encode("utf-8", "replace"), self.proof.encode())

    def remember(self, response: Response, token: str | None = None, days: float | None = None) -> None:
        """Has the browser show the token from now on; without ``days`` until it is closed."""
        response.set_cookie(
            self._name, token or self.token, max_age=None if days is None else int(days * DAY), secure=self._https,
            httponly=True, samesite="strict", path="/",
        )

    def forget(self, response: Response) -> None:
        """Has the browser show it no more."""
        response.delete_cookie(self._name, secure=self._https, httponly=True, samesite="strict", path="/")
