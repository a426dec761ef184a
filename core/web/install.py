"""What lets a phone keep the product on its home screen: manifest, icons, a worker that knows "no network".

The worker stores nothing but the page that says so: what a reader may see is decided anew for every request.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ICON_SIZES = (192, 512)
THEME = "#9b1c1f"  # --red-600 of tokens.css
BACKGROUND = "#f4f5f7"  # --bg


def manifest_of(zone_name: str) -> dict[str, Any]:
    """The web app manifest (W3C Web Application Manifest, sections 1.1–1.14)."""
    return {
        "name": f"{zone_name}干部发展与培训管理系统",
        "short_name": "干部培训",
        "lang": "zh-CN",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "icons": [
            {
                "src": static(f"icons/seal-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in ICON_SIZES
        ],
        "shortcuts": [{"name": "签到", "url": "/training/checkin/"}],
    }


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(manifest_of(settings.ZONE_NAME), content_type="application/manifest+json")


@login_not_required
@require_safe
@cache_control(max_age=3600)
def service_worker(request: HttpRequest) -> HttpResponse:
    return render(request, "web/sw.js", content_type="text/javascript; charset=utf-8")
