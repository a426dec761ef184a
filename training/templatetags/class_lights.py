"""The light of a class and of a person in it; the words stand beside it."""

from django import template

from training.class_states import LIGHTS
from training.enrolment import LIGHTS as PERSON_LIGHTS

register = template.Library()


@register.filter
def class_light(state: str) -> str:
    return LIGHTS[state]


@register.filter
def person_light(state: str) -> str:
    return PERSON_LIGHTS[state]
