from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from core.templatetags import ui


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_icon_is_decoration_and_comes_from_the_package() -> None:
    svg = render('{% icon "unit" "i i-s" %}')
    assert 'class="i i-s"' in svg
    assert 'aria-hidden="true"' in svg
    assert "style=" not in svg


@pytest.mark.parametrize("colour", ui.SHAPES)
def test_light_says_in_words_what_its_colour_says(colour: str) -> None:
    assert render('{% light colour "逾期 2 天" %}', colour=colour).endswith("</svg>逾期 2 天</span>")


def test_light_escapes_its_words() -> None:
    assert "&lt;b&gt;" in render('{% light "red" words %}', words="<b>")


def test_bar_never_passes_its_end() -> None:
    assert render("{% bar 95 90 label='学时' state='ok' %}") == (
        '<progress aria-label="学时" class="pg pg-ok" max="90" value="90">95/90</progress>'
    )


def test_bar_without_a_goal_stays_empty() -> None:
    assert 'max="1" value="0"' in render("{% bar 0 0 label='学时' %}")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% qs page=2 %}", "?q=li&sort=age&page=2"),
        ("{% qs sort='name' %}", "?q=li&sort=name"),
        ("{% qs q='' %}", "?sort=age"),
        ("{% qs export='xlsx' %}", "?q=li&sort=age&export=xlsx"),
    ],
)
def test_qs_keeps_the_state_of_the_list(tag: str, expected: str) -> None:
    request = RequestFactory().get("/?q=li&sort=age&page=7")
    assert render(f"{{% autoescape off %}}{tag}{{% endautoescape %}}", request=request) == expected


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ v|cn_date }}", date(2026, 3, 5), "2026年3月5日"),
        ("{{ v|cn_date }}", None, ""),
        ("{{ v|cn_month }}", date(1990, 8, 1), "1990年8月"),
        ("{{ v|cn_time }}", datetime(2026, 3, 5, 1, 12, tzinfo=UTC), "2026年3月5日 09:12"),
        ("{{ v|cn_date }}", datetime(2026, 3, 5, 20, 0, tzinfo=UTC), "2026年3月6日"),
        ("{{ v|number }}", 7.5, "7.5"),
        ("{{ v|number }}", 8.0, "8"),
        ("{{ v|number }}", None, ""),
        ("{{ v|last_char }}", "周敏", "敏"),
        ("{{ v|last_char }}", "", ""),
    ],
)
def test_words_for_values(source: str, value: object, expected: str) -> None:
    assert render(source, v=value) == expected
