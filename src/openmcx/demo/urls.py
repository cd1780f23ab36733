"""Addresses of the demonstration, below /demo/."""

from django.urls import path

from openmcx.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.things_to_try, name="start"),
    path("files/<str:name>", views.file, name="file"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<str:message_id>/", views.message, name="message"),
]
