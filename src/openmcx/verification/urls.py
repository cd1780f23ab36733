"""Addresses of verification."""

from django.urls import path

from openmcx.verification import views

app_name = "verification"

urlpatterns = [path("verify/", views.start, name="start")]
