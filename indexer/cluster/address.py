"""Addresses: an index on a cluster as `https://host:9200/news`, or the directory of one here.

A name and a password may be in the address, in the environment, or in a file that the environment
names; no text of an address has them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import ClusterAddressError

VARIABLES: Mapping[str, str] = {
    "user": "SEARCHD_CLUSTER_USER",
    "password": "SEARCHD_CLUSTER_PASSWORD",
    "ca_file": "SEARCHD_CLUSTER_CA",
}
"""The environment variables of the name, the password and the file of certificates."""

CONFIGURATION = "SEARCHD_CLUSTER_CONFIG"
"""The environment variable that names a TOML file with a table [cluster] of the same three."""

_SCHEMES = ("http", "https")
_NAME = re.compile(r"[^A-Z\\/*?\"<>| ,#:+_.-][^A-Z\\/*?\"<>| ,#:]{0,199}")
_FORM = "write it as https://host:9200/news, several nodes as https://a:9200,b:9200/news"


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """An index on a cluster: the nodes to ask, its name, and who asks.

    `nodes` are addresses such as `https://host:9200`. `password` is in no text of this value, and
    neither is `user`.
    """

    nodes: tuple[str, ...]
    index: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def __str__(self) -> str:
        scheme = self.nodes[0].partition("://")[0]
        hosts = ",".join(node.partition("://")[2] for node in self.nodes)
        return f"{scheme}://{hosts}/{self.index}"


Location = Path | ClusterAddress
"""Where an index is: in a directory, or on a cluster."""


def is_cluster(text: object) -> bool:
    """Whether a text is meant as the address of an index on a cluster."""
    return isinstance(text, str) and text.lower().startswith(("http://", "https://"))


def parse_location(
    location: Path | str | ClusterAddress, environment: Mapping[str, str] | None = None
) -> Location:
    """Return where an index is: a text that begins with http:// or https:// is on a cluster.

    Raises ClusterAddressError, which never shows a password.
    """
    if isinstance(location, ClusterAddress | Path):
        return location
    if not is_cluster(location):
        return Path(location)
    return parse_address(location, os.environ if environment is None else environment)


def parse_address(text: str, environment: Mapping[str, str]) -> ClusterAddress:
    """Return the address of an index on a cluster, with who asks. Raises ClusterAddressError.

    >>> address = parse_address("https://me:secret@a:9200,b/news", {})
    >>> print(address, address.user)
    https://a:9200,b:9200/news me
    """
    from urllib.parse import unquote  # most indexes are in a directory

    scheme, _, rest = text.partition("://")
    hosts, _, index = rest.partition("/")
    user, at, hosts = hosts.rpartition("@")
    nodes = tuple(_node(scheme.lower(), host) for host in hosts.split(","))
    index = unquote(index.rstrip("/"))
    if not _NAME.fullmatch(index) or len(index.encode()) > 200:
        shown = f"{index!r} is no name of an index on a cluster" if index else "it names no index"
        raise ClusterAddressError(f"the address of the cluster cannot be used: {shown}; {_FORM}")
    values = {**_configured(environment), **_from_variables(environment)}
    if at:
        name, _, password = user.partition(":")
        values |= {"user": unquote(name), "password": unquote(password)}
    return ClusterAddress(
        nodes,
        index,
        user=values.get("user", ""),
        password=values.get("password", ""),
        ca_file=values.get("ca_file", ""),
    )


def _node(scheme: str, host: str) -> str:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(f"{scheme}://{host}")
        port = parts.port or 9200
    except ValueError:
        port = 0
    if scheme not in _SCHEMES or not port or not parts.hostname or parts.path or parts.query:
        raise ClusterAddressError(f"the address of the cluster cannot be used; {_FORM}")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{scheme}://{name}:{port}"


def _from_variables(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: environment[variable]
        for name, variable in VARIABLES.items()
        if environment.get(variable)
    }


def _configured(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the configuration file that the environment names, none without one."""
    name = environment.get(CONFIGURATION)
    if not name:
        return {}
    import tomllib

    path = Path(name)
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text("utf-8")).get("cluster", {})
    except OSError as error:
        raise ClusterAddressError(
            f"the configuration {path} cannot be read ({error.strerror}); name another in {CONFIGURATION}"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClusterAddressError(f"{path} is not TOML: {error}") from None
    known = {key.replace("-", "_"): value for key, value in values.items()}
    for key, value in known.items():
        if key not in VARIABLES or not isinstance(value, str):
            raise ClusterAddressError(
                f"{path}: the table [cluster] has user, password and ca-file, each a text; "
                f"{key!r} is none of them"
            )
    if "ca_file" in known:
        known["ca_file"] = str(path.parent / known["ca_file"])
    return known
