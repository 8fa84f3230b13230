"""Extra packages of a command: the error that says which is missing and how to install it."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


def missing_extra(purpose: str, extra: str, error: ImportError) -> click.ClickException:
    """Return the error for a command that needs the packages of an extra.

    `purpose` is what needs them, `error` names the package that is missing.
    """
    package = (error.name or "").partition(".")[0]
    return click.ClickException(
        f"{purpose} needs the packages of the extra {extra} ({package} is missing); "
        f"install them {install_command(extra)}"
    )


def install_command(extra: str) -> str:
    """Return how to install an extra: by the folder or file that searchd was installed from.

    No package index is asked for `searchd`, which is installed from its project.
    """
    options, source = _source()
    if source is None:
        return f"in the folder of the project with: pip install '.[{extra}]'"
    return f"with: pip install {options}{shlex.quote(f'{source}[{extra}]')}"


def _source() -> tuple[str, Path | None]:
    """Return the options of pip and the path by which searchd was installed, None if it is gone."""
    project = Path(__file__).parents[2]
    if (project / "setup.cfg").is_file():
        return "-e ", project  # the program runs from the project itself
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        written = distribution("searchd").read_text("direct_url.json")
    except PackageNotFoundError:
        return "", None
    origin = urlsplit(json.loads(written)["url"] if written else "")
    path = Path(url2pathname(origin.path))
    return "", path if origin.scheme == "file" and path.exists() else None
