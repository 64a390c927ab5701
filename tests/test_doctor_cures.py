"""The cures cure: nginx, Apache and Caddy, set up too simply, are found wanting, and with the cures they are not."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedgen_kusama.doctor import Diagnosis, diagnose
from feedgen_kusama.doctor.cures import read_cures
from feedgen_kusama.doctor.observe import observe
from tests.test_doctor import NOW, rules_in
from tests.wrong_servers import BUILT_FOR, small_site

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    types {{ text/html html; text/xml xml; application/json json; text/javascript js; text/x-opml opml; }}
    server {{ listen 127.0.0.1:{port}; root {folder}/feeds; {cures} }}
}}
"""
CADDY = """
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    root * {folder}/feeds
    file_server
    {cures}
}}
"""
APACHE = """
ServerName 127.0.0.1
ServerRoot {folder}
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/errors
DefaultRuntimeDir {folder}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule filter_module {modules}/mod_filter.so
LoadModule deflate_module {modules}/mod_deflate.so
TypesConfig /dev/null
AddType text/html .html
AddType text/javascript .js
AddType application/xml .xml
AddType application/json .json
DocumentRoot {folder}/feeds
<Directory {folder}/feeds>
    Require all granted
    DirectoryIndex index.html
    {cures}
</Directory>
"""
MODULES = Path("/usr/lib/apache2/modules")
Start = Callable[[str, Path], list[str]]
SERVERS: dict[str, tuple[str, Start]] = {
    "nginx": (NGINX, lambda program, file: [program, "-p", str(file.parent), "-c", str(file)]),
    "apache2": (APACHE, lambda program, file: [program, "-X", "-f", str(file)]),
    "caddy": (CADDY, lambda program, file: [program, "run", "--config", str(file), "--adapter", "caddyfile"]),
}

HOSTS_OF = {"nginx": "nginx", "apache2": "apache", "caddy": "caddy"}
CURED = {
    "nginx": ("cors", "compression"),
    "apache2": ("cors", "compression", "media-type", "charset"),
    "caddy": ("cors", "compression", "media-type"),
}
"""The cures that are settings to be put in as they are."""


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it answers, or its process has ended."""
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    pytest.fail(f"{process.args!r} does not answer")


@contextmanager
def running(name: str, folder: Path, cures: str) -> Iterator[str]:
    """A real server of the publication; gives its address."""
    program = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if program is None:
        pytest.skip(f"needs {name}")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    for path, data in small_site().items():
        place = folder / "feeds" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.replace(BUILT_FOR, url.encode()))
    form, start = SERVERS[name]
    file = folder / "settings"
    file.write_text(form.format(folder=folder, port=port, cures=cures, modules=MODULES), "utf-8")
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(start(program, file), env=environment, stderr=subprocess.DEVNULL)
    try:
        await_port(port, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def diagnosis_of(name: str, folder: Path, *rules: str) -> Diagnosis:
    """What is found with the cures of these rules in place."""
    with running(name, folder, "\n".join(read_cures()[rule][HOSTS_OF[name]] for rule in rules)) as url:
        return diagnose(observe(url), NOW)


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_set_up_too_simply_is_known_and_found_wanting(name: str, tmp_path: Path) -> None:
    diagnosis = diagnosis_of(name, tmp_path)
    assert (diagnosis.host, rules_in(diagnosis)) == (HOSTS_OF[name], {"cors", "compression"})


@pytest.mark.parametrize("name", SERVERS)
def test_with_the_cures_nothing_is_found(name: str, tmp_path: Path) -> None:
    assert diagnosis_of(name, tmp_path, *CURED[name]).findings == ()
