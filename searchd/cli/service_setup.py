"""What `searchd serve` makes of its options, and what it makes anew on SIGHUP. Needs the extra `serve`."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from analyzers.errors import AnalyzersError
from indexer.errors import IndexerError
from searchd.api_keys import KeyFile, key_file_of
from searchd.cli.extras import missing_extra
from searchd.cli.serve_options import RELOADED, ServiceSettings, settings_of
from searchd.cli.systemd import notify, notify_reloading
from searchd.cli.word_files import chosen_analyzer, chosen_synonyms
from searchd.errors import KeyFileError, SearchError
from searchd.query_log import QueryLog
from searchd.service.authorization import Authorization
from searchd.service.hosts import is_loopback_address
from searchd.service.logs import configure_logging, set_level
from searchd.service.rate_limits import Limiter, RateLimiter
from searchd.service.request_log import LogSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from searchd.service.telemetry import Telemetry

_LOG = logging.getLogger("searchd.service")

_WORD_FILES = (
    "protected_words_file",
    "lexicon_entries_file",
    "synonyms_file",
    "packs",
    "no_synonyms",
)


_LIMITERS = {"rate_limit": "address_limit", "key_rate_limit": "key_limit"}
"""The parameters with a rate, each with the attribute of `AccessRules` that it sets."""


class Limiters:
    """Makes the rate limiters of a service: for one process, or for several that share their counts.

    The memory that they share is there from the beginning, so a limit may be set later too.
    """

    def __init__(self, *, shared: bool = False) -> None:
        self._shared = None
        if shared:
            from searchd.service.workers.shared_rate_limits import SharedBuckets

            self._shared = {name: SharedBuckets() for name in _LIMITERS}

    def limiter(self, option: str, rate: float | None) -> Limiter | None:
        """Return the limiter of an option with a rate, None without one."""
        if rate is None:
            return None
        if self._shared is None:
            return RateLimiter(rate)
        from searchd.service.workers.shared_rate_limits import SharedRateLimiter

        return SharedRateLimiter(rate, self._shared[option])


def authorization_for(
    index: Path, settings: ServiceSettings, limiters: Limiters | None = None
) -> Authorization:
    """Return who may use the service. Raises KeyFileError for a key file that cannot be used."""
    limiters = limiters or Limiters()
    if settings.keys_file is not None and not settings.keys_file.exists():
        raise KeyFileError(
            f"there is no key file {settings.keys_file}; make it with "
            f"'searchd keys create --keys-file {settings.keys_file}'"
        )
    keys = KeyFile(settings.keys_file or key_file_of(index))
    return Authorization(
        keys,
        index=index.resolve().name,
        public_search=settings.public_search,
        local_only=True,
        address_limit=limiters.limiter("rate_limit", settings.rate_limit),
        key_limit=limiters.limiter("key_rate_limit", settings.key_rate_limit),
    )


def check_exposure(host: str, index: Path, settings: ServiceSettings) -> None:
    """Refuse to listen for other machines where nobody there could be answered.

    Raises ClickException without a key and `--public-search`.
    """
    keys = KeyFile(settings.keys_file or key_file_of(index))
    if _is_local(host) or settings.public_search or keys.keys():
        return
    raise click.ClickException(
        f"{host} is open to other machines, and there are no API keys in {keys.path}; make one "
        f"with 'searchd keys create --index {index}', let everybody search with --public-search, "
        "or listen on 127.0.0.1"
    )


def log_settings_for(settings: ServiceSettings) -> LogSettings:
    """Begin to log, and return what is logged of requests.

    Raises ClickException for a file that cannot be written.
    """
    file = settings.log_file
    try:
        configure_logging(settings.log_format, settings.log_level, file)
        file = settings.query_log
        query_log = None if file is None else QueryLog(file)
    except OSError as error:
        reason = f"{error.strerror or error}; choose another file or make this one writable"
        raise click.ClickException(f"cannot write the log {file}: {reason}") from None
    return LogSettings(settings.access_log, settings.log_queries, settings.slow_query, query_log)


def check_telemetry(settings: ServiceSettings) -> None:
    """Raise ClickException where traces are wanted, and the packages for them are missing."""
    if settings.otlp_endpoint is not None:
        try:
            import searchd.service.telemetry  # noqa: F401
        except ImportError as error:
            if not (error.name or "").startswith("opentelemetry"):
                raise
            raise missing_extra("--otlp-endpoint", "telemetry", error) from error


def telemetry_for(settings: ServiceSettings) -> Telemetry | None:
    """Return what sends the traces of this process; None where none are wanted."""
    if settings.otlp_endpoint is None:
        return None
    from searchd.service.telemetry import Telemetry

    return Telemetry(settings.otlp_endpoint)


def close_telemetry(app: FastAPI) -> None:
    """Send the last traces of an application that has stopped."""
    if app.state.telemetry is not None:
        app.state.telemetry.close()


def _is_local(host: str) -> bool:
    """Whether all addresses of a host are those of the loopback; also where it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return True  # what is wrong with it is said when it is listened on
    return all(is_loopback_address(str(each[4][0])) for each in found)


def announce(line: str, settings: ServiceSettings) -> None:
    """Say that the service answers: in the log where programs read it, else as a plain line."""
    if settings.log_format == "json":
        _LOG.info(line)
    else:
        click.echo(line, err=True)


class ReloadedWords(Protocol):
    """What searches with word files: an engine, or the indexes of a folder."""

    def reload_words(self, analyzer: Analyzer | None, synonyms: Synonyms | None) -> None:
        """Search with other words from now on, like `Engine.reload_words`."""
        ...


class Reloader:
    """Reads options, configuration file and word files again, and changes the running service.

    `parameters` are those of the command line as it was parsed; `parse` parses it anew.
    """

    def __init__(
        self,
        words: ReloadedWords,
        authorization: Authorization,
        logs: LogSettings,
        parameters: dict[str, Any],
        parse: Callable[[], dict[str, Any]],
        limiters: Limiters | None = None,
    ) -> None:
        self._words = words
        self._authorization = authorization
        self._logs = logs
        self._parse = parse
        self._parameters = parameters
        self._limiters = limiters or Limiters()
        self._lock = threading.Lock()

    def reload(self) -> None:
        """Reload, and log what was done. What is wrong is logged, and nothing is changed then."""
        with self._lock:
            notify_reloading()
            try:
                done = self._apply(self._parse())
            except (click.ClickException, AnalyzersError, IndexerError, SearchError) as error:
                message = error.message if isinstance(error, click.ClickException) else str(error)
                _LOG.error("nothing was reloaded: %s", message)
            else:
                _LOG.info("reloaded %s", done)
            notify("READY=1")

    def _apply(self, parameters: dict[str, Any]) -> str:
        before, settings = self._parameters, settings_of(parameters)
        # First what may fail.
        self._words.reload_words(
            chosen_analyzer(*(parameters[name] for name in _WORD_FILES[:2])),
            chosen_synonyms(*(parameters[name] for name in _WORD_FILES[2:])),
        )
        set_level(settings.log_level)
        self._logs.access, self._logs.queries = settings.access_log, settings.log_queries
        self._logs.slow_seconds = settings.slow_query
        self._authorization.rules.public_search = settings.public_search
        for name, attribute in _LIMITERS.items():
            if parameters[name] != before[name]:
                limiter = self._limiters.limiter(name, parameters[name])
                setattr(self._authorization.rules, attribute, limiter)
        changed = [name for name in before if parameters[name] != before[name]]
        self._parameters = {
            name: parameters[name] if name in RELOADED else value for name, value in before.items()
        }
        done = ["word files", *(_shown(name) for name in changed if name in RELOADED)]
        waiting = [_shown(name) for name in changed if name not in RELOADED]
        needs = f"; a restart is needed for {', '.join(waiting)}" if waiting else ""
        return ", ".join(done) + needs


def _shown(parameter: str) -> str:
    return parameter.removesuffix("_file").replace("_", "-")


@contextlib.contextmanager
def closing_logs(logs: LogSettings) -> Any:
    """Close the query log at the end."""
    try:
        yield
    finally:
        if logs.query_log is not None:
            logs.query_log.close()
