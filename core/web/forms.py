"""How every form of the product looks: one renderer, so no form has to say it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

# The class of a control by the template that draws it; anything else keeps its own look.
CONTROL_CLASSES = {
    "input": "in",
    "text": "in",
    "number": "in",
    "email": "in",
    "url": "in",
    "password": "in",
    "search": "in",
    "date": "in",
    "datetime": "in",
    "time": "in",
    "file": "in in-file",
    "clearable_file_input": "in in-file",
    "select": "sel",
    "textarea": "ta",
    "checkbox": "cb",
}


class Renderer(TemplatesSetting):
    """FORM_RENDERER: our field markup (label, hint, error, control) and our classes on Django's widgets."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if widget := context.get("widget"):
            kind = template_name.rpartition("/")[2].removesuffix(".html")
            if kind in CONTROL_CLASSES:
                widget["attrs"].setdefault("class", CONTROL_CLASSES[kind])
        return super().render(template_name, context, request)


class DateInput(forms.DateInput):
    """The browser's own date picker; the wire format is ISO whatever the locale shows."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"min": "1900-01-01", "max": "2199-12-31", **(attrs or {})}, format="%Y-%m-%d")


def _fit(field: forms.Field) -> None:
    """The native date picker, and a sentence that says what to fill in."""
    if type(field.widget) is forms.DateInput:
        field.widget = DateInput(field.widget.attrs)
    if field.label and field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        verb = "选择" if isinstance(field, forms.ChoiceField | forms.FileField) else "填写"
        field.error_messages["required"] = f"请{verb}{field.label}。"


class _House:
    """Validation speaks on submit, in our words: browsers' own bubbles are off (novalidate in the pages).

    `sections` groups long forms: (heading, field names) pairs.
    """

    use_required_attribute = False
    sections: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()
    fields: dict[str, forms.Field]

    def __getitem__(self, name: str) -> forms.BoundField:
        """Fields are reached only here, so one that is added late is fitted as well."""
        field = self.fields.get(name)
        if field is not None:
            _fit(field)
        bound: forms.BoundField = super().__getitem__(name)  # type: ignore[misc]
        return bound

    def bound_sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The sections with their fields ready to draw; a name the form lacks is left out."""
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.sections
        ]


class Form(_House, forms.Form):
    """Base of the product's plain forms."""


class ModelForm(_House, forms.ModelForm):
    """Base of forms over a model: it only reads and checks; a service writes."""
