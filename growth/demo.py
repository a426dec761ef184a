"""A few growth files, so that their list is not empty on the first day."""

from core.errors import DomainError
from growth.contracts import Edition
from growth.models import GrowthFile
from growth.services import make_growth_file
from people.access import viewer_for
from people.demo.context import DemoContext
from people.demo.registry import register
from people.models import Cadre, User

# Accounts whose cadre gets a file, and which edition: one for the leaders, one for the cadre.
FILES = (("dh", Edition.LEADER), ("cadre", Edition.SELF))


@register(order=950)
def seed_growth_files(context: DemoContext) -> None:
    if not context.with_files:
        return
    context.say("成长档案……")
    maker = viewer_for(User.objects.get(username="hr"), on=context.on)
    try:
        for username, edition in FILES:
            cadre = Cadre.objects.get(account__username=username)
            make_growth_file(cadre=cadre, edition=edition, as_of=context.on, by=maker)
            context.filled.add(GrowthFile)
    except DomainError as refusal:  # no layout libraries or fonts: everything else is still worth having
        context.say(f"跳过成长档案：{refusal.message}")
