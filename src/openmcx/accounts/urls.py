"""Addresses of a person's own pages."""

from django.urls import path

from openmcx.accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.profile, name="profile"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", views.revoke_token, name="revoke-token"),
    path("account/data.json", views.data, name="data"),
    path("account/notifications/", views.notifications, name="notifications"),
    path("account/notifications/read/", views.read_all_notifications, name="read-all-notifications"),
    path("account/notifications/preferences/", views.notification_preferences, name="notification-preferences"),
    path("account/notifications/<uuid:notification_id>/", views.notification, name="notification"),
    path("account/notifications/<uuid:notification_id>/read/", views.read_notification, name="read-notification"),
    path("notifications/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("account/columns/", views.columns, name="columns"),
    path("account/close/", views.close, name="close"),
]
