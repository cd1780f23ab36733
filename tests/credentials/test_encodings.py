"""One award in every encoding: each is verified as the award it was made from, less what is said to be lost."""

import dataclasses
import itertools

import pytest

from openmcx.credentials import KnownIssuer, Verdict, losses, verify
from openmcx.credentials.encodings import ENCODINGS, KEEPS, lost, lost_between
from openmcx.credentials.errors import FormatError
from openmcx.credentials.findings import SENTENCES
from openmcx.credentials.wording import KINDS
from tests.credentials.examples import CREDENTIAL, DID, ISSUER, NOW, OTHER_SIGNER, SIGNED_AT, SIGNER

AWARD = dataclasses.replace(CREDENTIAL, status=())
KNOWN = {DID: KnownIssuer(name=ISSUER.name)}
WHOLE = ["open-badge-3", "open-badge-3-jwt", "credential-jwt", "credential-sd-jwt", "credential-cose", "pdf"]


@pytest.mark.parametrize("kind", ENCODINGS)
def test_each_is_verified_as_what_it_keeps_of_the_award(kind):
    signed = ENCODINGS[kind].issue(AWARD, signer=SIGNER, created=SIGNED_AT)
    report = verify(signed, at=NOW, issuer_directory=KNOWN.get)
    assert report.verdict is Verdict.VERIFIED
    kept = KEEPS[kind](AWARD)
    # When it was signed decides since when a wallet's credential holds, if it says nothing else.
    assert dataclasses.replace(report.credential, valid_from=kept.valid_from) == kept


@pytest.mark.parametrize("kind", ENCODINGS)
def test_nobody_signs_in_somebody_elses_name(kind):
    with pytest.raises(FormatError, match="key"):
        ENCODINGS[kind].issue(AWARD, signer=OTHER_SIGNER, created=SIGNED_AT)


@pytest.mark.parametrize("kind", WHOLE)
def test_these_lose_nothing(kind):
    assert lost(CREDENTIAL, kind) == ()


@pytest.mark.parametrize("kind", sorted(KEEPS.keys() - set(WHOLE)))
def test_the_others_say_what_they_lose(kind):
    told = losses.findings(lost(CREDENTIAL, kind), kind)
    assert told
    assert len({finding.sentence for finding in told}) == len(told)
    assert all(KINDS[kind] in finding.sentence for finding in told)
    assert {finding.code for finding in told} <= SENTENCES.keys()


def test_the_european_digital_credential_keeps_what_the_european_standard_asks_for():
    elements = {loss.element for loss in lost(CREDENTIAL, "european-digital-credential")}
    kept = ("title", "outcomes", "workload_ects", "eqf_level", "assessments", "participation", "quality_assurance")
    assert {element for element in elements if element.startswith(tuple(f"achievement.{name}" for name in kept))} <= {
        "achievement.outcomes.descriptor",
        "achievement.outcomes.skills.code",
        "achievement.assessments.requirements",
        "achievement.assessments.weight_percent",
    }


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(KEEPS, 2)))
def test_for_every_pair_what_goes_is_what_the_second_cannot_hold_of_the_first(source, target):
    try:
        gone = {(loss.element, loss.way) for loss in lost_between(CREDENTIAL, source, target)}
    except FormatError:
        # What was lost before may be what another form cannot do without: that is no way to go.
        assert source not in WHOLE
        return
    assert source not in WHOLE or gone == {(loss.element, loss.way) for loss in lost(CREDENTIAL, target)}
    assert target not in WHOLE or gone == set()
