"""Closed lists of the personnel field (docs/glossary.md)."""

from django.db.models import TextChoices


class Sex(TextChoices):
    MALE = "M", "男"
    FEMALE = "F", "女"


class CadreStatus(TextChoices):
    ACTIVE = "active", "在职"
    RETIRED = "retired", "退休"
    LEFT = "left", "调出"


class StaffType(TextChoices):
    CIVIL_SERVANT = "civil_servant", "公务员"
    EQUIVALENT = "equivalent", "参公"
    INSTITUTION = "institution", "事业编"
    WORKER = "worker", "工勤"
    SELECTED_GRADUATE = "selected_graduate", "选调生"
    POST_HIRED = "post_hired", "岗位聘用"
    STATE_FIRM = "state_firm", "国企"
    OFF_ESTABLISHMENT = "off_establishment", "编外"
    SECONDED_IN = "seconded_in", "挂职来"
    LOANED_IN = "loaned_in", "借调来"


class PoliticalStatus(TextChoices):
    PARTY_MEMBER = "party_member", "中共党员"
    PROBATIONARY = "probationary", "预备党员"
    YOUTH_LEAGUE = "youth_league", "共青团员"
    RCCK = "rcck", "民革会员"
    CDL = "cdl", "民盟盟员"
    CNDCA = "cndca", "民建会员"
    CAPD = "capd", "民进会员"
    CPWDP = "cpwdp", "农工党党员"
    ZHIGONG = "zhigong", "致公党党员"
    JIUSAN = "jiusan", "九三学社社员"
    TDSGL = "tdsgl", "台盟盟员"
    NON_PARTY = "non_party", "无党派人士"
    MASSES = "masses", "群众"


class HealthState(TextChoices):
    """The only three words a 任免审批表 may carry about health; findings are never stored."""

    HEALTHY = "healthy", "健康"
    FAIR = "fair", "一般"
    POOR = "poor", "较差"


class UnitKind(TextChoices):
    ZONE = "zone", "管委会"
    DEPARTMENT = "department", "内设机构"
    INSTITUTION = "institution", "下属单位"
    SECTION = "section", "科室"


class PostClass(TextChoices):
    KEY = "key", "关键岗位"
    IMPORTANT = "important", "重点岗位"
    GENERAL = "general", "普通岗位"


class LeadershipLevel(TextChoices):
    """领导职务层次, high to low; county level and above has the five-year hours rule."""

    BUREAU_CHIEF = "bureau_chief", "厅局级正职"
    BUREAU_DEPUTY = "bureau_deputy", "厅局级副职"
    COUNTY_CHIEF = "county_chief", "县处级正职"
    COUNTY_DEPUTY = "county_deputy", "县处级副职"
    TOWNSHIP_CHIEF = "township_chief", "乡科级正职"
    TOWNSHIP_DEPUTY = "township_deputy", "乡科级副职"


class AppointmentKind(TextChoices):
    POST = "post", "任职"
    SECONDMENT = "secondment", "挂职"
    LOAN = "loan", "借调"


class EducationMode(TextChoices):
    FULL_TIME = "full_time", "全日制教育"
    IN_SERVICE = "in_service", "在职教育"


class AppraisalGrade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    QUALIFIED = "qualified", "合格"
    BASICALLY_COMPETENT = "basically_competent", "基本称职"
    BASICALLY_QUALIFIED = "basically_qualified", "基本合格"
    INCOMPETENT = "incompetent", "不称职"
    UNQUALIFIED = "unqualified", "不合格"
    UNGRADED = "ungraded", "不确定等次"
    ABSENT = "absent", "未参加考核"


class HonourKind(TextChoices):
    AWARD = "award", "奖励"
    TITLE = "title", "荣誉称号"
    MERIT = "merit", "记功嘉奖"
    DEED = "deed", "先进事迹"


class KinRelation(TextChoices):
    """What the relative is to the cadre, as far as 任职回避 reaches (公务员法 art. 74; domain.md 2.4)."""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"
    SIBLING = "sibling", "兄弟姐妹"
    UNCLE_AUNT = "uncle_aunt", "伯叔姑舅姨"
    NEPHEW_NIECE = "nephew_niece", "侄子女、甥子女"
    COUSIN = "cousin", "堂、表兄弟姐妹"
    PARENT_IN_LAW = "parent_in_law", "配偶的父母"
    CHILD_IN_LAW = "child_in_law", "子女的配偶"
    SPOUSE_SIBLING = "spouse_sibling", "配偶的兄弟姐妹"
    SIBLING_SPOUSE = "sibling_spouse", "兄弟姐妹的配偶"
    SPOUSE_SIBLING_SPOUSE = "spouse_sibling_spouse", "配偶的兄弟姐妹的配偶"
    CHILD_SPOUSE_PARENT = "child_spouse_parent", "子女配偶的父母"
    COLLATERAL_SPOUSE = "collateral_spouse", "伯叔姑舅姨、堂表兄弟姐妹、侄甥的配偶"
    SPOUSE_COLLATERAL = "spouse_collateral", "配偶的伯叔姑舅姨、堂表兄弟姐妹、侄甥"


class ImportKind(TextChoices):
    ROSTER = "roster", "干部花名册"
    LEDGER = "ledger", "培训台账"
    LRMX = "lrmx", "干部任免审批表"
    QUIZ_SCORES = "quiz_scores", "测验成绩"
    TASKS = "tasks", "任务分解表"
    CHECKUPS = "checkups", "体检名单"


class ChangeAction(TextChoices):
    CREATED = "created", "新增"
    UPDATED = "updated", "修改"
    DELETED = "deleted", "删除"


class OccasionCode(TextChoices):
    """Stable names of what happens to a cadre and that others answer: talk duties, needs, rotation.

    An app that knows of such an event puts the code on its Occasion; a rule of the talks decides what is due.
    """

    JOINED = "joined", "新进干部"
    POST_CHANGED = "post_changed", "岗位变动"
    PROMOTED = "promoted", "提拔晋升"
    PASSED_OVER = "passed_over", "未获提拔任用"
    SECONDMENT_BEGUN = "secondment_begun", "挂职开始"
    SECONDMENT_ENDED = "secondment_ended", "挂职期满"
    COMMENDED = "commended", "受到表彰"
    DISCIPLINED = "disciplined", "受到处理处分"
    APPRAISED = "appraised", "年度考核结果"
    ABSENCES = "absences", "三次无故缺勤"
    KEY_TASK_OVERDUE = "key_task_overdue", "重点任务逾期"
    CHECKUP_MISSED = "checkup_missed", "未参加体检"
    HARDSHIP = "hardship", "生活困难"
    RETIRING = "retiring", "临近退休"


class StudyWhileAway(TextChoices):
    """How somebody away on secondment takes part in the study at home; none of it makes an absence."""

    EXCUSED = "excused", "免训（按规定不参加）"
    REMOTE = "remote", "远程参加（不计缺勤）"
    NORMAL = "normal", "照常参加"


class NeedKind(TextChoices):
    """What may speak for a training need; an app says the kind, training keeps its weight (needs ranking)."""

    FILED = "filed", "部门填报"
    WISHED = "wished", "本人提出"
    QUIZ_MISS = "quiz_miss", "测验失分"
    LOW_EVALUATION = "low_evaluation", "班次评价偏低"
    TASK_DELAY = "task_delay", "任务滞后"
    FINDING = "finding", "督查问题"
    TALK_WISH = "talk_wish", "谈话诉求"


class CalendarKind(TextChoices):
    """What an entry of the calendar is; the order is that of the legend."""

    STUDY = "study", "学习活动"
    CLASS = "class", "培训班次"
    TASK = "task", "任务时限"
    TALK = "talk", "谈心谈话"
    CARE = "care", "体检和文体"
    AWAY = "away", "挂职借调"
    DUE = "due", "待办到期"
    OTHER = "other", "其他安排"
