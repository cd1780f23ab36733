"""The forms of the catalogue and of the drafts."""

from openmcx.catalogue.forms.pages import (
    DraftFilterForm,
    ImportForm,
    LanguagesForm,
    NewForm,
    PublishForm,
    SearchForm,
    WithdrawForm,
)
from openmcx.catalogue.forms.section import SectionForm, rearranged

__all__ = [
    "DraftFilterForm",
    "ImportForm",
    "LanguagesForm",
    "NewForm",
    "PublishForm",
    "SearchForm",
    "SectionForm",
    "WithdrawForm",
    "rearranged",
]
