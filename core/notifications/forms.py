from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from core.choices import ChannelKind, MailSecurity
from core.models import Channel, NotificationSetting
from core.web.forms import Form, ModelForm

KEPT = "已保存，不再显示。留空表示不改。"


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class SettingForm(ModelForm):
    sections: ClassVar = (
        ("邮箱", ("by_email", "email")),
        ("工作群", ("by_robot",)),
        ("免打扰", ("quiet_from", "quiet_until")),
    )
    email = forms.EmailField(
        label="邮箱",
        required=False,
        max_length=120,
        help_text="加密保存，只用于发通知。",
        error_messages={"invalid": "请填写完整的邮箱地址，如 name@example.gov.cn。"},
    )

    class Meta:
        model = NotificationSetting
        fields = ("by_email", "email", "by_robot", "quiet_from", "quiet_until")
        labels: ClassVar = {
            "by_email": "把通知也发到我的邮箱",
            "by_robot": "在工作群里提到我",
        }
        widgets: ClassVar = {"quiet_from": TimeInput(), "quiet_until": TimeInput()}
        help_texts: ClassVar = {
            "by_robot": "一般只写姓名和通知类别；群里的同事都能看到。",
            "quiet_from": "这段时间不向外发，结束后补发。",
            "quiet_until": "两项都留空为不限。",
        }


class ChannelForm(Form):
    """Secrets come in and never go out: an empty field keeps what is stored."""

    kind: ClassVar[ChannelKind]
    enabled = forms.BooleanField(label="启用", required=False)
    site_url = forms.URLField(
        label="本系统网址",
        required=False,
        assume_scheme="https",
        help_text="写在消息里，方便点开，如 https://gb.example.gov.cn；留空则不带链接。",
    )
    secrets: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, channel: Channel | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.secrets:
            if channel and getattr(channel, name):
                self.fields[name].help_text = KEPT

    def values(self) -> dict[str, Any]:
        """What the service should write: secrets only where a new one was typed."""
        typed = self.cleaned_data
        return {name: value for name, value in typed.items() if value or name not in self.secrets}


def _secret(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=500, widget=widget, help_text=help_text)


class RobotForm(ChannelForm):
    secrets: ClassVar[tuple[str, ...]] = ("webhook",)
    webhook = _secret("机器人地址", "在群设置里添加群机器人后，复制它的 Webhook 地址。")
    shows_titles = forms.BooleanField(
        label="写出通知内容", required=False, help_text="群里所有人都能看到；不选则只写姓名和类别。"
    )
    field_order: Sequence[str] = ("enabled", "webhook", "shows_titles", "site_url")


class SignedRobotForm(RobotForm):
    secrets: ClassVar = ("webhook", "secret")
    secret = _secret("加签密钥", "机器人安全设置选“加签”时给出的以 SEC 开头的密钥；用关键词时留空。")
    field_order: Sequence[str] = ("enabled", "webhook", "secret", "shows_titles", "site_url")


class MailForm(ChannelForm):
    secrets: ClassVar = ("secret",)
    host = forms.CharField(label="发件服务器", required=False, max_length=120)
    port = forms.IntegerField(label="端口", required=False, min_value=1, max_value=65535)
    security = forms.ChoiceField(label="加密方式", choices=MailSecurity.choices)
    username = forms.CharField(label="登录名", required=False, max_length=120)
    secret = _secret("密码")
    sender = forms.EmailField(label="发件地址", required=False)
    allowed_domains = forms.CharField(
        label="允许的收件域名",
        required=False,
        max_length=300,
        help_text="用逗号分隔，如 example.gov.cn；留空为不限。",
    )
    field_order: Sequence[str] = (
        "enabled",
        "host",
        "port",
        "security",
        "username",
        "secret",
        "sender",
        "allowed_domains",
        "site_url",
    )


FORMS: dict[str, type[ChannelForm]] = {
    ChannelKind.EMAIL: MailForm,
    ChannelKind.WECOM: RobotForm,
    ChannelKind.DINGTALK: SignedRobotForm,
}
