import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.choices import ChannelKind
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
