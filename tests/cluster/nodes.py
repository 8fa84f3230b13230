"""Nodes of OpenSearch on this machine, for tests and trials: `python -m tests.cluster.nodes`.

They are started from their published Maven artifacts and answer on loopback alone. Data and logs are in
`build/cluster`, and are deleted when they end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "build" / "cluster"
POM = Path(__file__).with_name("pom.xml")
SOURCE = Path(__file__).with_name("ClusterNode.java")

VERSIONS = ("2.19.6", "3.9.0")
"""The versions that are tested, the oldest first."""

_LEAST_JAVA = {"2": 17, "3": 21}
_START_SECONDS = 120
_FETCH_SECONDS = 300
_HEAP = "384m"
_JVMS = "/usr/lib/jvm/*/bin/java"


class NoClusterError(Exception):
    """A cluster cannot be started here; the text says what is missing."""


def find_java(version: str) -> Path:
    """Return the oldest Java that runs a version of OpenSearch. Raises NoClusterError."""
    least = _LEAST_JAVA[version.partition(".")[0]]
    candidates = [Path(path).resolve() for path in sorted(map(str, Path("/").glob(_JVMS[1:])))]
    others = (os.environ.get("JAVA_HOME", "") + "/bin/java", shutil.which("java") or "")
    candidates += [Path(name).resolve() for name in others if Path(name).is_file()]
    found: dict[int, Path] = {}
    for java in dict.fromkeys(candidates):
        release = java.parent.parent / "release"
        if (java.parent / "javac").exists() and release.is_file():
            for line in release.read_text().splitlines():
                if line.startswith("JAVA_VERSION="):
                    number = line.partition('"')[2].partition(".")[0].strip('"')
                    found.setdefault(int(number), java)
    suitable = sorted(number for number in found if number >= least)
    if not suitable:
        raise NoClusterError(f"OpenSearch {version} needs a JDK of version {least} or newer")
    return found[suitable[0]]


def class_path(version: str, java: Path) -> str:
    """Return the jars of a node, fetched by Maven the first time. Raises NoClusterError."""
    maven = shutil.which("mvn")
    listed = FOLDER / f"{version}.classpath"
    if not listed.exists() or not all(map(os.path.exists, listed.read_text().split(os.pathsep))):
        if maven is None:
            raise NoClusterError("Maven (mvn) fetches the nodes, and is not there")
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [
            *(maven, "-q", "-B", "-f", str(POM), f"-Dopensearch.version={version}"),
            *("dependency:build-classpath", f"-Dmdep.outputFile={listed}"),
        ]
        environment = {**os.environ, "JAVA_HOME": str(java.parent.parent)}
        try:
            subprocess.run(
                command,
                capture_output=True,
                text=True,
                env=environment,
                check=True,
                timeout=_FETCH_SECONDS,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            listed.unlink(missing_ok=True)
            raise NoClusterError(
                f"Maven could not fetch OpenSearch {version}: {str(error.stdout or error)[-500:]}"
            ) from error
    jars = listed.read_text().strip()
    classes = FOLDER / f"{version}.classes"
    compiled = classes / "ClusterNode.class"
    if not compiled.exists() or compiled.stat().st_mtime < SOURCE.stat().st_mtime:
        javac = [
            str(java.parent / "javac"),
            "-nowarn",
            "-cp",
            jars,
            "-d",
            str(classes),
            str(SOURCE),
        ]
        subprocess.run(javac, check=True, capture_output=True)
    return f"{classes}{os.pathsep}{jars}"


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens at."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            found.append(listener.getsockname()[1])
        return found


class LocalCluster:
    """Some nodes on this machine. Use it as a context manager."""

    def __init__(
        self, version: str = VERSIONS[0], nodes: int = 3, *, heap: str = _HEAP, quick: bool = True
    ) -> None:
        """Prepare nodes; a `quick` start compiles less, which costs speed later. Raises NoClusterError."""
        java = find_java(version)
        jars = class_path(version, java)
        self.version = version
        self._folder = Path(tempfile.mkdtemp(prefix=f"nodes-{version}-", dir=FOLDER))
        self.ports = free_ports(nodes)
        inner = free_ports(nodes)
        names = [f"node{number}" for number in range(nodes)]
        seeds = ",".join(f"127.0.0.1:{port}" for port in inner)
        self._commands = []
        for name, port, transport in zip(names, self.ports, inner, strict=True):
            home = self._folder / name
            (home / "config").mkdir(parents=True)
            options = [f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
            if quick:
                options.append("-XX:TieredStopAtLevel=1")
            if find_major(java) >= 24:
                options.append("--enable-native-access=ALL-UNNAMED")
            self._commands.append(
                [
                    *(str(java), *options, "-cp", jars, "ClusterNode"),
                    *(f"node.name={name}", f"path.home={home}", "cluster.name=searchd-tests"),
                    *("network.host=127.0.0.1", f"http.port={port}", f"transport.port={transport}"),
                    *(f"discovery.seed_hosts={seeds}", "node.processors=2"),
                    f"cluster.initial_cluster_manager_nodes={','.join(names)}",
                    *("transport.type=netty4", "http.type=netty4"),
                    "cluster.routing.allocation.disk.threshold_enabled=false",
                    "cluster.fault_detection.follower_check.timeout=3s",
                    "cluster.fault_detection.follower_check.interval=500ms",
                    "cluster.fault_detection.leader_check.interval=500ms",
                    "cluster.fault_detection.leader_check.timeout=3s",
                ]
            )
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        """The address of all nodes, without the name of an index."""
        return "http://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def url(self, node: int = 0) -> str:
        """Return the address of one node."""
        return f"http://127.0.0.1:{self.ports[node]}"

    def start(self, *nodes: int) -> None:
        """Start nodes, by default all, and wait until they are one cluster. Raises NoClusterError."""
        for node in nodes or range(len(self._commands)):
            log = self._folder / f"node{node}.log"
            with log.open("ab") as output:
                self._processes[node] = subprocess.Popen(
                    self._commands[node], stdout=output, stderr=subprocess.STDOUT
                )
        self.wait(len(self._processes))

    def wait(self, nodes: int, status: str = "yellow", seconds: float = _START_SECONDS) -> None:
        """Wait until so many nodes are one cluster of a status. Raises NoClusterError."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            node = next(iter(self._processes))
            for number, process in self._processes.items():
                if process.poll() is not None:
                    log = (self._folder / f"node{number}.log").read_text("utf-8", "replace")
                    raise NoClusterError(
                        f"node {number} ended with {process.returncode}: {log[-2000:]}"
                    )
            with contextlib.suppress(OSError, urllib.error.URLError, TimeoutError):
                health = self.ask(
                    "GET", f"/_cluster/health?wait_for_status={status}&timeout=5s", node
                )
                if health["number_of_nodes"] == nodes and not health["timed_out"]:
                    return
            time.sleep(0.2)
        raise NoClusterError(
            f"the nodes were no {status} cluster within {seconds:g} s; see {self._folder}"
        )

    def ask(self, method: str, path: str, node: int = 0, body: object = None) -> dict[str, object]:
        """Return the answer of one node."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url(node) + path, data, {"content-type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def kill(self, node: int) -> None:
        """Kill a node as a loss of power does."""
        process = self._processes.pop(node)
        process.kill()
        process.wait()

    def pause(self, node: int) -> None:
        """Stop a node so that it keeps its connections and answers nothing."""
        self._processes[node].send_signal(signal.SIGSTOP)

    def resume(self, node: int) -> None:
        """Let a node that was stopped go on."""
        self._processes[node].send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End all nodes, and delete their data."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
        self._processes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> LocalCluster:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def find_major(java: Path) -> int:
    """Return the version of a Java."""
    release = (java.parent.parent / "release").read_text()
    return int(release.partition('JAVA_VERSION="')[2].partition(".")[0].partition('"')[0])


@contextlib.contextmanager
def running(version: str, nodes: int, *, quick: bool = True) -> Iterator[LocalCluster]:
    """Run a cluster. Raises NoClusterError."""
    with LocalCluster(version, nodes, quick=quick) as cluster:
        cluster.start()
        yield cluster


def main(arguments: Sequence[str]) -> int:
    """Run nodes until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default=VERSIONS[0])
    parser.add_argument("--nodes", type=int, default=3)
    options = parser.parse_args(arguments)
    try:
        with running(options.version, options.nodes, quick=False) as cluster:
            sys.stdout.write(
                f"{options.nodes} nodes of OpenSearch {options.version}; Ctrl-C stops them\n"
                f"searchd index corpus/articles --index {cluster.address}/articles\n"
            )
            sys.stdout.flush()
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with contextlib.suppress(KeyboardInterrupt):
                while True:
                    time.sleep(3600)
    except NoClusterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
