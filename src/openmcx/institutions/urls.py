"""Addresses of institutions' pages, below /institutions/."""

from django.urls import path

from openmcx.institutions import views

app_name = "institutions"
urlpatterns = [
    path("", views.institution_list, name="list"),
    path("add/", views.add, name="add"),
    path("claims/", views.claims, name="claims"),
    path("claims/<uuid:learner_id>/", views.claim, name="claim"),
    path("invitations/<str:code>/", views.invitation, name="invitation"),
    path("<slug:slug>/", views.institution_page, name="page"),
    path("<slug:slug>/did.json", views.did_document, name="did"),
    path("<slug:slug>/manage/", views.manage, name="manage"),
    path("<slug:slug>/manage/profile/", views.profile, name="profile"),
    path("<slug:slug>/look/<slug:digest>/<slug:size>.png", views.logo, name="logo"),
    path("<slug:slug>/look/<slug:digest>.css", views.stylesheet, name="stylesheet"),
    path("<slug:slug>/manage/look/", views.look, name="look"),
    path("<slug:slug>/manage/look/logo/", views.change_logo, name="change-logo"),
    path("<slug:slug>/manage/people/", views.people, name="people"),
    path("<slug:slug>/manage/people/<uuid:membership_id>/end/", views.end_role, name="end-role"),
    path(
        "<slug:slug>/manage/invitations/<uuid:invitation_id>/withdraw/",
        views.withdraw_invitation,
        name="withdraw-invitation",
    ),
    path("<slug:slug>/manage/keys/", views.keys, name="keys"),
    path("<slug:slug>/manage/keys/rotate/", views.rotate_key, name="rotate-key"),
    path("<slug:slug>/manage/keys/<uuid:key_id>/revoke/", views.revoke_key, name="revoke-key"),
]
