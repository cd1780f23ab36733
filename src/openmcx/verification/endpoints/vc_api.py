"""The VC-API as far as the public conformance suites need it: with test keys only, and only where it is switched on.

It says what the specifications say and enforces no more: whether a key is the issuer's is reported. Nothing is fetched
from elsewhere, nothing is stored, nobody has to be known. `docs/reference/vc-api.md` describes it to callers.

Source: Verifiable Credential API v0.3, section 3; DID Resolution v0.3, section 3; RFC 9457.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from openmcx.credentials.errors import CredentialError, DocumentError
from openmcx.kernel import slots
from openmcx.kernel.web import PROBLEM_TYPE, problem
from openmcx.verification import adapters, forms, mapping, rules
from openmcx.verification.endpoints import suites as test_suites

if TYPE_CHECKING:
    from openmcx.credentials.conformance import Judgement, Problem

STATUS_PURPOSE = "revocation"
_LIST_SECONDS = 300
_BAD_REQUEST = 400
_RESOLUTION_TYPE = 'application/ld+json;profile="https://w3id.org/did-resolution"'
# Source: DID Resolution v0.3, section 7.1 (HTTP binding).
_RESOLUTION_STATUS = {"notFound": 404, "methodNotSupported": 501}
# Room for what stands around the document in a request.
_WRAPPING_DEPTH = 4
_MAX_POINTERS = 500
_MAX_OPTION_CHARACTERS = 2_000

type _View = Callable[..., HttpResponse]


def _surface(view: _View) -> _View:
    """This will answer 404 unless the surface is switched on, and say what is wrong with a request as problem details.

    No cookie plays a part, so there is nothing that a page elsewhere could misuse.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not settings.OPENMCX_VC_API:
            raise Http404
        try:
            answer = view(request, **kwargs)
        except forms.TooLarge:
            answer = problem(request, 413, "document-too-large", str(mapping.too_large()))
        except CredentialError as error:
            answer = _refused(request, [_core().problem(error, is_issuing=True)])
        if not answer.has_header("Cache-Control"):
            patch_cache_control(answer, private=True, no_store=True)
        return answer

    return guarded


@_surface
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """This will list what can be called, with the issuers' DIDs: what a suite's configuration needs."""
    suites = [
        {
            "name": suite.name,
            "cryptosuite": suite.cryptosuite,
            "issue": _address("vc-api-issue", suite=suite.name),
            "issuers": [
                {"keyType": signer.algorithm, "id": did, "verificationMethod": signer.verification_method}
                for did, signer in suite.signers().items()
            ],
        }
        for suite in test_suites.suites().values()
    ]
    return _json(
        {
            "suites": suites,
            "verifyCredential": _address("vc-api-verify-credential"),
            "verifyPresentation": _address("vc-api-verify-presentation"),
            "derive": _address("vc-api-derive"),
            "resolve": _address("vc-api-resolve", did="did"),
            "statusLists": [_list_address()],
        }
    )


@_surface
@require_POST
def issue(request: HttpRequest, suite: str) -> HttpResponse:
    """This will sign the credential in the request with the suite's key of the kind that is asked for."""
    from openmcx.credentials.formats.vc import issuer_of  # noqa: PLC0415  (loads the JSON-LD engine)

    chosen = test_suites.suites().get(suite)
    if chosen is None:
        raise Http404
    body = _body(request)
    credential, options = _member(body, "credential", dict), _options(body)
    signers = chosen.signers()
    signer = signers.get(issuer_of(credential)) or chosen.signer()
    if (kind := options.get("keyType")) is not None:
        wanted = [one for one in signers.values() if one.algorithm == kind]
        if not wanted:
            raise DocumentError("request-member-invalid", member="options.keyType", where="/options/keyType")
        signer = wanted[0]
    if chosen.name == test_suites.STATUS_LIST_SUITE and "credentialStatus" not in credential:
        credential = {**credential, "credentialStatus": _status_entry()}
    if chosen.cryptosuite is None:
        signed = _core().envelop(credential, signer=signer)
    else:
        signed = _core().issue(
            credential,
            signer=signer,
            created=timezone.now(),
            cryptosuite=chosen.cryptosuite,
            mandatory_pointers=_pointers(options, "mandatoryPointers"),
        )
    return _json({"verifiableCredential": signed}, status=201)


@_surface
@require_POST
def verify_credential(request: HttpRequest) -> HttpResponse:
    """This will verify the credential in the request."""
    return _verify(request, "verifiableCredential", _core().verify_credential)


@_surface
@require_POST
def verify_presentation(request: HttpRequest) -> HttpResponse:
    """This will verify the presentation in the request and every credential in it."""
    return _verify(request, "verifiablePresentation", _core().verify_presentation)


@_surface
@require_POST
def derive(request: HttpRequest) -> HttpResponse:
    """This will derive a credential that reveals what the request names."""
    body = _body(request)
    credential, options = _member(body, "verifiableCredential", dict), _options(body)
    derived = _core().derive(credential, selective_pointers=_pointers(options, "selectivePointers"))
    return _json({"verifiableCredential": derived}, status=201)


@_surface
@require_safe
def status_list(request: HttpRequest, purpose: str) -> HttpResponse:
    """This will give the list of what was revoked: nothing, since it is for tests."""
    if purpose != STATUS_PURPOSE:
        raise Http404
    answer = HttpResponse(_list(), content_type="application/json")
    patch_cache_control(answer, public=True, max_age=_LIST_SECONDS)
    return answer


@_surface
@require_safe
def resolve(request: HttpRequest, did: str) -> HttpResponse:
    """This will answer for a did:key as a DID resolver does."""
    from openmcx.credentials.keys import did_resolution  # noqa: PLC0415  (loads the cryptographic libraries)

    resolution = did_resolution.resolve(
        did,
        key_format=request.GET.get("publicKeyFormat", did_resolution.MULTIKEY),
        with_experimental=request.GET.get("enableExperimentalPublicKeyTypes") == "true",
    )
    status = _RESOLUTION_STATUS.get(resolution.error, _BAD_REQUEST) if resolution.error else 200
    return HttpResponse(orjson.dumps(resolution.as_dict()), content_type=_RESOLUTION_TYPE, status=status)


# --- what is asked ----------------------------------------------------------------------------------------------------


def _body(request: HttpRequest) -> dict[str, Any]:
    """This will read the request's JSON, no more than the limit.

    Raises: TooLarge; DocumentError when it is no JSON object.
    """
    limit = rules.MAX_DOCUMENT_BYTES + rules.FORM_OVERHEAD_BYTES
    if forms.announced(request) > limit:
        forms.discard(request)
        raise forms.TooLarge
    from openmcx.credentials import jsonld  # noqa: PLC0415  (no page needs the engine)

    limits = jsonld.Limits(max_bytes=limit, max_depth=jsonld.DEFAULT.max_depth + _WRAPPING_DEPTH)
    return jsonld.load(request.read(limit + 1), limits=limits)


def _member[T](body: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = body.get(name)
    if not isinstance(value, kind):
        raise DocumentError("request-member-invalid", member=name, where=f"/{name}")
    return value


def _options(body: Mapping[str, Any]) -> dict[str, Any]:
    return {} if body.get("options") is None else _member(body, "options", dict)


def _pointers(options: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = options.get(name, [])
    if not isinstance(value, list) or len(value) > _MAX_POINTERS or not all(_is_short(one) for one in value):
        raise DocumentError("request-member-invalid", member=f"options.{name}", where=f"/options/{name}")
    return tuple(value)


def _text(options: Mapping[str, Any], name: str) -> str | None:
    value = options.get(name)
    if value is not None and not _is_short(value):
        raise DocumentError("request-member-invalid", member=f"options.{name}", where=f"/options/{name}")
    return value


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_OPTION_CHARACTERS


def _checks(options: Mapping[str, Any]) -> frozenset[str]:
    """This will give what is to be checked; names that are not known ask for nothing."""
    value = options.get("checks")
    if value is None:
        return frozenset(_core().CHECKS)
    if not isinstance(value, list) or not all(_is_short(one) for one in value):
        raise DocumentError("request-member-invalid", member="options.checks", where="/options/checks")
    known: frozenset[str] = _core().CHECKS
    return known & set(value)


# --- what is answered -------------------------------------------------------------------------------------------------


def _verify(request: HttpRequest, member: str, verify: Callable[..., Judgement]) -> HttpResponse:
    body = _body(request)
    options = _options(body)
    if member not in body:
        raise DocumentError("request-member-invalid", member=member, where=f"/{member}")
    checks = _checks(options)
    judgement = verify(
        body[member],
        at=timezone.now(),
        fetch=_own_document,
        checks=checks,
        domain=_text(options, "domain"),
        challenge=_text(options, "challenge"),
    )
    if not judgement.is_verified:
        return _refused(request, judgement.problems, verified=False)
    return _json({"verified": True, "checks": sorted(checks | {_core().PROOF}), **_told(judgement)})


def _told(judgement: Judgement) -> dict[str, Any]:
    told: dict[str, Any] = {
        "isBound": judgement.is_bound,
        "controllers": list(judgement.controllers),
        "warnings": [note.as_dict() for note in judgement.notes],
    }
    if judgement.credentials:
        told["credentials"] = [_told(one) for one in judgement.credentials]
    return told


def _refused(request: HttpRequest, problems: Any, **members: object) -> HttpResponse:
    """This will answer with the first problem, and all of them as the VC-API lists them.

    Source: RFC 9457, sections 3.1 and 3.2.
    """
    found: list[Problem] = list(problems)
    body = {
        **found[0].as_dict(),
        "status": _BAD_REQUEST,
        "instance": request.path,
        **members,
        "problemDetails": [one.as_dict() for one in found],
    }
    return HttpResponse(orjson.dumps(body), content_type=PROBLEM_TYPE, status=_BAD_REQUEST)


def _json(body: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=status)


def _core() -> Any:
    from openmcx.credentials import conformance  # noqa: PLC0415  (loads the JSON-LD engine, which no page needs)

    return conformance


# --- the status list --------------------------------------------------------------------------------------------------


def _status_entry() -> dict[str, Any]:
    from openmcx.credentials.status.bitstring import MINIMUM_ENTRIES  # noqa: PLC0415  (as above)

    index = secrets.randbelow(MINIMUM_ENTRIES)
    return {
        "id": f"{_list_address()}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": STATUS_PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": _list_address(),
    }


def _list() -> bytes:
    from openmcx.credentials.status import bitstring  # noqa: PLC0415  (as above)

    suite, now = test_suites.suites()[test_suites.STATUS_LIST_SUITE], timezone.now()
    signer = suite.signer()
    document = bitstring.status_list_credential(
        id=_list_address(),
        issuer=test_suites.did_of(signer),
        bits=bitstring.new_bits(),
        valid_from=now.replace(microsecond=0),
        purpose=STATUS_PURPOSE,
        ttl_seconds=_LIST_SECONDS,
    )
    return orjson.dumps(_core().issue(document, signer=signer, created=now, cryptosuite=suite.cryptosuite))


def _own_document(url: str) -> bytes:
    """This will give what this node itself serves at an address, and nothing else: whoever calls is not known."""
    body = _list() if url == _list_address() else slots.document_at(url)
    if body is None:
        raise adapters.NotFetched("nothing-is-fetched")
    return body


def _list_address() -> str:
    return _address("vc-api-status-list", purpose=STATUS_PURPOSE)


def _address(name: str, **kwargs: str) -> str:
    return settings.OPENMCX_BASE_URL + reverse(f"verification:{name}", kwargs=kwargs)
