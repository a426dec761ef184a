"""A PostgreSQL server that lives for one test run: own folder, own port, own password, gone at the end."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Durability is worth nothing for data that lives for minutes. Messages stay English for the tests' sake.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "lc_messages": "C",
    "log_min_messages": "panic",
}


class PostgresMissing(Exception):
    """The server could not be found or started; the text says what to do."""


def binaries() -> Path:
    """The newest installed server; Debian keeps the programs of each version out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise PostgresMissing("缺少 PostgreSQL，请执行：apt-get install -y postgresql")
    return (found[-1] if found else Path(str(on_path))).parent


def owner() -> dict[str, str | int]:
    """The server refuses to run as root: the package's own user takes over."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(program: Path, *arguments: str, folder: Path) -> None:
    # Its output goes to a file: a server that inherits a pipe would keep it open.
    with (folder / "commands.log").open("ab") as log:
        done = subprocess.run(
            [program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **owner()
        )
    if done.returncode:
        tail = (folder / "commands.log").read_text(errors="replace")[-800:]
        raise PostgresMissing(f"测试用的 PostgreSQL 没有启动（{program.name}）：{tail}")


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Yields a database URL."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="cadre-pg-"))
    data, port, password = folder / "data", free_port(), secrets.token_hex(16)
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        for path in (folder, folder / "password"):
            os.chown(path, account.pw_uid, account.pw_gid)
    try:
        # C.UTF-8 orders by code point, as SQLite does, and lets trigrams see Chinese (plain C does not).
        run(programs / "initdb", "-D", str(data), "-U", "cadre", "-E", "UTF8", "--locale=C.UTF-8", "-N",
            "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", folder=folder)  # fmt: skip
        settings = OPTIONS | {"port": str(port), "unix_socket_directories": str(folder)}
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        run(
            programs / "pg_ctl",
            "-D",
            str(data),
            "-w",
            "-l",
            str(folder / "server.log"),
            "start",
            folder=folder,
        )
        try:
            yield f"postgres://cadre:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(programs / "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop", folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
