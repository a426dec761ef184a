"""Closed lists of the ground: what the audit log can say happened, how notifications travel."""

from django.db.models import TextChoices


class AuditAction(TextChoices):
    """Stored as short dotted codes; the label is what the auditor reads."""

    LOGIN = "login.ok", "登录"
    LOGIN_FAILED = "login.failed", "登录失败"
    LOGIN_LOCKED = "login.locked", "登录被锁定"
    LOGOUT = "logout", "退出登录"
    PASSWORD_CHANGED = "password.change", "修改密码"
    PASSWORD_RESET = "password.reset", "重置密码"
    ACCOUNT_CREATED = "account.create", "新建账号"
    ACCOUNT_ENABLED = "account.enable", "启用账号"
    ACCOUNT_DISABLED = "account.disable", "停用账号"
    GRANT_ADDED = "grant.add", "授予角色"
    GRANT_REVOKED = "grant.revoke", "收回角色"
    CADRE_CREATED = "cadre.create", "新增干部"
    CADRE_UPDATED = "cadre.update", "修改干部信息"
    CADRE_READ = "cadre.read", "查看敏感信息"
    APPOINTMENT_CREATED = "appointment.create", "新增任职"
    APPOINTMENT_UPDATED = "appointment.update", "修改任职"
    UNIT_CREATED = "unit.create", "新增机构"
    UNIT_UPDATED = "unit.update", "修改机构岗位"
    IMPORT_APPLIED = "import.apply", "导入"
    IMPORT_UNDONE = "import.undo", "撤销导入"
    EXPORTED = "export", "导出"
    TRAINING_CHANGED = "training.change", "维护培训"
    RULE_CHANGED = "rule.change", "修改规则"
    GROWTH_MADE = "growth.make", "生成成长档案"
    GROWTH_READ = "growth.read", "查阅成长档案"
    JOB_STARTED = "job.start", "发起后台任务"
    JOB_CANCELLED = "job.cancel", "取消后台任务"
    KEYS_ROTATED = "keys.rotate", "轮换密钥"
    DEMO_SEEDED = "demo.seed", "生成演示数据"
    TALK_PLANNED = "talk.plan", "安排谈心谈话"
    TALK_SAVED = "talk.save", "记录谈话内容"
    TALK_OPENED = "talk.open", "打开谈话内容"
    TALK_CHANGED = "talk.change", "办理谈心谈话"
    TALK_DAMAGED = "talk.damaged", "谈话内容校验失败"
    BREAK_GLASS_ASKED = "glass.ask", "申请紧急调阅"
    BREAK_GLASS_DECIDED = "glass.decide", "审批紧急调阅"
    BREAK_GLASS_OPENED = "glass.open", "紧急调阅打开内容"
    BREAK_GLASS_EXPIRED = "glass.expire", "紧急调阅到期"
    BREAK_GLASS_REVIEWED = "glass.review", "复核紧急调阅"
    FOLLOW_UP_CHANGED = "followup.change", "办理跟进事项"
    PRIVACY_CHANGED = "privacy.change", "办理个人信息授权与保存"
    KEY_DESTROYED = "key.destroy", "销毁个人密钥"
    PDF_BLOCKED = "pdf.blocked", "拦截文档中的外部资源"
    CHANNEL_CHANGED = "channel.change", "维护通知渠道"
    CHANNEL_TESTED = "channel.test", "测试通知渠道"
    NOTICE_SETTING = "notice.setting", "修改通知设置"


class ChannelKind(TextChoices):
    EMAIL = "email", "邮件"
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"


class MailSecurity(TextChoices):
    SSL = "ssl", "SSL/TLS（通常 465 端口）"
    STARTTLS = "starttls", "STARTTLS（通常 587 端口）"
    NONE = "none", "不加密（仅限内网）"


class DeliveryState(TextChoices):
    WAITING = "waiting", "待发送"
    CLAIMED = "claimed", "正在发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "未送达"
    EXPIRED = "expired", "过期未发"
