"""What the demonstration offers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.slots import SignInHint

# Everybody may know it: it opens a demonstration on one's own machine, which refuses to listen anywhere else.
PASSWORD = "mosaic-of-small-tiles"  # noqa: S105 - shown on the page that asks for it
COORDINATOR = ("Cora Kivi", "coordinator@network.example", "en")
LEARNER = "aino.virtanen@learners.example"
# The data files beside the specifications.
DATA = ("institutions", "learners", "runs", "class_list", "legal_texts")
# The Commission's sample of a micro-credential, as it was published.
SAMPLE = "Sample-MC-Annex1-unsigned-uploadable.json"
# The institution whose people are shown among the sign-ins.
HOME = "kaislaranta"
NEIGHBOUR = "brueckental"


@dataclass(frozen=True, slots=True)
class TryFile:
    """A file to try something with."""

    name: str
    label: str | Promise
    hint: str | Promise
    media_type: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return folder() / self.name


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES = (
    TryFile(
        SAMPLE,
        _("A micro-credential in the European Learning Model"),
        _("The European Commission's own sample. Import it: one mandatory element is missing and asked for."),
        "application/json",
    ),
    TryFile(
        "class-list.xlsx",
        _("Class list with three faults (Excel)"),
        _("Thirty learners. Upload it when you issue credentials: each fault is shown with row, column and remedy."),
        _XLSX,
    ),
    TryFile(
        "class-list.csv",
        _("The same class list (CSV)"),
        _("Separated by semicolons, as a European Excel saves it."),
        "text/csv",
    ),
    TryFile(
        "credential.json",
        _("A genuine credential"),
        _("Check it: it is verified."),
        "application/vc+ld+json",
    ),
    TryFile(
        "credential-tampered.json",
        _("A credential with one changed character"),
        _("Check it: the signature no longer matches."),
        "application/vc+ld+json",
    ),
    TryFile(
        "credential-revoked.json",
        _("A revoked credential"),
        _("Check it: the signature is right, but the issuer has revoked it."),
        "application/vc+ld+json",
    ),
    TryFile(
        "credential-expired.json",
        _("An expired credential"),
        _("Check it: it was valid for one year, and the year is over."),
        "application/vc+ld+json",
    ),
)


def folder() -> Path:
    """This will return where the files to try lie."""
    return Path(settings.OPENMCX_DATA_DIR) / "demo-files"


def files() -> list[TryFile]:
    """This will list the files that are there."""
    return [one for one in _FILES if one.path.is_file()]


@cache
def data(name: str) -> Any:
    """This will read one of the demonstration's data files."""
    return json.loads(resources("openmcx.demo").joinpath("data", f"{name}.json").read_text(encoding="utf-8"))


def sample() -> bytes:
    """This will read the Commission's sample, byte for byte."""
    return resources("openmcx.demo").joinpath("data", "european-learning-model", SAMPLE).read_bytes()


def sign_in_hints(question: None) -> list[SignInHint]:
    """This will list the sign-ins that are shown: one of each role, and a registrar of another university."""
    labels = {
        "registrar": _("Registrar: issues credentials"),
        "author": _("Course author: describes micro-credentials"),
        "institution-admin": _("Administrator: profile, people and keys"),
    }
    institutions = {one["slug"]: one for one in data("institutions")}
    hints = [
        SignInHint(label=str(labels[person["role"]]), email=person["email"], password=PASSWORD, role=person["role"])
        for person in institutions[HOME]["staff"]
    ]
    hints.append(
        SignInHint(label=str(_("Learner: sees her credentials")), email=LEARNER, password=PASSWORD, role="learner")
    )
    hints.append(
        SignInHint(
            label=str(_("Coordinator: sees the whole network")),
            email=COORDINATOR[1],
            password=PASSWORD,
            role="coordinator",
        )
    )
    other = next(person for person in institutions[NEIGHBOUR]["staff"] if person["role"] == "registrar")
    hints.append(
        SignInHint(
            label=str(_("Registrar of another university")), email=other["email"], password=PASSWORD, role="registrar"
        )
    )
    return hints
