import re

from django import forms
from django.template.loader import render_to_string

from core.web.forms import Form


class Sample(Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致", max_length=5)
    born = forms.DateField(label="出生日期", required=False)
    kind = forms.ChoiceField(label="种类", choices=[("a", "甲")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="已核对", required=False)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    sections = (("人", ("name", "born")), ("其他", ("kind", "agreed", "note", "missing")))


def test_label_hint_and_required_stand_before_the_control() -> None:
    html = str(Sample()["name"].as_field_group())
    assert re.sub(r"\s+", " ", html) == (
        '<div class="f"> <label for="id_name">姓名<span class="req">（必填）</span></label> '
        '<p class="hint" id="id_name_helptext">与身份证一致</p> '
        '<input type="text" name="name" maxlength="5" aria-describedby="id_name_helptext" id="id_name" '
        'class="in"> </div>'
    )


def test_an_error_is_said_in_words_and_tied_to_its_control() -> None:
    html = str(Sample({"name": ""})["name"].as_field_group())
    assert '<div class="f err">' in html
    assert '<span class="vh">错误：</span>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_dates_use_the_browsers_picker() -> None:
    html = str(Sample(initial={"born": "1990-08-01"})["born"])
    assert 'type="date"' in html
    assert 'value="1990-08-01"' in html
    assert 'class="in"' in html


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = str(Sample()["kind"].as_field_group())
    assert '<legend class="lab">种类' in html


def test_a_checkbox_stands_before_its_label() -> None:
    html = str(Sample()["agreed"].as_field_group())
    assert html.index("<input") < html.index("已核对")
    assert 'class="cb"' in html


def test_the_summary_repeats_every_error_with_a_link_to_its_field() -> None:
    form = Sample({"name": "", "kind": "a", "born": "x"})
    form.add_error(None, "与已有记录冲突。")
    html = render_to_string("forms/summary.html", {"form": form})
    assert 'role="alert"' in html
    assert "有 3 处需要修改" in html
    assert '<a href="#id_name">请填写姓名。</a>' in html
    assert '<a href="#id_born">出生日期：' in html
    assert "与已有记录冲突。" in html


def test_sections_leave_out_what_the_form_lacks() -> None:
    names = [(heading, [field.name for field in fields]) for heading, fields in Sample().bound_sections()]
    assert names == [("人", ["name", "born"]), ("其他", ["kind", "agreed", "note"])]
