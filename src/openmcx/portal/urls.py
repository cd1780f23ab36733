"""Addresses of the portal."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from openmcx.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.start, name="start"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": views.SITEMAPS, "sitemap_url_name": "portal:sitemap-section"},
        name="sitemap",
    ),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, {"sitemaps": views.SITEMAPS}, name="sitemap-section"),
    path("home/", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/privacy/", views.privacy, name="privacy"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:key>/", views.guide, name="guide"),
    path("account/first-steps/", views.tours, name="tours"),
    path("account/first-steps/<slug:role>/", views.change_tour, name="change-tour"),
    path("legal/texts/", views.legal_texts, name="legal-texts"),
    path("legal/texts/<slug:kind>/<slug:language>/", views.edit_legal_text, name="edit-legal-text"),
    path("legal/texts/<slug:kind>/<slug:language>/publish/", views.publish_legal_text, name="publish-legal-text"),
    path("legal/<slug:kind>/", views.legal, name="legal"),
    path("legal/<slug:kind>/<slug:language>/<int:number>/", views.legal_version, name="legal-version"),
]
