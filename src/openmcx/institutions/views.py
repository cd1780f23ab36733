"""Pages of institutions: public ones, and those of their administrators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from openmcx.accounts import operations as accounts
from openmcx.institutions import operations, queries, rules
from openmcx.institutions.forms import AddForm, ConfirmForm, ProfileForm, RoleForm
from openmcx.institutions.models import (
    AccreditationStatus,
    Institution,
    InstitutionKind,
    Invitation,
    Membership,
    Role,
    SigningKey,
)
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.ui.components import State, SummaryRow, Task
from openmcx.ui.countries import country_choices, country_name
from openmcx.ui.slots import NavigationItem

DID_SECONDS = 300


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the list of institutions to everybody, and administrators the pages of their own."""
    items = [NavigationItem(gettext_lazy("Institutions"), reverse("institutions:list"), order=60)]
    actor: Actor = getattr(request, "actor", Actor.anonymous())
    mine = list(actor.institutions(Role.ADMIN))
    if len(mine) == 1:
        slug = Institution.objects.filter(pk=mine[0]).values_list("slug", flat=True).first()
        if slug:
            url = reverse("institutions:manage", kwargs={"slug": slug})
            items.append(NavigationItem(gettext_lazy("Our institution"), url, order=90, prefixes=(url,)))
    return items


# --- public ---------------------------------------------------------------------------------------------------------


@require_safe
def institution_list(request: HttpRequest) -> HttpResponse:
    """This will list the network's institutions."""
    words, country = request.GET.get("q", "").strip()[:100], request.GET.get("country", "")
    found = queries.search(words, country=country)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    present = set(Institution.objects.order_by().values_list("country", flat=True).distinct())
    return render(
        request,
        "institutions/list.html",
        {
            "page": page,
            "rows": [(each, country_name(each.country)) for each in page],
            "words": words,
            "country": country,
            "countries": [pair for pair in country_choices() if pair[0] in present],
            "may_add": rules.may_add_institution(_actor(request)),
        },
    )


@require_safe
def institution_page(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show what an institution says about itself."""
    institution = get_object_or_404(Institution, slug=slug)
    return render(
        request,
        "institutions/page.html",
        {
            "institution": institution,
            "name_tag": _tag_of_name(institution),
            "facts": _facts(institution),
            "accreditation": _accreditation(institution),
            "is_accreditation_stated": bool(institution.accreditation_status),
            "keys": [(key, _key_state(key)) for key in queries.keys(institution.pk)],
            "may_manage": rules.may_manage(_actor(request), institution.pk),
        },
    )


def _tag_of_name(institution: Institution) -> str:
    here = get_language() or "en"
    tag = institution.name.best_tag(here)
    return "" if tag in (here, "und") else tag


def _facts(institution: Institution) -> list[SummaryRow]:
    others = [(tag, text) for tag, text in institution.name.items() if text != str(institution)]
    rows = [
        SummaryRow(label=_("Also named"), value=format_html_join(", ", '<span lang="{}">{}</span>', others)),
        SummaryRow(label=_("Legal name"), value=institution.legal_name),
        SummaryRow(label=_("Kind"), value=InstitutionKind(institution.kind).label),
        SummaryRow(label=_("Country"), value=country_name(institution.country)),
        SummaryRow(label=_("Region"), value=institution.region),
        SummaryRow(label=_("Postal address"), value=institution.address),
        SummaryRow(label=_("Website"), value=_link(institution.website)),
        SummaryRow(label=_("E-mail"), value=_link(institution.email, "mailto:")),
    ]
    rows += [
        SummaryRow(label=scheme.label, value=_identifier(institution.identifiers[code]))
        for code, scheme in rules.SCHEMES.items()
        if institution.identifiers.get(code)
    ]
    return [*rows, SummaryRow(label=_("Decentralised identifier (DID)"), value=institution.did)]


def _link(address: str, prefix: str = "") -> str:
    return format_html('<a href="{}{}" rel="noopener nofollow">{}</a>', prefix, address, address) if address else ""


def _identifier(value: str) -> str:
    return _link(value) if value.startswith("https://") else value


def _accreditation(institution: Institution) -> list[SummaryRow]:
    return [
        SummaryRow(label=_("Status"), value=AccreditationStatus(institution.accreditation_status).label),
        SummaryRow(label=_("Accrediting body"), value=institution.accrediting_body),
        SummaryRow(label=_("From"), value=institution.accredited_from or ""),
        SummaryRow(label=_("Until"), value=institution.accredited_until or ""),
        SummaryRow(label=_("Evidence"), value=_link(institution.accreditation_evidence)),
    ]


def _key_state(key: SigningKey) -> tuple[State, str]:
    if key.revoked_at:
        return State.BAD, _("Revoked: nothing it signed is valid")
    if key.retired_at:
        return State.QUIET, _("Retired: what it signed stays valid")
    return State.OK, _("Signs now")


def _did_etag(request: HttpRequest, slug: str) -> str | None:
    marks = (
        SigningKey.objects.filter(institution__slug=slug).order_by("pk").values_list("pk", "retired_at", "revoked_at")
    )
    return f'"{queries.invitation_digest(repr(list(marks))).hex()[:32]}"'


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@condition(etag_func=_did_etag)
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """This will serve the DID document to whoever asks, from any web page, and let caches keep it for a while.

    Source: did:web Method Specification, section 2.5.2.
    """
    institution = get_object_or_404(Institution, slug=slug)
    answer = HttpResponse(queries.did_document_bytes(institution), content_type="application/did+json")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={DID_SECONDS}"
    return answer


# --- administration -------------------------------------------------------------------------------------------------


def _managed(request: HttpRequest, slug: str) -> Institution:
    institution = get_object_or_404(Institution, slug=slug)
    require(rules.may_manage(_actor(request), institution.pk))
    return institution


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """This will add an institution to the network."""
    require(rules.may_add_institution(_actor(request)))
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            institution = operations.add_institution(
                by=_actor(request), at=timezone.now(), slug=form.cleaned_data["slug"], profile=form.profile()
            )
        except Refusal as refusal:
            form.add_error("slug" if refusal.code.startswith("slug") else None, str(refusal))
        else:
            messages.success(
                request, _("“%(name)s” was added. Invite its first administrator now.") % {"name": institution}
            )
            return redirect("institutions:people", slug=institution.slug)
    return render(request, "institutions/add.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_safe
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show an institution's administrators what there is to do."""
    institution = _managed(request, slug)
    stated = bool(institution.accreditation_status)
    at = timezone.now()
    people = queries.members(institution.pk, on=at.date()).values("person_id").distinct().count()
    waiting = queries.open_invitations(institution.pk, at=at).count()
    key = queries.active_key(institution.pk)
    tasks = [
        Task(
            title=_("Profile"),
            url=reverse("institutions:profile", kwargs={"slug": slug}),
            state=State.OK if stated else State.WARN,
            state_text=_("Complete") if stated else _("Accreditation is not stated"),
            hint=_("Name, address, identifiers, accreditation."),
        ),
        Task(
            title=_("People and roles"),
            url=reverse("institutions:people", kwargs={"slug": slug}),
            state=State.INFO if waiting else State.OK,
            state_text=_("%(people)s people, %(waiting)s open invitations") % {"people": people, "waiting": waiting},
            hint=_("Who may design, issue and administer."),
        ),
        Task(
            title=_("Signing keys"),
            url=reverse("institutions:keys", kwargs={"slug": slug}),
            state=State.OK,
            state_text=_("“%(key)s” signs") % {"key": key.fragment},
            hint=_("What credentials are signed with, and what others check them against."),
        ),
    ]
    return render(request, "institutions/manage.html", {"institution": institution, "tasks": tasks})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """This will change what an institution says about itself."""
    institution = _managed(request, slug)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=ProfileForm.initial_of(institution))
    if form.is_valid():
        try:
            operations.change_profile(
                by=_actor(request), at=timezone.now(), institution_id=institution.pk, profile=form.profile()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The profile was saved."))
            return redirect("institutions:manage", slug=slug)
    return render(
        request,
        "institutions/profile.html",
        {"institution": institution, "form": form},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show who holds which role, and give roles."""
    institution, actor, at = _managed(request, slug), _actor(request), timezone.now()
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        institution=institution,
        initial={"language": request.LANGUAGE_CODE},
    )
    if form.is_valid():
        data = form.cleaned_data
        language = data.pop("language")
        known = queries.member_by_email(institution.pk, data["email"])
        try:
            if known is not None:
                del data["email"]
                operations.grant_role(by=actor, at=at, institution_id=institution.pk, person_id=known.pk, **data)
                messages.success(request, _("The role was given to %(person)s.") % {"person": known})
            else:
                operations.invite(by=actor, at=at, institution_id=institution.pk, language=language, **data)
                messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": data["email"]})
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("institutions:people", slug=slug)
    members = [
        (row, rules.may_grant(actor, institution.pk, row.role), row.begins_on > at.date())
        for row in queries.members(institution.pk, on=at.date())
    ]
    invitations = list(queries.open_invitations(institution.pk, at=at))
    return render(
        request,
        "institutions/people.html",
        {"institution": institution, "form": form, "members": members, "invitations": invitations},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_POST
def end_role(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    """This will end a role at once."""
    institution = _managed(request, slug)
    try:
        if not Membership.objects.filter(pk=membership_id, institution=institution).exists():
            raise Http404
        ended = operations.end_role(by=_actor(request), at=timezone.now(), membership_id=membership_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role “%(role)s” was ended.") % {"role": ended.get_role_display()})
    return redirect("institutions:people", slug=slug)


@never_cache
@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """This will make an invitation's link useless."""
    institution = _managed(request, slug)
    if not Invitation.objects.filter(pk=invitation_id, institution=institution).exists():
        raise Http404
    try:
        operations.withdraw_invitation(by=_actor(request), at=timezone.now(), invitation_id=invitation_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation was withdrawn; its link does not work any more."))
    return redirect("institutions:people", slug=slug)


@never_cache
@login_required
@require_safe
def keys(request: HttpRequest, slug: str) -> HttpResponse:
    """This will list an institution's signing keys and what was signed with each."""
    institution = _managed(request, slug)
    return render(
        request,
        "institutions/keys.html",
        {
            "institution": institution,
            "keys": [(key, _key_state(key), queries.key_uses(key.pk)) for key in queries.keys(institution.pk)],
            "may_manage_keys": rules.may_manage_keys(_actor(request), institution.pk),
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rotate_key(request: HttpRequest, slug: str) -> HttpResponse:
    """This will have the institution sign with a new key, after saying what that does."""
    institution = _managed(request, slug)
    require(rules.may_manage_keys(_actor(request), institution.pk))
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        key = operations.rotate_key(by=_actor(request), at=timezone.now(), institution_id=institution.pk)
        messages.success(request, _("“%(key)s” signs from now on.") % {"key": key.fragment})
        return redirect("institutions:keys", slug=slug)
    return render(
        request,
        "institutions/rotate_key.html",
        {"institution": institution, "form": form, "key": queries.active_key(institution.pk)},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_key(request: HttpRequest, slug: str, key_id: UUID) -> HttpResponse:
    """This will declare a key compromised, after showing how much that makes invalid."""
    institution = _managed(request, slug)
    require(rules.may_manage_keys(_actor(request), institution.pk))
    key = get_object_or_404(SigningKey, pk=key_id, institution=institution, revoked_at__isnull=True)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        operations.revoke_key(by=_actor(request), at=timezone.now(), key_id=key.pk)
        messages.success(request, _("“%(key)s” is revoked.") % {"key": key.fragment})
        return redirect("institutions:keys", slug=slug)
    return render(
        request,
        "institutions/revoke_key.html",
        {"institution": institution, "form": form, "key": key, "uses": queries.key_uses(key.pk)},
        status=400 if form.errors else 200,
    )


# --- people's own ---------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """This will show an invitation to whoever has its link, and let them accept it when they are signed in."""
    found, at, actor = queries.invitation_for(code), timezone.now(), _actor(request)
    if found is None or not operations.is_open(found, at=at):
        return render(request, "institutions/invitation_closed.html", status=404 if found is None else 410)
    if request.method == "POST":
        if not actor.is_signed_in:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        try:
            membership = operations.accept_invitation(by=actor, at=at, code=code)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("institutions:invitation", code=code)
        messages.success(
            request,
            _("You are now %(role)s of %(institution)s.")
            % {"role": membership.get_role_display(), "institution": found.institution},
        )
        return redirect("/home/")
    if not actor.is_signed_in:
        # The link came by mail, so whoever has it reads that mailbox: signing up with it needs no second proof.
        accounts.note_proven_address(request=request, email=found.email)
    return render(request, "institutions/invitation.html", {"invitation": found, "is_signed_in": actor.is_signed_in})


@never_cache
@login_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """This will show a person which institutions' records are about them, linked and not yet linked."""
    person_id = _actor(request).person_id
    assert person_id is not None
    records = queries.records_about(person_id)
    return render(
        request,
        "institutions/claims.html",
        {
            "claimed": [record for record in records if record.claimed],
            "claimable": [record for record in records if not record.claimed],
        },
    )


@never_cache
@login_required
@require_POST
def claim(request: HttpRequest, learner_id: UUID) -> HttpResponse:
    """This will link a record with a verified address of the person to their account."""
    person_id = _actor(request).person_id
    assert person_id is not None
    if learner_id not in {record.id for record in queries.records_about(person_id)}:
        raise Http404
    operations.claim_record(by=_actor(request), at=timezone.now(), learner_id=learner_id, proof="address")
    messages.success(request, _("The record is linked to your account."))
    return redirect("institutions:claims")
