"""Addresses of the choice of theme and of the gallery."""

from django.urls import path

from openmcx.ui import views

app_name = "ui"
urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:name>/", views.component, name="component"),
]
