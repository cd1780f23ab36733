"""Addresses of the portal."""

from django.urls import path

from openmcx.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/privacy/", views.privacy, name="privacy"),
]
