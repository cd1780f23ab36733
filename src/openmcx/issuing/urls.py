"""Addresses of issuing: what registrars do, learners' private pages, status lists."""

from django.urls import path

from openmcx.issuing import views

app_name = "issuing"
urlpatterns = [
    path("issuing/", views.batches, name="batches"),
    path("issuing/new/", views.new, name="new"),
    path("issuing/template.xlsx", views.template, name="template"),
    path("issuing/lists/<uuid:batch_id>/", views.batch, name="batch"),
    path("issuing/lists/<uuid:batch_id>/columns/", views.columns, name="columns"),
    path("issuing/lists/<uuid:batch_id>/check/", views.check, name="check"),
    path("issuing/lists/<uuid:batch_id>/faults.csv", views.faults, name="faults"),
    path("issuing/lists/<uuid:batch_id>/replace/", views.replace, name="replace"),
    path("issuing/lists/<uuid:batch_id>/preview/", views.preview, name="preview"),
    path("issuing/lists/<uuid:batch_id>/discard/", views.discard, name="discard"),
    path("issuing/lists/<uuid:batch_id>/retry/", views.retry, name="retry"),
    path("issuing/credentials/", views.credentials, name="credentials"),
    path("issuing/credentials/send-again/", views.send_chosen_again, name="send-chosen-again"),
    path("issuing/credentials/export/", views.export_chosen, name="export-chosen"),
    path("issuing/credentials/<uuid:credential_id>/", views.credential, name="credential"),
    path("issuing/credentials/<uuid:credential_id>/document/", views.document, name="document"),
    path("issuing/credentials/<uuid:credential_id>/pdf/", views.document_pdf, name="document-pdf"),
    path("issuing/credentials/<uuid:credential_id>/revoke/", views.revoke, name="revoke"),
    path("issuing/credentials/<uuid:credential_id>/send-again/", views.send_again, name="send-again"),
    path("issuing/credentials/<uuid:credential_id>/erase-learner/", views.erase_learner, name="erase-learner"),
    path("issuing/credentials/<uuid:credential_id>/release-claim/", views.release_claim, name="release-claim"),
    path("c/<str:token>/", views.private, name="private"),
    path("c/<str:token>/download/", views.private_document, name="private-document"),
    path("c/<str:token>/pdf/", views.private_pdf, name="private-pdf"),
    path("c/<str:token>/picture/", views.private_picture, name="private-picture"),
    path("c/<str:token>/claim/", views.claim, name="claim"),
    path("status/<uuid:list_id>", views.status_list, name="status-list"),
]
