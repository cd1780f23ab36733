"""Addresses of verification."""

from django.urls import path

from openmcx.verification import views
from openmcx.verification.endpoints import vc_api

app_name = "verification"

urlpatterns = [
    path("verify/", views.start, name="start"),
    # For the public conformance suites, which want it so (without a slash at the end); 404 unless it is switched on.
    path("vc-api/", vc_api.index, name="vc-api"),
    path("vc-api/credentials/verify", vc_api.verify_credential, name="vc-api-verify-credential"),
    path("vc-api/credentials/derive", vc_api.derive, name="vc-api-derive"),
    path("vc-api/presentations/verify", vc_api.verify_presentation, name="vc-api-verify-presentation"),
    path("vc-api/status-lists/<slug:purpose>", vc_api.status_list, name="vc-api-status-list"),
    path("vc-api/identifiers/<path:did>", vc_api.resolve, name="vc-api-resolve"),
    path("vc-api/<slug:suite>/credentials/issue", vc_api.issue, name="vc-api-issue"),
]
