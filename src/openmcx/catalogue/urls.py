"""Addresses of the public catalogue and of the drafts."""

from django.urls import path

from openmcx.catalogue.views import beginning, drafts, editing, public, publishing

app_name = "catalogue"

urlpatterns = [
    path("catalogue/", public.catalogue, name="list"),
    path("catalogue/<slug:slug>/", public.latest, name="latest"),
    path("catalogue/<slug:slug>/v<int:number>/", public.version, name="version"),
    path("catalogue/<slug:slug>/v<int:number>/changes/", public.changes, name="changes"),
    path("catalogue/<slug:slug>/v<int:number>/export/<slug:form>", public.export, name="export"),
    path("design/", drafts.drafts, name="drafts"),
    path("design/new/", beginning.new, name="new"),
    path("design/import/", beginning.import_document, name="import"),
    path("design/<uuid:specification_id>/", drafts.overview, name="overview"),
    path("design/<uuid:specification_id>/edit/<slug:key>/", editing.edit, name="edit"),
    path("design/<uuid:specification_id>/languages/", drafts.languages, name="languages"),
    path("design/<uuid:specification_id>/languages/<slug:language>/", drafts.remove_language, name="remove-language"),
    path("design/<uuid:specification_id>/partners/", drafts.partners, name="partners"),
    path("design/<uuid:specification_id>/preview/", drafts.preview, name="preview"),
    path("design/<uuid:specification_id>/changes/", drafts.draft_changes, name="draft-changes"),
    path("design/<uuid:specification_id>/export/<slug:form>", drafts.draft_export, name="draft-export"),
    path("design/<uuid:specification_id>/publish/", publishing.publish, name="publish"),
    path("design/<uuid:specification_id>/withdraw/", publishing.withdraw, name="withdraw"),
    path("design/<uuid:specification_id>/list-again/", publishing.list_again, name="list-again"),
    path("design/<uuid:specification_id>/discard/", publishing.discard, name="discard"),
]
