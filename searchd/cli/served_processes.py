"""The service of `searchd serve` as its options ask for it, in this process or in several workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from socket import socket
from typing import Any

import click
from fastapi import FastAPI

from searchd.cli import http_server, service_setup
from searchd.cli.serve_options import ServiceSettings
from searchd.cli.served_apps import MakeApp
from searchd.service.authorization import Authorization
from searchd.service.limits import ServiceLimits
from searchd.service.request_log import LogSettings


@dataclass(frozen=True, slots=True)
class Service:
    """What is served, for whom and how. `parse` reads the options again, for SIGHUP."""

    opened: Callable[[], AbstractContextManager[MakeApp]]
    limits: ServiceLimits
    settings: ServiceSettings
    authorization: Authorization
    logs: LogSettings
    limiters: service_setup.Limiters
    hosts: Sequence[str]
    parameters: dict[str, Any]
    parse: Callable[[], dict[str, Any]]

    def run(self, listener: socket, announce: Callable[[], None]) -> None:
        """Serve in this process until a signal."""
        with self.opened() as make_app:
            app, reloader = self._made(make_app)
            http_server.run(app, self.limits, [listener], announce, reloader.reload)
            service_setup.close_telemetry(app)

    def run_workers(
        self, workers: int, listener: socket, announce: Callable[[], None], *, writable: bool
    ) -> None:
        """Serve in several processes until a signal. Raises ClickException on Windows."""
        if sys.platform == "win32":
            raise click.ClickException("Windows cannot fork processes; leave --workers out")
        from searchd.cli.worker_processes import WorkerRole, run_workers

        def serve_as(role: WorkerRole) -> None:
            with self.opened() as make_app:
                app, reloader = self._made(make_app, writes_only=role.is_writer)
                role.prepare(app)
                if role.child.reloads:
                    reloader.reload()

                def reload() -> None:
                    reloader.reload()
                    role.tell_reloaded()

                # What a slow client sends reaches the one that writes as slowly, and a little later.
                seconds = self.limits.client_seconds * (2 if role.is_writer else 1)
                limits = replace(self.limits, client_seconds=seconds)
                supervisor = http_server.Supervision(role.child.parent, role.tell_alive)
                http_server.run(app, limits, role.sockets, role.announce, reload, supervisor)
                service_setup.close_telemetry(app)

        with self.opened():  # what is wrong with it is said now, and once
            pass
        status = run_workers(workers, listener, serve_as, announce, writable=writable)
        if status:
            click.get_current_context().exit(status)

    def _made(
        self, make_app: MakeApp, *, writes_only: bool = False
    ) -> tuple[FastAPI, service_setup.Reloader]:
        """Return the application. One that only writes leaves to others what they do for a request."""
        telemetry = None if writes_only else service_setup.telemetry_for(self.settings)
        app, words = make_app(
            allowed_hosts=self.hosts,
            authorization=self.authorization,
            logs=LogSettings() if writes_only else self.logs,
            cors_origins=() if writes_only else self.settings.cors_origins,
            compress=not (self.settings.no_compression or writes_only),
            telemetry=telemetry,
        )
        app.state.telemetry = telemetry
        reloader = service_setup.Reloader(
            words, self.authorization, self.logs, self.parameters, self.parse, self.limiters
        )
        return app, reloader
