"""Serving a program on loopback for a while."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from integrations.strava.simulator import serve

hello = Starlette(routes=[Route("/", lambda _: PlainTextResponse("hello"))])


def test_a_program_answers_while_the_block_lasts_and_not_after():
    with serve(hello) as url:
        assert httpx.get(url, trust_env=False).text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_two_programs_at_once_get_different_addresses():
    with serve(hello) as one, serve(hello) as other:
        assert one != other
        assert httpx.get(other, trust_env=False).text == "hello"


def test_a_given_port_is_used():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serve(hello, port) as url:
        assert urlsplit(url).port == port


def test_a_program_that_cannot_start_is_reported():
    async def failing(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(RuntimeError, match="did not start"), serve(failing):
        pass
