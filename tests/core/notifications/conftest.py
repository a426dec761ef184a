import json
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.choices import ChannelKind, MailSecurity
from core.models import Channel


@dataclass
class Group:
    """A work group's robot on loopback: what it was told, and how it answers."""

    said: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200
    answer: dict[str, object] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    takes: float = 0.0  # seconds for each answer


@pytest.fixture
def group() -> Iterator[Group]:
    state = Group()

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(state.takes)
            state.said.append(body["text"]["content"])
            state.paths.append(self.path)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(state.answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/robot/send?key=very-secret-key"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def wecom(db: None, group: Group) -> Channel:
    return Channel.objects.create(kind=ChannelKind.WECOM, enabled=True, webhook=group.url)


@dataclass
class PostOffice:
    """A mail server on loopback: every letter it took, word by word, and to whom."""

    letters: list[bytes] = field(default_factory=list)
    port: int = 0
    takes: float = 0.0  # seconds for each letter

    @property
    def texts(self) -> list[str]:
        """Subject and body as a reader sees them."""
        found = [message_from_bytes(letter, policy=policy.default) for letter in self.letters]
        return [f"{one['subject']}\n{one.get_content()}" for one in found]


class Counter(socketserver.StreamRequestHandler):
    """As much SMTP as a client needs to hand in a letter."""

    office: PostOffice

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            word = line.split(None, 1)[0].upper() if line.strip() else b""
            if word == b"DATA":
                self.say("354 go on")
                self.take()
            elif word == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        time.sleep(self.office.takes)
        self.office.letters.append(b"".join(lines))

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed hangs up in the middle: that is what is tried here."""


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    handler = type("Handler", (Counter,), {"office": office})
    server = Threads(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    office.port = server.server_address[1]
    yield office
    server.shutdown()
    server.server_close()


def mail_channel(office: PostOffice) -> Channel:
    return Channel.objects.create(
        kind=ChannelKind.EMAIL,
        enabled=True,
        host="127.0.0.1",
        port=office.port,
        security=MailSecurity.NONE,
        sender="office@example.gov.cn",
    )
