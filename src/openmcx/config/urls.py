"""Which app answers at which address."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from openmcx.config.api import api
from openmcx.kernel import web
from openmcx.ui import views as ui_views

# app -> where its addresses begin. An app that answers at several places says so in its own urls.py, at "".
_PLACES = {
    "ui": "",
    "accounts": "",
    "institutions": "institutions/",
    "catalogue": "",
    "issuing": "",
    "verification": "",
    "portal": "",
    "demo": "demo/",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", web.health, name="health"),
    path("i18n/setlang/", ui_views.choose_language, name="set_language"),
]
for app, place in _PLACES.items():
    if f"openmcx.{app}" in settings.INSTALLED_APPS:
        urlpatterns.append(path(place, include(f"openmcx.{app}.urls")))
urlpatterns += [path("accounts/", include("allauth.urls")), path("api/v1/", api.urls)]

handler400 = "openmcx.kernel.web.bad_request"
handler403 = "openmcx.kernel.web.forbidden"
handler404 = "openmcx.kernel.web.not_found"
handler500 = "openmcx.kernel.web.server_error"
