"""`searchd keys`: make, list and revoke the API keys of the HTTP service."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from searchd.cli.options import count, index_option, json_option, print_json, utf8_text
from searchd.cli.serve_options import KEYS_FILE_OPTION
from searchd.cli.terminal import without_controls


class _Expiry(click.ParamType[datetime]):
    """A time: days from now (90d), a date (its end in UTC) or a time in ISO 8601."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the time with its time zone."""
        if isinstance(value, datetime):
            return value
        text, now = str(value), datetime.now(UTC)
        try:
            if days := re.fullmatch(r"(\d{1,5})d", text):
                time = now + timedelta(days=int(days[1]))
            elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                time = datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)
            else:
                time = datetime.fromisoformat(text)
        except ValueError:
            self.fail(
                f"{text!r} is no time; write 90d, 2030-12-31 or 2030-12-31T12:00+03:00", param, ctx
            )
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        if time <= now:
            self.fail(f"{text!r} is over", param, ctx)
        return time.replace(microsecond=0)


@click.group(short_help="Make, list and revoke API keys of the HTTP service.")
def keys() -> None:
    """Make, list and revoke API keys of 'searchd serve'.

    The keys are in a file, which a running service reads anew when it was changed.
    """


@keys.command()
@index_option
@KEYS_FILE_OPTION
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(["search", "documents", "replicate", "admin"]),
    multiple=True,
    default=["search"],
    show_default=True,
    help="What the key allows: search and read; change documents; copy the index; everything, with "
    "metrics. May be repeated.",
)
@click.option(
    "--for-index",
    "indexes",
    type=utf8_text,
    multiple=True,
    metavar="NAME",
    default=["*"],
    show_default=True,
    help="The name of an index, which is that of its directory, or a pattern such as news-*. May be "
    "repeated.",
)
@click.option(
    "--expires",
    type=_Expiry(),
    metavar="TIME",
    help="When it ends: 90d from now, the end of the day 2030-12-31, or 2030-12-31T12:00+03:00. "
    "Without it the key does not expire.",
)
@click.option("--description", type=utf8_text, default="", help="What the key is for.")
@json_option
def create(
    index_directory: Path,
    keys_file: Path | None,
    scopes: tuple[str, ...],
    indexes: tuple[str, ...],
    expires: datetime | None,
    description: str,
    as_json: bool,
) -> None:
    """Make a key and print it. It is shown this once: the file has only its hash."""
    from searchd.api_keys import SCOPES, KeyFile, key_file_of, new_key

    file = KeyFile(keys_file or key_file_of(index_directory))
    chosen = [scope for scope in SCOPES if scope in scopes]
    presented, key = new_key(chosen, indexes, description, expires)
    file.add(key)
    if as_json:
        print_json({"key": presented, **_shown(key)})
        return
    click.echo(presented)
    click.echo(
        f"key {key.id} ({', '.join(key.scopes)}) is in {file.path}; "
        "keep it, because it is not shown again",
        err=True,
    )


@keys.command(name="list")
@index_option
@KEYS_FILE_OPTION
@json_option
def list_keys(index_directory: Path, keys_file: Path | None, as_json: bool) -> None:
    """List the keys: their ids, scopes, indexes, ends and descriptions."""
    from searchd.api_keys import KeyFile, key_file_of, now

    file = KeyFile(keys_file or key_file_of(index_directory))
    found = file.keys()
    if as_json:
        print_json([_shown(key) | {"expired": key.is_expired(now())} for key in found])
        return
    for key in found:
        end = f"until {key.expires}" if key.expires else "without an end"
        state = " (expired)" if key.is_expired(now()) else ""
        columns = (key.id, ", ".join(key.scopes), ", ".join(key.indexes), end + state)
        click.echo(without_controls("  ".join((*columns, key.description)).rstrip()))
    click.echo(f"{count(len(found), 'key')} in {file.path}", err=True)


@keys.command()
@click.argument("key_id", metavar="ID")
@index_option
@KEYS_FILE_OPTION
def revoke(key_id: str, index_directory: Path, keys_file: Path | None) -> None:
    """Remove the key with an ID of 'searchd keys list'. It is refused from then on."""
    from searchd.api_keys import KeyFile, key_file_of

    file = KeyFile(keys_file or key_file_of(index_directory))
    key = file.remove(key_id)
    click.echo(f"key {key.id} is revoked", err=True)


def _shown(key: object) -> dict[str, object]:
    from dataclasses import asdict

    values = asdict(key)  # type: ignore[call-overload]
    del values["sha256"]
    return dict(values)
