import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_dev.settings")

application = get_wsgi_application()
# Import the views now, once for all worker processes: nobody's first request pays for it.
_ = get_resolver().url_patterns
