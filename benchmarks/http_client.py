"""A small HTTP client for `benchmarks.load`, and the server process that it measures."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

PATIENCE = 10.0
"""Seconds that a client waits for a response."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running `searchd serve`."""

    process: subprocess.Popen[str]
    host: str
    port: int

    def memory(self) -> float:
        """Return the resident set of the process in MB, 0 where /proc does not tell."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0.0
        return int(status.partition("VmRSS:")[2].split()[0]) / 1e3

    def processor_seconds(self) -> float:
        """Return the processor time of the process and of its children, 0 where /proc does not tell.

        It says what an answer costs also where other programs use the machine.
        """
        try:
            children = Path(
                f"/proc/{self.process.pid}/task/{self.process.pid}/children"
            ).read_text()
            pids = [str(self.process.pid), *children.split()]
            stats = [
                Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids
            ]
        except OSError:
            return 0.0
        return sum(int(each[11]) + int(each[12]) for each in stats) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> float:
        """Send SIGTERM; return the seconds until the process has ended, infinity above a minute."""
        started = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            return float("inf")
        return time.perf_counter() - started


@contextmanager
def serving(source: Path, index: Path, *options: str) -> Iterator[Server]:
    """Run the `searchd serve` of a checkout on a free port, with some options."""
    command = [sys.executable, "-m", "searchd", "serve", "--index", str(index), "--port", "0"]
    command += options
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=source, env=environment(source)
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        address = urlsplit(line.partition(" at ")[2].split(" ")[0].strip())
        if not address.hostname or not address.port:
            raise RuntimeError(f"searchd serve did not start: {line}{process.stderr.read()}")
        yield Server(process, address.hostname, address.port)
    finally:
        process.terminate()  # a supervisor ends its workers
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


def environment(source: Path) -> dict[str, str]:
    """Return the environment in which the packages of a checkout are imported."""
    return {**os.environ, "PYTHONPATH": str(source)}


def search_target(query: str) -> str:
    """Return the request target of a search."""
    return "/search?" + urlencode({"q": query})


class Client:
    """One connection, kept alive and opened again after the server closed it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, target: str) -> int | str:
        """Return the status of the response, or the name of the error where there is none.

        A kept-alive connection that the server closed meanwhile is opened again, once.
        """
        kept_alive = self._streams is not None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._get(target)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            if kept_alive and not isinstance(error, TimeoutError):
                return await self.get(target)
            return type(error).__name__

    async def _get(self, target: str) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._server.host, self._server.port)
        reader, writer = self._streams
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {self._server.host}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        if b"connection: close" in head:
            self.close()
        return int(head.split()[1])

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.close()
