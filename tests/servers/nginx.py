"""A private nginx from Debian's packages with the proxy configuration of infra/proxy."""

import contextlib
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.servers.programs import Missing, find, free_ports

PROXY = Path(__file__).parents[2] / "infra" / "proxy"
IDEAS, OFFICE = "ideas.example.edu", "office.example.edu"
READY_WITHIN = 20.0
MAIN = """
pid {folder}/pid;
error_log {folder}/error.log;
daemon off;
worker_processes 1;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/overture.conf;
}}
"""


class Nginx(NamedTuple):
    """A running proxy: its ports and the certificate that it shows."""

    http: int
    https: int
    certificate: Path

    def connect(self, name: str = IDEAS) -> ssl.SSLSocket:
        """A TLS connection to this name, which the certificate must have."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        line = socket.create_connection(("127.0.0.1", self.https), timeout=60)
        return context.wrap_socket(line, server_hostname=name)


@contextlib.contextmanager
def nginx(folder: Path, *, ideas: int, office: int) -> Iterator[Nginx]:
    """A proxy in front of these two ports, stopped at the end. Raises Missing."""
    program = find("nginx", "/usr/sbin/nginx", package="nginx-light")
    http, https = free_ports(2)
    server = Nginx(http, https, folder / "certificate.pem")
    _certify(folder)
    _configure(folder, server, ports={"8000": ideas, "8001": office})
    command = [str(program), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "output").open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        _until_it_listens(server, running, folder)
        yield server
    finally:
        running.terminate()
        running.wait(timeout=20)


def _certify(folder: Path) -> None:
    program = shutil.which("openssl")
    if program is None:
        raise Missing("openssl is not installed: run “apt-get install openssl” as root.")
    names = f"subjectAltName=DNS:{IDEAS},DNS:{OFFICE}"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={IDEAS}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(
        [program, *words, "-addext", names, *files], check=True, capture_output=True, timeout=60
    )


def _configure(folder: Path, server: Nginx, *, ports: dict[str, int]) -> None:
    """Write the configuration as an operator would, with the places of this test."""
    text = (PROXY / "overture.conf").read_text()
    places = {
        "listen 443": f"listen 127.0.0.1:{server.https}",
        "listen 80": f"listen 127.0.0.1:{server.http}",
        "/etc/overture/tls": str(folder),
        "/etc/nginx/overture": str(PROXY),
    }
    places |= {f"127.0.0.1:{port};": f"127.0.0.1:{ours};" for port, ours in ports.items()}
    for written, ours in places.items():
        assert written in text, written
        text = text.replace(written, ours)
    (folder / "overture.conf").write_text(text)
    user = "user root;" if Path("/root").owner() == folder.owner() else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))


def _until_it_listens(server: Nginx, running: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while not _listens(server.https):
        if running.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"nginx did not start:\n{(folder / 'output').read_text()}")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
