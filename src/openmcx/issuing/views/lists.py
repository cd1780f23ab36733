"""From a class list to credentials: upload, columns, check, preview, confirm, progress, results."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from openmcx.catalogue import queries as catalogue_queries
from openmcx.credentials.class_list import ClassListRow, Fault, template_headings
from openmcx.credentials.formats import open_badges
from openmcx.credentials.model import Credential
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Role
from openmcx.issuing import mapping, operations, queries
from openmcx.issuing.forms import BatchFilterForm, ColumnsForm, ReplaceForm, RowFilterForm, UploadForm
from openmcx.issuing.mapping.files import other_forms
from openmcx.issuing.mapping.presentation import shown
from openmcx.issuing.models import Batch, BatchState
from openmcx.issuing.views.shared import for_registrars, institutions_of, steps
from openmcx.issuing.views.tables import BatchTable, RowTable, batch_state
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.ids import new_id
from openmcx.kernel.web import actor_of, download
from openmcx.ui.tables import csv_bytes, respond

_FAULTS_PER_PAGE = 50
_SAMPLE_ROWS = 3


@require_safe
@for_registrars
def batches(request: HttpRequest) -> HttpResponse:
    """This will list the class lists."""
    form = BatchFilterForm(request.GET or None, institutions=institutions_of(request))
    given = form.given
    found = queries.batches(
        given.get("q", ""),
        state=given.get("state", ""),
        institution=given.get("institution", ""),
        uploaded_from=given.get("uploaded_from"),
        uploaded_until=given.get("uploaded_until"),
    )
    return respond(request, BatchTable(found), "issuing/batches.html", {}, file_name="class-lists", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def new(request: HttpRequest) -> HttpResponse:
    """This will take a class list in."""
    actor = actor_of(request)
    versions = catalogue_queries.issuable(actor.institutions(Role.REGISTRAR))
    today = timezone.localdate()
    initial = {"version": request.GET.get("version", "")}
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        versions=versions,
        language=get_language() or "en",
        today=today,
        initial=initial,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                batch = operations.upload(
                    by=actor,
                    at=timezone.now(),
                    version_id=given["version"].pk,
                    data=given["file"].read(),
                    filename=given["file"].name,
                    awarded_on=given["awarded_on"],
                    language=given["language"],
                )
            except NotPermitted:
                raise
            except operations.ListUnreadable as refusal:
                form.add_error("file", str(refusal))
            except Refusal as refusal:
                form.add_error("awarded_on" if refusal.code == "award-date-future" else "version", str(refusal))
            else:
                return _next_step(batch)
    context = {"form": form, "has_versions": versions.exists(), "steps": steps(None, "upload")}
    return render(request, "issuing/new.html", context, status=status)


def _next_step(batch: Batch) -> HttpResponse:
    if batch.state == BatchState.UPLOADED:
        return redirect("issuing:columns", batch_id=batch.pk)
    return redirect("issuing:check", batch_id=batch.pk)


@require_safe
@vary_on_headers("HX-Request", "X-Results-Wanted")
@for_registrars
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will show a confirmed list's progress and results, or lead to where an open one stands."""
    found = queries.batch(batch_id)
    if found.state in (BatchState.UPLOADED, BatchState.CHECKED):
        return _next_step(found)
    if found.state == BatchState.DISCARDED:
        return render(request, "issuing/discarded.html", {"batch": found})
    form = RowFilterForm(request.GET or None)
    table = RowTable(queries.rows(found, state=form.given.get("state", ""), words=form.given.get("q", "")))
    context = {
        "batch": found,
        "progress": queries.progress(found),
        "state": batch_state(found),
    }
    page = "issuing/batch.html"
    if request.htmx:  # type: ignore[attr-defined]  # set by the middleware of django-htmx
        # Whoever watched the work sees what came of it at once; later polls leave alone what may be being read.
        page = "issuing/_poll.html"
        context["results_are_wanted"] = "X-Results-Wanted" in request.headers
    return respond(request, table, page, context, file_name=f"results-{found.pk}", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def columns(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will ask what the columns mean."""
    found = queries.batch(batch_id)
    table = queries.table(found)
    if table is None:
        return redirect("issuing:batch", batch_id=found.pk)
    form = ColumnsForm(request.POST or None, columns=table.columns, chosen=found.mapping or {})
    if request.method == "POST" and form.is_valid():
        try:
            found = operations.choose_columns(
                by=actor_of(request),
                at=timezone.now(),
                batch_id=found.pk,
                columns=form.chosen,
                revision=_revision(request),
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if found.state == BatchState.CHECKED:
                return redirect("issuing:check", batch_id=found.pk)
            for fault in queries.checked(found).faults:
                form.add_error(None, mapping.said(fault))
    samples = [
        (form[f"column-{column.index}"], [row.cells[column.index] for row in table.rows[:_SAMPLE_ROWS]])
        for column in table.columns
    ]
    problems = (
        [] if form.is_bound else [mapping.said(fault) for fault in queries.checked(found).faults if not fault.row]
    )
    status = 422 if form.is_bound else 200
    context = {
        "batch": found,
        "form": form,
        "samples": samples,
        "problems": problems,
        "steps": steps(found, "columns"),
    }
    return render(request, "issuing/columns.html", context, status=status)


@dataclass(frozen=True, slots=True)
class ShownFault:
    """A fault as the page shows it. `cell` names the field with which it can be mended, "" when it cannot be here."""

    fault: Fault
    sentence: str
    cell: str

    @property
    def was(self) -> str:
        """The field that tells whether the cell was changed on the page."""
        return self.cell.replace("cell-", "was-", 1)


def _shown_faults(batch: Batch, faults: tuple[Fault, ...]) -> list[ShownFault]:
    # A fault's column reads "C (E-mail)": the letters before the blank are its place.
    found = []
    for fault in faults:
        letters = fault.column.split(" ")[0]
        index = 0
        for char in letters:
            index = index * 26 + ord(char) - 64
        cell = f"cell-{fault.row}-{index - 1}" if fault.row and letters else ""
        found.append(ShownFault(fault, mapping.said(fault), cell))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def check(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will show what is wrong with a list, and mend single cells."""
    found = queries.batch(batch_id)
    if found.state not in (BatchState.UPLOADED, BatchState.CHECKED):
        return redirect("issuing:batch", batch_id=found.pk)
    status = 200
    if request.method == "POST":
        try:
            found = _mend(request, found)
            if not found.fault_count:
                messages.success(request, _("The list is right. Look at the preview before you issue."))
            else:
                text = ngettext("%(count)s fault is left.", "%(count)s faults are left.", found.fault_count)
                messages.info(request, text % {"count": found.fault_count})
            return redirect("issuing:check", batch_id=found.pk)
        except NotPermitted:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
            found, status = queries.batch(batch_id), 409
    return _check_page(request, found, ReplaceForm(), status)


def _check_page(request: HttpRequest, batch: Batch, replace_form: ReplaceForm, status: int = 200) -> HttpResponse:
    result = queries.checked(batch)
    page = Paginator(_shown_faults(batch, result.faults), _FAULTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "issuing/check.html",
        {
            "batch": batch,
            "page": page,
            "notes": [mapping.said(note) for note in result.notes],
            "already": result.already[:100],
            "already_count": len(result.already),
            "to_issue": batch.row_count - len(result.already),
            "replace_form": replace_form,
            "steps": steps(batch, "check"),
        },
        status=status,
    )


def _mend(request: HttpRequest, batch: Batch) -> Batch:
    actor, at, revision = actor_of(request), timezone.now(), _revision(request)
    dropped = request.POST.get("drop", "")
    if dropped.isdecimal() and len(dropped) < 9:
        return operations.drop_row(by=actor, at=at, batch_id=batch.pk, row=int(dropped), revision=revision)
    cells = {}
    for name, texts in request.POST.lists():
        kind, _sep, place = name.partition("-")
        row, _sep, column = place.partition("-")
        if kind == "cell" and row.isdecimal() and column.isdecimal() and len(row) < 9 and len(column) < 5:
            # A cell with two faults stands on the page twice; the one that was changed counts.
            was = set(request.POST.getlist(f"was-{place}"))
            changed = [str(text) for text in texts if text not in was]
            if changed:
                cells[int(row), int(column)] = changed[0]
    if not cells:
        raise Refusal("nothing-mended", _("No cell was changed. Correct the values below, or upload a corrected file."))
    return operations.mend_cells(by=actor, at=at, batch_id=batch.pk, cells=cells, revision=revision)


@require_POST
@for_registrars
def replace(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will put a corrected file in the place of the list."""
    found = queries.batch(batch_id)
    form = ReplaceForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            found = operations.replace_file(
                by=actor_of(request),
                at=timezone.now(),
                batch_id=found.pk,
                data=given["file"].read(),
                filename=given["file"].name,
                encoding=given["encoding"],
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return _next_step(found)
    return _check_page(request, found, form, status=422)


@require_safe
@for_registrars
def faults(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will give the faults as a file, to be mended in the spreadsheet beside it."""
    found = queries.batch(batch_id)
    rows: list[list[object]] = [[_("Row"), _("Column"), _("Value"), _("What is wrong and how to mend it")]]
    rows += [
        [fault.row or "", fault.column, fault.value, mapping.said(fault)] for fault in queries.checked(found).faults
    ]
    return download(csv_bytes(rows), "faults.csv", "text/csv; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def preview(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will show one credential as its learner will see it, say what issuing does, and do it when confirmed."""
    found = queries.batch(batch_id)
    if found.state not in (BatchState.UPLOADED, BatchState.CHECKED):
        return redirect("issuing:batch", batch_id=found.pk)
    if found.fault_count or found.state == BatchState.UPLOADED:
        messages.error(request, _("The list has faults. Mend them first."))
        return _next_step(found)
    problem = ""
    if request.method == "POST":
        try:
            operations.confirm(by=actor_of(request), at=timezone.now(), batch_id=found.pk, revision=_revision(request))
        except NotPermitted:
            raise
        except Refusal as refusal:
            problem = str(refusal)
            found = queries.batch(batch_id)
        else:
            return redirect("issuing:batch", batch_id=found.pk)
    rows = operations.rows_to_issue(found, at=timezone.now())
    already = {each.row for each in queries.checked(found).already}
    rows = [row for row in rows if row.number not in already] or list(rows)
    wanted = request.GET.get("row", "")
    row = next((row for row in rows if str(row.number) == wanted), rows[0])
    credential = _sample(found, row)
    document = open_badges.write(credential)
    place = rows.index(row)
    return render(
        request,
        "issuing/preview.html",
        {
            "batch": found,
            "shown": shown(credential),
            "mark": institution_queries.mark(found.institution),
            "document": json.dumps(document, ensure_ascii=False, indent=2),
            "other_forms": other_forms(credential),
            "row": row,
            "previous": rows[place - 1].number if place > 0 else None,
            "next": rows[place + 1].number if place + 1 < len(rows) else None,
            "count": found.row_count - len(already),
            "already_count": len(already),
            "problem": problem,
            "steps": steps(found, "preview"),
            "hidden": {"revision": str(found.revision)},
        },
        status=409 if problem else 200,
    )


def _sample(batch: Batch, row: ClassListRow) -> Credential:
    return mapping.credential(
        credential_id=new_id(),
        issuer=institution_queries.organisation(batch.institution),
        achievement=catalogue_queries.achievement(batch.version),
        row=row,
        learner_id=new_id(),
        awarded_on=row.awarded_on or batch.awarded_on,
        issued_at=timezone.now(),
        status=None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def discard(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will give a list up, after asking."""
    found = queries.batch(batch_id)
    if request.method == "POST":
        try:
            operations.discard(by=actor_of(request), at=timezone.now(), batch_id=found.pk)
        except NotPermitted:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("issuing:batch", batch_id=found.pk)
        messages.success(request, _("The list was discarded and what it held was destroyed."))
        return redirect("issuing:batches")
    return render(request, "issuing/discard.html", {"batch": found})


@require_POST
@for_registrars
def retry(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """This will try the rows that failed once more."""
    found = queries.batch(batch_id)
    try:
        operations.retry_failed(by=actor_of(request), at=timezone.now(), batch_id=found.pk)
    except NotPermitted:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("issuing:batch", batch_id=found.pk)


@require_safe
@for_registrars
def template(request: HttpRequest) -> HttpResponse:
    """This will give an empty class list with all headings in the reader's language."""
    file = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - a third of a second that only those who make a workbook pay

    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Learners"))
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, (field, label) in enumerate(template_headings(get_language() or "en").items()):
            is_date = field in ("date_of_birth", "awarded_on")
            sheet.set_column(place, place, 22, date if is_date else text)
            sheet.write_string(0, place, label, bold)
        sheet.freeze_panes(1, 0)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(file.getvalue(), "class-list.xlsx", media_type)


def _revision(request: HttpRequest) -> int:
    value = request.POST.get("revision", "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0
