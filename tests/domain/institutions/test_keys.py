"""Signing keys: what signs, what others see, what happens when keys change."""

import datetime as dt
import json

import pytest

from openmcx.credentials.keys.did_web import find_key
from openmcx.institutions import operations, queries, slots
from openmcx.institutions.events import SigningKeyReplaced, SigningKeyRevoked
from openmcx.institutions.models import SigningKey
from openmcx.institutions.operations import Audit
from openmcx.kernel import events, jobs, vault
from openmcx.kernel.errors import NotPermitted
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.slots import document_at, static_documents
from tests.cast import Cast

AT = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)


def test_the_signer_signs_with_the_key_that_the_did_document_lists(cast: Cast) -> None:
    signer = queries.signer(cast.lakeside.pk)
    listed = find_key(queries.did_document(cast.lakeside), signer.verification_method)
    assert listed.key == signer.public_key
    assert (listed.expires_at, listed.revoked_at) == (None, None)


def test_the_secret_is_stored_sealed_and_opens_only_in_its_own_row(cast: Cast) -> None:
    mine, other = queries.active_key(cast.lakeside.pk), queries.active_key(cast.hillside.pk)
    SigningKey.objects.filter(pk=other.pk).update(sealed_secret=mine.sealed_secret)
    with pytest.raises(vault.VaultError):
        queries.signer(cast.hillside.pk)


def test_a_new_key_leaves_the_old_one_valid_for_what_it_signed(cast: Cast) -> None:
    old = queries.signer(cast.lakeside.pk)
    key = operations.rotate_key(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk)
    new = queries.signer(cast.lakeside.pk)
    assert new.verification_method == key.verification_method == f"{cast.lakeside.did}#key-2"
    document = queries.did_document(cast.lakeside)
    assert find_key(document, old.verification_method).key == old.public_key
    assert find_key(document, old.verification_method).expires_at == AT
    assert find_key(document, new.verification_method).expires_at is None
    retired = SigningKey.objects.get(institution=cast.lakeside, fragment="key-1")
    assert (retired.retired_at, retired.sealed_secret) == (AT, None)


def test_a_revoked_key_is_named_revoked_and_replaced(cast: Cast) -> None:
    old = queries.active_key(cast.lakeside.pk)
    operations.revoke_key(by=cast.actor(cast.ada), at=AT, key_id=old.pk)
    document = queries.did_document(cast.lakeside)
    assert find_key(document, old.verification_method).revoked_at == AT
    assert queries.signer(cast.lakeside.pk).verification_method == f"{cast.lakeside.did}#key-2"
    again = operations.revoke_key(by=cast.actor(cast.ada), at=AT + dt.timedelta(days=1), key_id=old.pk)
    assert again.revoked_at == AT


def test_a_retired_key_can_still_be_revoked_without_touching_the_active_one(cast: Cast) -> None:
    old = queries.active_key(cast.lakeside.pk)
    new = operations.rotate_key(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk)
    operations.revoke_key(by=cast.actor(cast.ada), at=AT, key_id=old.pk)
    assert queries.active_key(cast.lakeside.pk) == new


def test_who_is_told_and_what_is_written_down(cast: Cast) -> None:
    told: list[events.Event] = []

    def listen(event: events.Event, *, at: dt.datetime) -> None:
        told.append(event)

    for kind in (SigningKeyReplaced, SigningKeyRevoked):
        events.subscribe(kind, listen, name="test.listener")
    try:
        key = operations.rotate_key(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk)
        operations.revoke_key(by=cast.actor(cast.ada), at=AT, key_id=key.pk)
        jobs.run_pending()
    finally:
        for kind in (SigningKeyReplaced, SigningKeyRevoked):
            del events._handlers[kind.name]["test.listener"]
    third = queries.active_key(cast.lakeside.pk)
    assert set(told) == {
        SigningKeyReplaced(cast.lakeside.pk, key.pk),
        SigningKeyRevoked(cast.lakeside.pk, key.pk),
        SigningKeyReplaced(cast.lakeside.pk, third.pk),
    }
    rows = AuditRecord.objects.filter(action__startswith="institutions.key", at=AT).order_by("number")
    assert [row.action for row in rows] == [Audit.KEY_ROTATED, Audit.KEY_REVOKED, Audit.KEY_CREATED]
    assert "secret" not in json.dumps([row.data for row in rows])


@pytest.mark.parametrize("who", ["rita", "anna", "carla", "otto", "leon", "mallory", None])
def test_only_an_institutions_own_administrators_change_keys(cast: Cast, who: str | None) -> None:
    actor = cast.actor(getattr(cast, who) if who else None)
    with pytest.raises(NotPermitted):
        operations.rotate_key(by=actor, at=AT, institution_id=cast.lakeside.pk)
    with pytest.raises(NotPermitted):
        operations.revoke_key(by=actor, at=AT, key_id=queries.active_key(cast.lakeside.pk).pk)


def test_the_document_is_found_by_did_and_by_address(cast: Cast) -> None:
    assert queries.institution_for_did(cast.lakeside.did) == cast.lakeside
    assert queries.institution_for_did(f"{cast.lakeside.did}#key-1") == cast.lakeside
    for stranger in (
        "did:web:elsewhere.example:institutions:lakeside",
        "did:web:testserver:institutions:nowhere",
        "did:web:testserver:institutions",
        "did:web:testserver",
        "did:web:testserver:institutions:lakeside:more",
        "did:web:",
        "did:web:testserver:institutions:%6Cakeside%2F..",
        "did:key:z6Mk",
        "",
    ):
        assert queries.institution_for_did(stranger) is None, stranger


def test_the_kernel_gets_the_document_as_it_is_served(cast: Cast) -> None:
    served = cast.client().get("/institutions/lakeside/did.json").content
    assert document_at("https://testserver/institutions/lakeside/did.json") == served
    assert document_at("http://testserver/institutions/lakeside/did.json") == served
    assert document_at("https://elsewhere.example/institutions/lakeside/did.json") is None
    files = {document.path: document for documents in static_documents.ask(None) for document in documents}
    assert files["institutions/lakeside/did.json"].body == served
    assert "institutions/hillside/did.json" in files


def test_what_was_signed_with_a_key_comes_from_above(cast: Cast) -> None:
    key = queries.active_key(cast.lakeside.pk)
    slots.key_uses.register(lambda key_id: [slots.KeyUse(f"Things of {key_id}", 3)], name="test.uses")
    try:
        assert slots.KeyUse(f"Things of {key.pk}", 3) in queries.key_uses(key.pk)
    finally:
        del slots.key_uses._providers["test.uses"]
