"""Addresses and ways back that several pages of the park side share."""

from collections.abc import Sequence

from django.urls import reverse

from park.models import ActionPlan, Indicator, Task

Crumbs = Sequence[tuple[str, str]]


def task_url(task: Task) -> str:
    return reverse("park:task", args=[task.pk])


def plan_url(plan: ActionPlan) -> str:
    return reverse("park:plan", args=[plan.pk])


def indicator_url(indicator: Indicator) -> str:
    return reverse("park:indicator", args=[indicator.pk])


def task_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("任务分解表", reverse("park:tasks")), *more]


def plan_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("行动方案", reverse("park:plans")), *more]


def indicator_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("指标", reverse("park:indicators")), *more]
