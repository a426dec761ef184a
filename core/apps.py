from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        from core.pdf import checks  # noqa: F401  registers itself

        # Each app answers the product's common questions and declares its jobs in one known file.
        autodiscover_modules("contributions", "jobs")
