"""Closed lists of the park side (domain.md 5)."""

from django.db.models import TextChoices


class PlanState(TextChoices):
    DRAFT = "draft", "拟定中"
    IN_FORCE = "in_force", "执行中"
    ARCHIVED = "archived", "已归档"


class ItemKind(TextChoices):
    """`heading` groups clauses and says nothing of its own; the other four are what a plan is made of."""

    HEADING = "heading", "章节标题"
    GOAL = "goal", "工作目标"
    MEASURE = "measure", "主要措施"
    ACTION = "action", "具体举措"
    REQUIREMENT = "requirement", "工作要求"


class Recurrence(TextChoices):
    """How often a duty comes round; empty where it is done once."""

    DAILY = "daily", "每天"
    WEEKLY = "weekly", "每周"
    FORTNIGHTLY = "fortnightly", "每两周"
    MONTHLY = "monthly", "每月"
    TWO_MONTHLY = "two_monthly", "每两月"
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half_yearly", "每半年"
    YEARLY = "yearly", "每年"
    STANDING = "standing", "常态化"


class Comparison(TextChoices):
    """How the reading must stand to the target for the target to be met."""

    AT_LEAST = "at_least", "不少于"
    AT_MOST = "at_most", "不超过"
    EQUAL = "equal", "达到"
    ABOUT = "about", "左右"
    INCREASE_BY = "increase_by", "增长"
    DECREASE_BY = "decrease_by", "下降"
    MULTIPLY = "multiply", "翻番"


class TaskState(TextChoices):
    DRAFT = "draft", "待交办"
    ISSUED = "issued", "已交办"
    ACCEPTED = "accepted", "已签收"
    RUNNING = "running", "办理中"
    CLOSING = "closing", "申请销号"
    REVIEWING = "reviewing", "审核中"
    RETURNED = "returned", "退回"
    CLOSED = "closed", "已销号"
    STOPPED = "stopped", "已终止"


ENDED_STATES = (TaskState.CLOSED, TaskState.STOPPED)
OPEN_STATES = tuple(
    state for state in TaskState if state not in (TaskState.DRAFT, TaskState.CLOSED, TaskState.STOPPED)
)


class Signal(TextChoices):
    """The light of a task; the words of ui.md 9.12 belong to the shapes."""

    RED = "red", "逾期"
    YELLOW = "yellow", "滞后"
    BLUE = "blue", "临期"
    GREEN = "green", "正常"
    GREY = "grey", "办结"


class UnitRole(TextChoices):
    LEAD = "lead", "责任部门"
    SUPPORT = "support", "配合单位"


class SupervisionKind(TextChoices):
    REMIND = "remind", "催办"
    SUPERVISE = "supervise", "督办"


class ExtensionState(TextChoices):
    ASKED = "asked", "待审批"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "未批准"


class AssignmentRole(TextChoices):
    """What a cadre is for a task, project or enterprise."""

    OWNER = "owner", "责任人"
    CO_WORKER = "co_worker", "协办人"
    STEWARD = "steward", "包保干部"


class AssignmentEnd(TextChoices):
    """Why an assignment ended; empty while it lasts."""

    CLOSED = "closed", "办结"
    HANDED_OVER = "handed_over", "移交"
    RELEASED = "released", "解除"


class HandoverState(TextChoices):
    OFFERED = "offered", "待接收"
    ACCEPTED = "accepted", "已接收"
    DECLINED = "declined", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class ProjectKind(TextChoices):
    INFRASTRUCTURE = "infrastructure", "基础设施"
    INVESTMENT = "investment", "招商引资"
    CARRIER = "carrier", "园区载体"
    PIPELINE = "pipeline", "项目谋划"


class ProjectStage(TextChoices):
    """Stages of 招商 and of 政府投资 in their order; a kind of project uses its own part (domain.md 5)."""

    LEAD = "lead", "线索"
    NEGOTIATING = "negotiating", "在谈"
    SIGNED = "signed", "签约"
    REGISTERED = "registered", "注册"
    PLANNED = "planned", "谋划"
    LISTED = "listed", "入库"
    APPROVED = "approved", "立项"
    TENDERED = "tendered", "招标"
    STARTED = "started", "开工"
    BUILDING = "building", "在建"
    COMPLETED = "completed", "竣工"
    CHECKED = "checked", "验收"
    PRODUCING = "producing", "投产"
    FULL_CAPACITY = "full_capacity", "达产"


_S = ProjectStage
INVESTMENT_STAGES = (
    _S.LEAD,
    _S.NEGOTIATING,
    _S.SIGNED,
    _S.REGISTERED,
    _S.STARTED,
    _S.BUILDING,
    _S.COMPLETED,
    _S.PRODUCING,
    _S.FULL_CAPACITY,
)
GOVERNMENT_STAGES = (
    _S.PLANNED,
    _S.LISTED,
    _S.APPROVED,
    _S.TENDERED,
    _S.STARTED,
    _S.COMPLETED,
    _S.CHECKED,
)
STAGES_OF: dict[str, tuple[ProjectStage, ...]] = {
    ProjectKind.INVESTMENT: INVESTMENT_STAGES,
    ProjectKind.INFRASTRUCTURE: GOVERNMENT_STAGES,
    ProjectKind.CARRIER: GOVERNMENT_STAGES,
    ProjectKind.PIPELINE: GOVERNMENT_STAGES,
}


class ProjectState(TextChoices):
    RUNNING = "running", "推进中"
    PAUSED = "paused", "暂缓"
    DONE = "done", "已完成"
    DROPPED = "dropped", "已终止"


class EnterpriseState(TextChoices):
    PREPARING = "preparing", "筹建"
    OPERATING = "operating", "在产"
    SUSPENDED = "suspended", "停产"
    LEFT = "left", "已退出"


class StewardKind(TextChoices):
    """Third-party services that look after an enterprise (管家)."""

    SAFETY = "safety", "安全管家"
    ENVIRONMENT = "environment", "环保管家"
    ELECTRICITY = "electricity", "用电管家"


class RequestKind(TextChoices):
    LAND = "land", "用地"
    LABOUR = "labour", "用工"
    FINANCE = "finance", "融资"
    APPROVAL = "approval", "审批"
    SUPPLY = "supply", "要素保障"
    OTHER = "other", "其他"


class RequestState(TextChoices):
    RAISED = "raised", "待交办"
    ASSIGNED = "assigned", "已交办"
    HANDLING = "handling", "办理中"
    ANSWERED = "answered", "已反馈"
    CLOSED = "closed", "已销号"


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class DeedState(TextChoices):
    NOMINATED = "nominated", "待核实"
    VERIFIED = "verified", "待公示"
    ANNOUNCED = "announced", "公示中"
    PUBLISHED = "published", "已发布"
    REFUSED = "refused", "未通过"


class GroupRole(TextChoices):
    """In the order in which they are listed."""

    LEADER = "1_leader", "组长"
    DEPUTY = "2_deputy", "副组长"
    MEMBER = "3_member", "成员"
    OFFICE = "4_office", "办公室"
