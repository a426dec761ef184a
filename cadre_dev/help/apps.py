from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "cadre_dev.help"
    label = "help"
    verbose_name = "操作手册"
