"""What reader and writer of the European Learning Model must agree on."""

from types import MappingProxyType
from urllib.parse import quote, unquote

from openmcx.credentials.formats import vocabularies

# The second defines ELM's terms; "id" and "type" come from the first.
CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
# Ids of this kind are made up within one document and mean something else in the next.
LOCAL_ID = "urn:epass:"
SPECIFICATION_TYPES = frozenset({"LearningAchievementSpecification", "Qualification"})

_OWN = "urn:openmcx:"
TOPIC = f"{_OWN}topic:"
TARGET_GROUP = f"{_OWN}target-group:"
SUPERVISION = f"{_OWN}supervision:"
LEARNING_TYPE = f"{_OWN}learning-type:"
CYCLE = f"{_OWN}cycle:"
ISCED_LEVEL = f"{_OWN}isced-level:"
_FRAMEWORK = f"{_OWN}framework:"
# What ELM has no property for in an award.
STATUS = f"{LOCAL_ID}status:"
WHOLE_ASSESSMENT = f"{_OWN}assessment:whole"
PERCENT = f"{TOPIC}percent"
ECTS_GRADE = f"{TOPIC}ects-grade"
PRICE = f"{LOCAL_ID}price:"
ASSURANCE_NOTE = f"{TOPIC}quality-assurance:"

# Texts that ELM has no property for are notes; their subject says which they are.
NOTES = MappingProxyType(
    {
        "criteria": "criteria",
        "modality": "modality_note",
        "target-group": "target_group_note",
        "admission": "admission",
        "stackability": "stackability",
        "need": "need",
        "need-evidence": "need_evidence",
        "standards": "standards",
        "monitoring": "monitoring",
        "further-information": "further_information",
    }
)
_ACCREDITATION = "http://data.europa.eu/snb/accreditation/"
# Source: Europass accreditation types. A licence is read as what it licenses.
ASSURANCE_KINDS = MappingProxyType(
    {
        f"{_ACCREDITATION}bb4618238e": "institutional",
        f"{_ACCREDITATION}820101cba6": "programme",
        f"{_ACCREDITATION}003293d2ce": "institutional",
        f"{_ACCREDITATION}e57dddfcf3": "programme",
    }
)
ASSURANCE_KIND = f"{_OWN}quality-assurance:"
# What a note calls quality assurance that has no title of its own.
ASSURANCE_TITLES = MappingProxyType(
    {
        "institutional": "Institutional quality assurance",
        "programme": "Programme quality assurance",
        "course": "Course quality assurance",
        "professional": "Professional accreditation",
        "none": "No external quality assurance",
    }
)
# The title of an assessment of which neither title nor kind is known.
ASSESSMENT = "Assessment"
# Between the title in such a note and what else is known.
ASSURANCE_DASH = " — "
_FRAMEWORKS = {"ESCO": vocabularies.ESCO_SKILLS, "DigComp": "http://data.europa.eu/snb/dcf/25831c2"}


def framework_iri(framework: str) -> str:
    """This will give the IRI of a skills framework, made up from its name when it is not one that is known."""
    if ":" in framework:
        return framework
    return _FRAMEWORKS.get(framework) or _FRAMEWORK + quote(framework, safe="")


def framework_name(iri: str) -> str:
    """This will give the name of a skills framework."""
    known = next((name for name, known in _FRAMEWORKS.items() if known == iri), None)
    return known or (unquote(iri[len(_FRAMEWORK) :]) if iri.startswith(_FRAMEWORK) else iri)
