"""Ways out of the system behind one interface: a carrier opens a channel and takes envelopes."""

from core.choices import ChannelKind
from core.models import Channel
from core.notifications.channels.base import Carrier, Envelope, Line, NotReachedError, RefusedError
from core.notifications.channels.mail import MailCarrier
from core.notifications.channels.robots import DingTalkCarrier, WeComCarrier

CARRIERS: dict[str, type[Carrier]] = {
    ChannelKind.EMAIL: MailCarrier,
    ChannelKind.WECOM: WeComCarrier,
    ChannelKind.DINGTALK: DingTalkCarrier,
}


def carrier_for(channel: Channel) -> Carrier:
    return CARRIERS[channel.kind](channel)


__all__ = ["Carrier", "Envelope", "Line", "NotReachedError", "RefusedError", "carrier_for"]
