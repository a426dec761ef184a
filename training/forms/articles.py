"""The form of an article."""

from typing import Any, ClassVar

from django import forms

from people.forms import model_fields
from training.forms.parts import AudienceFields
from training.models import Article
from training.services.articles import ARTICLE_FIELDS

OWN_FIELDS = ("title", "category", "theme", "source", "text", "is_must_read", "due_on")


class ArticleForm(AudienceFields):
    sections: ClassVar = (
        ("文章", ("title", "category", "theme", "source")),
        ("内容（至少一项）", ("text", "upload", "link")),
        ("阅读要求", ("is_must_read", "due_on", "audience", "unit", "group")),
    )

    def __init__(self, *args: Any, row: Article | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in ARTICLE_FIELDS}
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields.update(model_fields(Article, OWN_FIELDS))
        self.fields["upload"] = forms.FileField(
            label="附件", required=False, help_text="PDF、Word 或图片，30 MB 以内；换新文件会替换原文件"
        )
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 12})
        self.fields["text"].help_text = "从公众号或文件中复制正文粘贴在这里"
        self.fields["link"] = forms.URLField(
            label="原文链接",
            max_length=500,
            required=False,
            assume_scheme="https",
            help_text="内网打不开外网链接时，请同时粘贴正文",
        )
        self.fields["is_must_read"].label = "列为必读"
        self.fields["due_on"].help_text = "必读须填写；到期未读的人会列出"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("is_must_read"):
            data["due_on"] = None
        has_file = data.get("upload") or (self.row is not None and self.row.file_id)
        if not (data.get("text") or data.get("link") or has_file) and not self.errors:
            self.add_error("text", "请粘贴正文、上传附件，或填写原文链接，至少一项。")
        return data

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ARTICLE_FIELDS}
