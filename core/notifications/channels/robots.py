"""Robots of work groups in 企业微信 and 钉钉: everyone in the group reads what they say.

So they name the person and the kind of matter; the title only where the administrator has chosen so.
Sources: developer.work.weixin.qq.com 群机器人配置说明; open.dingtalk.com 自定义机器人安全设置（加签）.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from core.models import Delivery
from core.notifications.channels.base import Carrier, Envelope, Line, NotReachedError, RefusedError, heading
from core.notifications.channels.web import post_json

MOST_BYTES = 1800  # 企业微信 takes 2048 bytes of text
LONGEST_LINE = 80
TOO_FAST = {45009, 130101}  # 企业微信, 钉钉: nothing was posted, later is fine


class RobotCarrier(Carrier):
    def envelopes(self, deliveries: Sequence[Delivery]) -> Iterator[Envelope]:
        """As many lines in one message as the group takes."""
        held: list[Line] = []
        for line in self.lines(deliveries):
            if held and len(self.text([*held, line]).encode()) > MOST_BYTES:
                yield Envelope(tuple(held))
                held = []
            held.append(line)
        if held:
            yield Envelope(tuple(held))

    def text(self, lines: Sequence[Line]) -> str:
        words = [f"{line.name}：{line.title if self.channel.shows_titles else line.kind}" for line in lines]
        shown = [text[:LONGEST_LINE] for text in dict.fromkeys(words)]
        closing = f"请登录系统查看“通知”：{self.channel.site_url}".rstrip("：")
        return "\n".join([f"【{heading()}】", *shown, closing])

    def address(self) -> str:
        return str(self.channel.webhook)

    def send(self, envelope: Envelope) -> None:
        message = {"msgtype": "text", "text": {"content": self.text(envelope.lines)}}
        _check(post_json(self.address(), message))


class WeComCarrier(RobotCarrier):
    """The key in the address is the whole secret."""


class DingTalkCarrier(RobotCarrier):
    """Signs with the moment when the robot asks for it (加签); without a secret it relies on a keyword."""

    def address(self) -> str:
        if not self.channel.secret:
            return super().address()
        moment = str(round(time.time() * 1000))  # the robot refuses what is an hour off
        signed = {"timestamp": moment, "sign": signature(str(self.channel.secret), moment)}
        address = super().address()
        return f"{address}{'&' if '?' in address else '?'}{urlencode(signed)}"


def signature(secret: str, moment: str) -> str:
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _check(answer: bytes) -> None:
    """Both robots answer {"errcode": 0, …} when the message was posted."""
    try:
        said: Any = json.loads(answer)
        code = int(said["errcode"])
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError("对方的回答不是群机器人的格式，请核对地址") from error
    if code in TOO_FAST:
        raise NotReachedError("群机器人说发得太快")
    if code:
        raise RefusedError(f"群机器人没有接受（代码 {code}：{str(said.get('errmsg', ''))[:60]}）")
