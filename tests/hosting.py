"""Real web servers with the configurations of `deploy/`, each on a port of its own."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).parent.parent / "deploy"
PATIENCE = 20.0
"""Seconds after which a server that does not answer is taken to be broken."""

NGINX = """
daemon off;
pid {work}/pid;
error_log stderr;
{user}
worker_processes auto;
events {{ worker_connections 4096; }}
http {{
    include {types};
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    include {work}/feeds.conf;
}}
"""
APACHE = """
ServerRoot {modules}/..
Listen 127.0.0.1:{port}
ServerName localhost
PidFile {work}/pid
ErrorLog {work}/log
{loaded}
TypesConfig {types}
{user}
DocumentRoot {folder}
<Directory {folder}>
    AllowOverride FileInfo Indexes Options=Indexes,MultiViews
    Require all granted
</Directory>
"""
APACHE_PARTS = "mpm_event authz_core mime dir alias headers filter deflate negotiation autoindex".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How a server is started: its command line and what is added to the environment."""

    command: Sequence[str]
    environment: Mapping[str, str]


def _start_nginx(program: str, folder: Path, work: Path, port: int) -> Start:
    block = (DEPLOY / "nginx.conf").read_text("utf-8")
    block = re.sub(r"listen \[::\]:80;", "", block.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    (work / "feeds.conf").write_text(block.replace("root /srv/news/feeds;", f"root {folder};"), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(NGINX.format(work=work, user=user, types="/etc/nginx/mime.types"), "utf-8")
    return Start(command=(program, "-e", "stderr", "-c", str(work / "nginx.conf")), environment={})


def _start_caddy(program: str, folder: Path, work: Path, port: int) -> Start:
    options = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n\n"
    (work / "Caddyfile").write_text(options + (DEPLOY / "Caddyfile").read_text("utf-8"), "utf-8")
    where = {"FEEDS_ADDRESS": f"http://127.0.0.1:{port}", "FEEDS_ROOT": str(folder)}
    homes = {"HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_CONFIG_HOME": str(work)}
    command = (program, "run", "--config", str(work / "Caddyfile"), "--adapter", "caddyfile")
    return Start(command=command, environment=where | homes)


def _start_apache(program: str, folder: Path, work: Path, port: int) -> Start:
    shutil.copy(DEPLOY / "htaccess", folder / ".htaccess")
    modules = Path("/usr/lib/apache2/modules")
    loaded = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in APACHE_PARTS)
    user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
    places = {"folder": folder, "work": work, "modules": modules, "types": "/etc/mime.types"}
    (work / "apache.conf").write_text(APACHE.format(port=port, loaded=loaded, user=user, **places), "utf-8")
    return Start(command=(program, "-f", str(work / "apache.conf"), "-DFOREGROUND"), environment={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A web server: its program and how to start it for a folder."""

    program: str
    start: Callable[[str, Path, Path, int], Start]

    @property
    def path(self) -> str | None:
        return shutil.which(self.program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


SERVERS: Mapping[str, Server] = {
    "nginx": Server(program="nginx", start=_start_nginx),
    "caddy": Server(program="caddy", start=_start_caddy),
    "apache": Server(program="apache2", start=_start_apache),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as it came, not decompressed; header names in small letters, repeated ones joined."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    name: str
    port: int
    folder: Path
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        """One request on a connection of its own; header names are written with `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            found: dict[str, str] = {}
            for name, value in response.getheaders():
                found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
            return Answer(status=response.status, headers=found, body=body)
        finally:
            connection.close()


@contextmanager
def hosting(name: str, folder: Path, work: Path) -> Iterator[Site]:
    """A server of `SERVERS`, installed, for a folder that everybody may read; `work` is for its own files."""
    server = SERVERS[name]
    assert server.path is not None
    port = free_port()
    start = server.start(server.path, folder, work, port)
    with (work / "output").open("wb") as output:
        process = subprocess.Popen(start.command, env={**os.environ, **start.environment}, stdout=output, stderr=output)
    try:
        wait_for(process, port, work / "output")
        yield Site(name, port, folder, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    """Return once the port accepts; fails with what the server said where it ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"no server on port {port}: {output.read_text('utf-8')}")
