from django.apps import AppConfig


class ParkConfig(AppConfig):
    name = "park"
    verbose_name = "园区任务"
