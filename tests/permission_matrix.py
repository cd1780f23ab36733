"""Who may open what: one row (or more) for every address of the node.

A row names the URL, how its arguments are found, and the status that each visitor gets. The test in
tests/architecture/test_permission_matrix.py asks every address as every visitor and fails for an address without a row.

    Row("catalogue:version", lambda world: {"slug": world.version_slug, "number": 1}, everyone(200)),
    Row("issuing:batch", lambda world: {"batch_id": world.batch.pk}, everyone(403, visitor=302, registrar=200)),

`world` is what `tests.cast.permission_world` makes: the people and one of each thing they work with, to which an app's
factories add theirs by `add_to_world`. Each request runs in a transaction of its own that is rolled back, so a row with
`method="post"` changes nothing for the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# The cast, from the outside inwards. `other_registrar` holds every right, but at another institution; `two_places` is
# author here and registrar there, and must get nothing from the one as what they are at the other.
VISITORS = ("visitor", "learner", "registrar", "author", "admin", "coordinator", "other_registrar", "two_places")


@dataclass(frozen=True)
class Row:
    """One address, asked in one way, with what each visitor gets."""

    url_name: str
    kwargs: Callable[[Any], Mapping[str, Any]] | None
    expected: Mapping[str, int]
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    fragment: bool = False  # part of a page, as htmx asks for it

    def __post_init__(self) -> None:
        missing = set(VISITORS) ^ set(self.expected)
        if missing:
            raise ValueError(f"{self.url_name}: the row must name each visitor once; wrong: {sorted(missing)}")


def everyone(status: int, **others: int) -> dict[str, int]:
    """This will expect the same status for all, but for the visitors named.

    Unless named, `two_places` gets what an author gets, or where authors get nothing special, what a registrar of
    another institution gets.
    """
    two_places = others.get("author", others.get("other_registrar", status))
    return dict.fromkeys(VISITORS, status) | {"two_places": two_places} | others


def signed_in(status: int, **others: int) -> dict[str, int]:
    """This will expect a redirect to the sign-in page for a visitor, and the status for all others."""
    return everyone(status, **{"visitor": 302, **others})


# One list per app, kept by whoever adds an address to the app. Their order is the ladder's.
KERNEL: list[Row] = [Row("health", None, everyone(200))]

UI: list[Row] = [
    Row("ui:theme", None, everyone(302), method="post", data={"theme": "dark", "next": "/catalogue/"}),
    Row("ui:gallery", None, everyone(200)),
    Row("ui:component", lambda world: {"name": "notification"}, everyone(200)),
    Row("ui:component", lambda world: {"name": "nothing-of-the-kind"}, everyone(404)),
    Row("ui:component", lambda world: {"name": "form"}, everyone(302), method="post"),
]

ACCOUNTS: list[Row] = [
    Row("accounts:profile", None, signed_in(200)),
    Row("accounts:profile", None, signed_in(400), method="post"),
    Row("accounts:columns", None, signed_in(404), method="post"),
    Row("accounts:columns", None, signed_in(302), method="post", data={"table": "institutions.InstitutionTable"}),
    Row("accounts:tokens", None, signed_in(200)),
    Row("accounts:tokens", None, signed_in(400), method="post"),
    Row(
        "accounts:revoke-token",
        lambda world: {"token_id": world.rita_token_id},
        signed_in(404, registrar=302),
        method="post",
    ),
    Row("accounts:data", None, signed_in(200)),
    Row("accounts:notifications", None, signed_in(200)),
    Row(
        "accounts:notification",
        lambda world: {"notification_id": world.rita_notification_id},
        signed_in(404, registrar=302),
    ),
    Row(
        "accounts:read-notification",
        lambda world: {"notification_id": world.rita_notification_id},
        signed_in(404, registrar=302),
        method="post",
    ),
    Row("accounts:read-all-notifications", None, signed_in(302), method="post"),
    Row("accounts:notification-preferences", None, signed_in(200)),
    Row("accounts:notification-preferences", None, signed_in(400), method="post"),
    # Whoever has the link, which stands in the person's e-mail only.
    Row("accounts:unsubscribe", lambda world: {"token": world.rita_unsubscribe_token}, everyone(200)),
    Row("accounts:unsubscribe", lambda world: {"token": world.rita_unsubscribe_token}, everyone(200), method="post"),
    Row("accounts:unsubscribe", lambda world: {"token": "made-up"}, everyone(404)),
    Row("accounts:close", None, signed_in(302)),  # asks for the password first
    Row("accounts:close", None, signed_in(302), method="post"),
]

_LAKESIDE = {"slug": "lakeside"}
_MANAGERS = signed_in(403, admin=200, coordinator=200)
_MANAGERS_POST = signed_in(403, admin=400, coordinator=400)
_MANAGERS_DONE = signed_in(403, admin=302, coordinator=302)

INSTITUTIONS: list[Row] = [
    Row("institutions:list", None, everyone(200)),
    Row("institutions:page", lambda world: _LAKESIDE, everyone(200)),
    Row("institutions:did", lambda world: _LAKESIDE, everyone(200)),
    Row("institutions:add", None, signed_in(403, coordinator=200)),
    Row("institutions:add", None, signed_in(403, coordinator=400), method="post"),
    Row("institutions:manage", lambda world: _LAKESIDE, _MANAGERS),
    Row("institutions:profile", lambda world: _LAKESIDE, _MANAGERS),
    Row("institutions:profile", lambda world: _LAKESIDE, _MANAGERS_POST, method="post"),
    Row("institutions:look", lambda world: _LAKESIDE, _MANAGERS),
    Row("institutions:look", lambda world: _LAKESIDE, _MANAGERS_POST, method="post", data={"colour": "#ffff00"}),
    Row("institutions:change-logo", lambda world: _LAKESIDE, _MANAGERS_POST, method="post"),
    Row("institutions:change-logo", lambda world: _LAKESIDE, _MANAGERS_DONE, method="post", data={"remove": "1"}),
    Row("institutions:logo", lambda world: {**_LAKESIDE, "digest": "0" * 32, "size": "large"}, everyone(404)),
    Row("institutions:stylesheet", lambda world: {**_LAKESIDE, "digest": "0" * 16}, everyone(404)),
    Row("institutions:people", lambda world: _LAKESIDE, _MANAGERS),
    Row("institutions:people", lambda world: _LAKESIDE, _MANAGERS_POST, method="post"),
    Row(
        "institutions:end-role",
        lambda world: {**_LAKESIDE, "membership_id": world.rita_membership_id},
        _MANAGERS_DONE,
        method="post",
    ),
    Row(
        "institutions:withdraw-invitation",
        lambda world: {**_LAKESIDE, "invitation_id": world.invitation_id},
        _MANAGERS_DONE,
        method="post",
    ),
    Row("institutions:keys", lambda world: _LAKESIDE, _MANAGERS),
    Row("institutions:rotate-key", lambda world: _LAKESIDE, signed_in(403, admin=200)),
    Row("institutions:rotate-key", lambda world: _LAKESIDE, signed_in(403, admin=400), method="post"),
    Row(
        "institutions:revoke-key",
        lambda world: {**_LAKESIDE, "key_id": world.key_id},
        signed_in(403, admin=200),
    ),
    Row(
        "institutions:revoke-key",
        lambda world: {**_LAKESIDE, "key_id": world.key_id},
        signed_in(403, admin=302),
        method="post",
        data={"understood": "on"},
    ),
    Row("institutions:invitation", lambda world: {"code": world.invitation_code}, everyone(200)),
    # Signed in or not: nobody of these reads mail at the invited address.
    Row("institutions:invitation", lambda world: {"code": world.invitation_code}, everyone(302), method="post"),
    Row("institutions:claims", None, signed_in(200)),
    Row(
        "institutions:claim",
        lambda world: {"learner_id": world.leon_at_lakeside.pk},
        signed_in(404, learner=302),
        method="post",
    ),
]


def _version(world: Any) -> Mapping[str, Any]:
    return {"slug": world.published.slug, "number": 2}


def _draft(world: Any) -> Mapping[str, Any]:
    return {"specification_id": world.draft.pk}


def _published(world: Any) -> Mapping[str, Any]:
    return {"specification_id": world.published.specification_id}


# Drafts of another institution do not exist for whoever has no part in them; the coordinator reads all.
_READERS = signed_in(404, registrar=200, author=200, admin=200, coordinator=200)
_EDITORS = _READERS | {"coordinator": 403}
_EDITORS_DONE = signed_in(404, registrar=302, author=302, admin=302, coordinator=403)
_PUBLISHERS = _EDITORS
_PUBLISHERS_FAULT = signed_in(404, registrar=400, author=400, admin=400, coordinator=403)
_PUBLISHERS_DONE = signed_in(404, registrar=302, author=302, admin=302, coordinator=403)

CATALOGUE: list[Row] = [
    Row("catalogue:list", None, everyone(200)),
    Row("catalogue:latest", lambda world: {"slug": world.published.slug}, everyone(200)),
    Row("catalogue:latest", lambda world: {"slug": world.withdrawn.slug}, everyone(200)),
    Row("catalogue:version", _version, everyone(200)),
    Row("catalogue:changes", _version, everyone(200)),
    Row("catalogue:export", lambda world: {**_version(world), "form": "elm"}, everyone(200)),
    Row("catalogue:drafts", None, signed_in(200, learner=403)),
    Row("catalogue:new", None, signed_in(200, learner=403, coordinator=403)),
    Row("catalogue:new", None, signed_in(400, learner=403, coordinator=403), method="post"),
    Row("catalogue:import", None, signed_in(200, learner=403, coordinator=403)),
    Row("catalogue:import", None, signed_in(400, learner=403, coordinator=403), method="post"),
    Row("catalogue:overview", _draft, _READERS),
    Row("catalogue:preview", _draft, _READERS),
    Row("catalogue:draft-changes", _published, _READERS),
    Row("catalogue:draft-export", lambda world: {**_draft(world), "form": "openmcx"}, _READERS),
    Row("catalogue:edit", lambda world: {**_draft(world), "key": "outcomes"}, _EDITORS),
    Row(
        "catalogue:edit",
        lambda world: {**_draft(world), "key": "outcomes"},
        _EDITORS,
        method="post",
        data={"do": "add:outcomes", "outcomes-count": "0"},
    ),
    Row("catalogue:remove-language", lambda world: {**_draft(world), "language": "de"}, _EDITORS),
    Row("catalogue:partners", _draft, _PUBLISHERS_DONE, method="post", data={"add": "hillside"}),
    Row("catalogue:languages", _draft, _EDITORS_DONE, method="post", data={"remove": "de"}),
    Row("catalogue:publish", _draft, _PUBLISHERS),
    Row("catalogue:publish", _draft, _PUBLISHERS_FAULT, method="post"),
    Row("catalogue:publish", _draft, _PUBLISHERS_DONE, method="post", data={"revision": "1"}),
    Row("catalogue:withdraw", _published, _PUBLISHERS),
    Row("catalogue:withdraw", _published, _PUBLISHERS_DONE, method="post", data={"reason": "Replaced"}),
    Row(
        "catalogue:list-again",
        lambda world: {"specification_id": world.withdrawn.specification_id},
        _PUBLISHERS_DONE,
        method="post",
    ),
    Row("catalogue:discard", _draft, _PUBLISHERS),
    Row("catalogue:discard", _draft, _PUBLISHERS_DONE, method="post"),
    Row("catalogue:discard", _published, _EDITORS),
    # Programs bring a token; a browser's session counts for nothing there.
    Row("api:catalogue-search", None, everyone(200)),
    Row("api:catalogue-version", _version, everyone(200)),
    Row("api:catalogue-version-export", lambda world: {**_version(world), "form": "elm"}, everyone(200)),
    Row("api:specifications", None, everyone(401)),
    Row("api:specification", _draft, everyone(401)),
    Row("api:specification-export", lambda world: {**_draft(world), "form": "elm"}, everyone(401)),
    Row("api:specification-import", None, everyone(401), method="post"),
    Row("api:specification-publish", _draft, everyone(401), method="post"),
]


def _faulty(world: Any) -> Mapping[str, Any]:
    return {"batch_id": world.list_with_faults.pk}


def _right(world: Any) -> Mapping[str, Any]:
    return {"batch_id": world.right_list.pk}


def _credential(world: Any) -> Mapping[str, Any]:
    return {"credential_id": world.issued_credential.pk}


def _link(world: Any) -> Mapping[str, Any]:
    return {"token": world.private_token}


# Learners' data are for registrars alone; those of another institution do not find them.
_REGISTRARS = signed_in(403, registrar=200, other_registrar=200)
_REGISTRARS_HERE = signed_in(403, registrar=200, other_registrar=404)
_REGISTRARS_DONE = signed_in(403, registrar=302, other_registrar=404)
_REGISTRARS_FAULT = signed_in(403, registrar=422, other_registrar=404)

ISSUING: list[Row] = [
    Row("issuing:batches", None, _REGISTRARS),
    Row("issuing:new", None, _REGISTRARS),
    Row("issuing:new", None, signed_in(403, registrar=422, other_registrar=422), method="post"),
    Row("issuing:template", None, _REGISTRARS),
    Row("issuing:batch", lambda world: {"batch_id": world.issued_list.pk}, _REGISTRARS_HERE),
    Row("issuing:batch", _faulty, _REGISTRARS_DONE),
    Row("issuing:columns", _faulty, _REGISTRARS_HERE),
    Row("issuing:check", _faulty, _REGISTRARS_HERE),
    Row("issuing:check", _faulty, _REGISTRARS_DONE, method="post", data={"cell-2-1": "Novak", "revision": "1"}),
    Row("issuing:faults", _faulty, _REGISTRARS_HERE),
    Row("issuing:replace", _faulty, _REGISTRARS_FAULT, method="post"),
    Row("issuing:preview", _right, _REGISTRARS_HERE),
    Row("issuing:preview", _right, _REGISTRARS_DONE, method="post", data={"revision": "1"}),
    Row("issuing:discard", _faulty, _REGISTRARS_HERE),
    Row("issuing:discard", _faulty, _REGISTRARS_DONE, method="post"),
    Row("issuing:retry", _faulty, _REGISTRARS_DONE, method="post"),
    Row("issuing:credentials", None, _REGISTRARS),
    # Whoever has chosen nothing that is there for them is led back.
    Row("issuing:send-chosen-again", None, signed_in(403, registrar=302, other_registrar=302), method="post"),
    Row("issuing:export-chosen", None, signed_in(403, registrar=302, other_registrar=302), method="post"),
    Row("issuing:credential", _credential, _REGISTRARS_HERE),
    Row("issuing:document", _credential, _REGISTRARS_HERE),
    Row("issuing:document-pdf", _credential, _REGISTRARS_HERE),
    Row("issuing:revoke", _credential, _REGISTRARS_HERE),
    Row("issuing:revoke", _credential, _REGISTRARS_DONE, method="post", data={"reason": "wrong-data"}),
    Row("issuing:erase-learner", _credential, _REGISTRARS_HERE),
    Row("issuing:erase-learner", _credential, _REGISTRARS_DONE, method="post", data={"understood": "on"}),
    Row("issuing:release-claim", _credential, _REGISTRARS_DONE, method="post"),
    Row("issuing:send-again", _credential, _REGISTRARS_HERE),
    Row("issuing:send-again", _credential, _REGISTRARS_DONE, method="post", data={"email": "leon@example.org"}),
    # Whoever has the link may read; without it there is nothing, whoever asks.
    Row("issuing:private", _link, everyone(200)),
    Row("issuing:private-document", _link, everyone(200)),
    Row("issuing:private-pdf", _link, everyone(200)),
    Row("issuing:private-picture", _link, everyone(200)),
    Row("issuing:private", lambda world: {"token": "a-token-that-was-never-made"}, everyone(404)),
    Row("issuing:private-pdf", lambda world: {"token": "a-token-that-was-never-made"}, everyone(404)),
    Row("issuing:private-picture", lambda world: {"token": "a-token-that-was-never-made"}, everyone(404)),
    Row("issuing:private-document", lambda world: {"token": "a-token-that-was-never-made"}, everyone(404)),
    Row("issuing:claim", _link, signed_in(302), method="post"),
    Row("issuing:claim", lambda world: {"token": "a-token-that-was-never-made"}, everyone(404), method="post"),
    Row("issuing:status-list", lambda world: {"list_id": world.status_list.pk}, everyone(200)),
    Row("api:class-lists", None, everyone(401)),
    Row("api:class-list-upload", None, everyone(401), method="post"),
    Row("api:class-list-discard", _faulty, everyone(401), method="delete"),
    Row("api:class-list", _faulty, everyone(401)),
    Row("api:class-list-columns", _faulty, everyone(401), method="put"),
    Row("api:class-list-cells", _faulty, everyone(401), method="patch"),
    Row("api:class-list-issue", _right, everyone(401), method="post"),
    Row("api:credentials", None, everyone(401)),
    Row("api:credential", _credential, everyone(401)),
    Row("api:credential-document", _credential, everyone(401)),
    Row("api:credential-revoke", _credential, everyone(401), method="post"),
]

VERIFICATION: list[Row] = [
    Row("verification:start", None, everyone(200)),
    Row("verification:start", None, everyone(422), method="post"),
    # Answered for nobody unless it is switched on.
    Row("verification:vc-api", None, everyone(404)),
    Row("verification:vc-api-issue", lambda world: {"suite": "eddsa-rdfc-2022"}, everyone(404), method="post"),
    Row("verification:vc-api-verify-credential", None, everyone(404), method="post"),
    Row("verification:vc-api-verify-presentation", None, everyone(404), method="post"),
    Row("verification:vc-api-derive", None, everyone(404), method="post"),
    Row("verification:vc-api-status-list", lambda world: {"purpose": "revocation"}, everyone(404)),
    Row("verification:vc-api-resolve", lambda world: {"did": "did:key:z6Mk"}, everyone(404)),
]


def _legal_text(world: Any) -> Mapping[str, Any]:
    return {"kind": "imprint", "language": "en"}


PORTAL: list[Row] = [
    Row("portal:start", None, everyone(200)),
    Row("portal:robots", None, everyone(200)),
    Row("portal:sitemap", None, everyone(200)),
    Row("portal:sitemap-section", lambda world: {"section": "catalogue"}, everyone(200)),
    Row("portal:sitemap-section", lambda world: {"section": "people"}, everyone(404)),
    Row("portal:home", None, signed_in(200)),
    Row("portal:about", None, everyone(200)),
    Row("portal:accessibility", None, everyone(200)),
    Row("portal:privacy", None, everyone(200)),
    Row("portal:help", None, everyone(200)),
    Row("portal:guide", lambda world: {"key": "registrar"}, everyone(200)),
    Row("portal:guide", lambda world: {"key": "no-such-guide"}, everyone(404)),
    # Everybody has first steps in their own roles only.
    Row("portal:tours", None, signed_in(200)),
    Row(
        "portal:change-tour",
        lambda world: {"role": "registrar"},
        signed_in(404, registrar=302, other_registrar=302, two_places=302),
        method="post",
        data={"do": "leave"},
    ),
    Row(
        "portal:change-tour",
        lambda world: {"role": "learner"},
        signed_in(404, learner=302),
        method="post",
        data={"do": "tick:check"},
    ),
    Row("portal:legal", lambda world: {"kind": "imprint"}, everyone(200)),
    Row("portal:legal", lambda world: {"kind": "terms-of-use"}, everyone(200)),  # says that there are none
    Row("portal:legal", lambda world: {"kind": "accessibility-contact"}, everyone(404)),  # no page of its own
    Row("portal:legal-version", lambda world: {"kind": "imprint", "language": "en", "number": 1}, everyone(200)),
    Row("portal:legal-version", lambda world: {"kind": "imprint", "language": "en", "number": 9}, everyone(404)),
    Row("portal:legal-texts", None, signed_in(403, coordinator=200)),
    Row("portal:edit-legal-text", _legal_text, signed_in(403, coordinator=200)),
    Row(
        "portal:edit-legal-text",
        _legal_text,
        signed_in(403, coordinator=302),
        method="post",
        data={"body": "Who runs this site", "revision": "1"},
    ),
    Row("portal:edit-legal-text", _legal_text, signed_in(403, coordinator=400), method="post"),
    Row("portal:publish-legal-text", _legal_text, signed_in(403, coordinator=200)),
    Row("portal:publish-legal-text", _legal_text, signed_in(403, coordinator=409), method="post"),
]

DEMO: list[Row] = [
    Row("demo:start", None, everyone(200)),
    Row("demo:file", lambda world: {"name": "built.json"}, everyone(404)),
    Row("demo:outbox", None, everyone(200)),
    Row("demo:message", lambda world: {"message_id": "20260101-000000-1.0"}, everyone(404)),
]

API: list[Row] = [
    Row("api:openapi-json", None, everyone(200)),
    Row("api:api-root", None, everyone(404)),
    Row("api:verify", None, everyone(400), method="post"),
]

ROWS = [*KERNEL, *UI, *ACCOUNTS, *INSTITUTIONS, *CATALOGUE, *ISSUING, *VERIFICATION, *PORTAL, *DEMO, *API]
