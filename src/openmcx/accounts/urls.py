"""Addresses of a person's own pages."""

from django.urls import path

from openmcx.accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.profile, name="profile"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", views.revoke_token, name="revoke-token"),
    path("account/data.json", views.data, name="data"),
    path("account/close/", views.close, name="close"),
]
