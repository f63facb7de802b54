"""The station's end of the local socket: readable and writable by its owner alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from openline.control.place import short_name
from openline.control.protocol import REQUEST_BYTES_MAX, decode_line, encode_answer, error_of
from openline.errors import Misuse, OpenlineError

OWNER_ALONE = 0o600

Handle = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]
Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


async def serve(path: Path, handle: Handle) -> None:
    """Answer requests at `path` until cancelled; a socket left behind by a killed daemon is taken over.

    The store's lock has already made sure that no other daemon of this home runs.  Raises Misuse if there can be no
    socket of this name.
    """
    talking: set[asyncio.Task[None]] = set()

    def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(_converse(handle, reader, writer))
        talking.add(task)
        task.add_done_callback(talking.discard)

    async with _listening(path, converse):
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            for task in talking:
                task.cancel()


@asynccontextmanager
async def _listening(path: Path, converse: Converse) -> AsyncIterator[None]:
    with ExitStack() as stack:
        try:
            path.unlink(missing_ok=True)
            name = stack.enter_context(short_name(path))
            server = await asyncio.start_unix_server(converse, name, limit=REQUEST_BYTES_MAX)
            path.chmod(OWNER_ALONE)
        except OSError as error:
            raise Misuse(
                f"no commands can be taken at {path}: {error.strerror}",
                hint="Move away what is of this name, and let this user write in its folder.",
            ) from error
        try:
            yield
        finally:
            server.close()
            with suppress(OSError):  # the next daemon takes over what is left behind
                path.unlink(missing_ok=True)


async def _converse(handle: Handle, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while (line := await _line(reader)) != b"":
            writer.write(encode_answer(await _answer(handle, line)))
            await writer.drain()
    except ConnectionError:
        pass  # the other end went away: nothing was promised to it
    finally:
        writer.close()


async def _line(reader: asyncio.StreamReader) -> bytes | None:
    """Return the next line; nothing if the other end is done; None for a line beyond the limit, which is let go."""
    fits = True
    while True:
        try:
            line = await reader.readuntil(b"\n")
            return line if fits else None
        except asyncio.IncompleteReadError as error:
            return error.partial if fits else b""
        except asyncio.LimitOverrunError as error:
            fits = False
            await reader.readexactly(error.consumed)


async def _answer(handle: Handle, line: bytes | None) -> dict[str, Any]:
    try:
        if line is None:
            raise Misuse(f"a request has {REQUEST_BYTES_MAX} bytes at most", hint="Ask for less at once.")
        return {"ok": await handle(decode_line(line))}
    except OpenlineError as error:
        return {"error": error_of(error)}
