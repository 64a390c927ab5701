"""What a web server bears: requests a second and processor time of each kind of request, and what a million readers cost."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from feedgen_kusama.cli import COMMANDS  # noqa: E402
from tests.hosting import SERVERS, Site, free_port, hosting, wait_for  # noqa: E402

READERS, POLLS_A_DAY, CHANGES_A_MONTH, DAYS = 1_000_000, 24, 4, 30
EDGES, POLLS_OF_AN_EDGE = 100, 288
"""Places of a delivery network, and how often a day each asks for a feed that may be kept for five minutes."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One kind of request: octets of the response with its head, requests a second, seconds of processor time each."""

    octets: int
    rate: float
    slowest: str
    cost: float


def kinds(etag: str) -> Mapping[str, Mapping[str, str]]:
    """The headers of each kind of request."""
    return {
        "whole feed": {},
        "whole feed, gzip": {"Accept-Encoding": "gzip"},
        "unchanged (304)": {"Accept-Encoding": "gzip", "If-None-Match": etag},
    }


def count_octets(site: Site, path: str, headers: Mapping[str, str]) -> int:
    """The size of a response as it is sent, its head included."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{site.port}",
        "Connection: close",
        *(f"{n}: {v}" for n, v in headers.items()),
    ]
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        return sum(len(part) for part in iter(lambda: connection.recv(65536), b""))


def processor_seconds(pid: int) -> float:
    """The processor time of a process and of those it started that still run."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(processor_seconds(int(child)) for child in children)


def measure(site: Site, path: str, headers: Mapping[str, str], *, seconds: int, connections: int) -> Figures:
    """Send requests of one kind for so many seconds. Raises RuntimeError where it is not answered as it should be."""
    answer = site.ask(path, **{name.replace("-", "_"): value for name, value in headers.items()})
    if answer.status != (304 if "If-None-Match" in headers else 200):
        raise RuntimeError(f"{site.name} answers {answer.status} to {headers}")
    words = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
    before = processor_seconds(site.pid)
    command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}s", *words, f"{site.address}{path}"]
    said = subprocess.run(command, capture_output=True, encoding="ascii", check=True).stdout
    spent = processor_seconds(site.pid) - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{' '.join(command)}: {said}")
    requests = int(_found(r"(\d+) requests in", said))
    return Figures(
        octets=count_octets(site, path, headers),
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        slowest=_found(r"99%\s+(\S+)", said),
        cost=spent / requests,
    )


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk says nothing of {pattern}: {text}")
    return found[1]


@contextmanager
def own_server(folder: Path) -> Iterator[Site]:
    """`feedgen-kusama serve` for a folder."""
    port = free_port()
    command = [sys.executable, "-m", "feedgen_kusama", "serve", "--quiet", "--port", str(port), "--output", str(folder)]
    with tempfile.TemporaryFile() as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
        try:
            wait_for(process, port, Path(os.devnull))
            yield Site("feedgen-kusama serve", port, folder, process.pid)
        finally:
            process.terminate()


@contextmanager
def sites(feeds: Path) -> Iterator[Iterator[Site]]:
    """nginx with the shipped configuration, and this program's own server where it has one, one after the other."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "feeds"
        shutil.copytree(feeds, folder)
        for path in (Path(base), *folder.rglob("*"), folder):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield _sites(folder)


def _sites(folder: Path) -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as work, hosting("nginx", folder, Path(work)) as site:
        yield site
    if "serve" in COMMANDS:
        with own_server(folder) as site:
            yield site


def render_load(name: str, figures: Mapping[str, Figures]) -> Iterator[str]:
    """A table row for each kind of request."""
    for kind, found in figures.items():
        cost = f"{found.cost * 1e6:,.0f}" if found.cost else "0"
        cells = (name, kind, f"{found.octets:,}", f"{found.rate:,.0f}", found.slowest, cost, f"{1 / found.cost:,.0f}")
        yield f"| {' | '.join(cells)} |"


def render_sum(figures: Mapping[str, Figures]) -> Iterator[str]:
    """What a month of readers asks of one server: requests a second, gigabytes, share of a core."""
    plain, packed, same = figures.values()
    polls = READERS * POLLS_A_DAY * DAYS
    news = READERS * CHANGES_A_MONTH
    edges, fresh = EDGES * POLLS_OF_AN_EDGE * DAYS, EDGES * CHANGES_A_MONTH
    ways = {
        "none asks conditionally, none takes gzip": ((polls, plain),),
        "none asks conditionally, all take gzip": ((polls, packed),),
        "all ask conditionally and take gzip": ((news, packed), (polls - news, same)),
        f"a delivery network of {EDGES} places before it": ((fresh, packed), (edges - fresh, same)),
    }
    for way, parts in ways.items():
        rate = sum(count for count, _ in parts) / (DAYS * 86400)
        octets = sum(count * found.octets for count, found in parts)
        share = sum(count * found.cost for count, found in parts) / (DAYS * 86400)
        yield f"| {way} | {rate:,.1f} | {octets / 1e9:,.1f} | {octets * 8 / (DAYS * 86400) / 1e6:,.2f} | {share:.2%} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what a server of the feeds bears, with wrk; see docs/load.md.")
    parser.add_argument("--feeds", type=Path, default=ROOT / "feeds", help="a published folder (default: feeds)")
    parser.add_argument("--path", default="/atom.xml", help="the feed that is asked for (default: /atom.xml)")
    parser.add_argument("--seconds", type=int, default=10, help="for how long, for each kind of request (default: 10)")
    parser.add_argument("--connections", type=int, default=64, help="how many at a time (default: 64)")
    chosen = parser.parse_args()
    if not shutil.which("wrk") or SERVERS["nginx"].path is None:
        sys.exit("needs wrk and nginx: apt-get install wrk nginx-light")
    measured: dict[str, Mapping[str, Figures]] = {}
    with sites(chosen.feeds) as running:
        for site in running:
            etag = site.ask(chosen.path, Accept_Encoding="gzip").headers["etag"]
            how = {"seconds": chosen.seconds, "connections": chosen.connections}
            measured[site.name] = {kind: measure(site, chosen.path, headers, **how) for kind, headers in kinds(etag).items()}
    print("| server | request | octets | requests/s | 99 % within | CPU µs | requests/s a core |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, figures in measured.items():
        print(*render_load(name, figures), sep="\n")
    print(f"\nnginx and {READERS:,} readers who each ask {POLLS_A_DAY} times a day, {CHANGES_A_MONTH} changes a month:\n")
    print("| | requests/s | GB a month | Mbit/s | of one core |\n|---|---:|---:|---:|---:|")
    print(*render_sum(measured["nginx"]), sep="\n")


if __name__ == "__main__":
    main()
