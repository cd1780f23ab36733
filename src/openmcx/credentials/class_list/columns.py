"""Which heading means what, in English, German, Spanish and Finnish."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from openmcx.credentials.class_list.model import FIELDS, Column

HEADERS: dict[str, tuple[str, ...]] = {
    "given_name": (
        "given name", "given names", "first name", "first names", "firstname", "forename", "forenames",
        "vorname", "vornamen", "rufname",
        "nombre", "nombres", "nombre de pila",
        "etunimi", "etunimet", "kutsumanimi",
    ),
    "family_name": (
        "family name", "family names", "last name", "last names", "lastname", "surname", "surnames",
        "nachname", "familienname", "zuname",
        "apellido", "apellidos",
        "sukunimi",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "mail address",
        "mailadresse", "email adresse", "e mail adresse",
        "correo", "correo electronico", "direccion de correo", "direccion de correo electronico", "email institucional",
        "sahkoposti", "sahkopostiosoite",
    ),
    "date_of_birth": (
        "date of birth", "birth date", "birthdate", "birthday", "dob", "born", "born on",
        "geburtsdatum", "geburtstag", "geb datum", "geboren", "geboren am",
        "fecha de nacimiento", "f nacimiento", "nacimiento",
        "syntymaaika", "syntymapaiva",
    ),
    "grade": (
        "grade", "mark", "result", "final grade", "final mark",
        "note", "endnote", "gesamtnote", "bewertung", "ergebnis",
        "nota", "calificacion", "nota final", "calificacion final", "resultado",
        "arvosana", "loppuarvosana", "tulos",
    ),
    "percent": (
        "percent", "per cent", "percentage", "grade in percent", "grade in per cent", "score percent",
        "prozent", "note in prozent", "ergebnis in prozent", "porcentaje",
        "nota en porcentaje", "prosentti", "prosenttia",
    ),
    "ects_grade": ("ects grade", "ects note", "nota ects", "calificacion ects", "ects arvosana"),
    "awarded_on": (
        "awarded on", "award date", "date of award", "date awarded", "date of the award", "issued on", "issue date",
        "completion date", "completed on", "date completed", "passed on", "date",
        "verliehen am", "verleihungsdatum", "ausstellungsdatum", "abschlussdatum", "abgeschlossen am",
        "bestanden am", "datum",
        "fecha de concesion", "fecha de emision", "fecha de expedicion", "fecha de finalizacion", "fecha",
        "myonnetty", "myontamispaiva", "suorituspaiva", "suorituspvm", "paivamaara",
    ),
    "learner_number": (
        "learner number", "student number", "student id", "learner id", "student no", "matriculation number",
        "id number",
        "matrikelnummer", "matrikel nr", "matrikelnr", "matr nr", "studierendennummer",
        "numero de estudiante", "numero de matricula", "matricula", "expediente", "numero de expediente",
        "opiskelijanumero", "opiskelijatunnus",
    ),
    "language": (
        "language", "preferred language", "lang",
        "sprache", "bevorzugte sprache", "idioma", "lengua", "kieli", "asiointikieli",
    ),
    "evidence_url": (
        "evidence", "evidence url", "evidence link", "link to evidence", "nachweis", "nachweis url",
        "link zum nachweis",
        "evidencia", "enlace a la evidencia", "naytto", "linkki nayttoon",
    ),
}  # fmt: skip


# The headings of an empty list to be filled in, in the order of the fields.
_TEMPLATES = {
    "en": (
        "Given name", "Family name", "E-mail", "Date of birth", "Grade", "Percent", "ECTS grade", "Awarded on",
        "Student number", "Language", "Link to evidence",
    ),
    "de": (
        "Vorname", "Nachname", "E-Mail", "Geburtsdatum", "Note", "Prozent", "ECTS-Note", "Verliehen am",
        "Matrikelnummer", "Sprache", "Link zum Nachweis",
    ),
    "es": (
        "Nombre", "Apellidos", "Correo electrónico", "Fecha de nacimiento", "Calificación", "Porcentaje",
        "Calificación ECTS", "Fecha de concesión", "Número de estudiante", "Idioma", "Enlace a la evidencia",
    ),
    "fi": (
        "Etunimi", "Sukunimi", "Sähköposti", "Syntymäaika", "Arvosana", "Prosentti", "ECTS-arvosana", "Myöntämispäivä",
        "Opiskelijanumero", "Kieli", "Linkki näyttöön",
    ),
}  # fmt: skip


def template_headings(language: str) -> dict[str, str]:
    """This will return the heading of each field for an empty list, in English where the language is not known here."""
    return dict(zip(FIELDS, _TEMPLATES.get(language, _TEMPLATES["en"]), strict=True))


def plain(header: str) -> str:
    """This will return a heading without case, accents, punctuation and doubled blanks, for comparing."""
    folded = unicodedata.normalize("NFKD", header.casefold().replace("ß", "ss"))
    letters = (char if char.isalnum() else " " for char in folded if not unicodedata.combining(char))
    return " ".join("".join(letters).split())


_FIELD_BY_HEADER = {plain(header): field for field, headers in HEADERS.items() for header in headers}


def field_of(header: str) -> str:
    """This will return the field that a heading stands for, "" for a heading that is not known."""
    known = _FIELD_BY_HEADER.get(plain(header))
    # A heading such as “E-mail (university)” or “Geburtsdatum*” still says what it is before the bracket.
    return (
        known
        or _FIELD_BY_HEADER.get(plain(header.split("(")[0]), "")
        or _FIELD_BY_HEADER.get(plain(header.replace("_", " ")), "")
    )


def recognised(headers: Iterable[str]) -> int:
    """This will return how many different fields a row of headings names."""
    return len({field for header in headers if (field := field_of(header))})


def letter(index: int) -> str:
    """This will return the letters a spreadsheet shows for a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def columns_of(headers: Sequence[str]) -> tuple[Column, ...]:
    """This will return the columns of a heading row, each with a key that is unique in the file."""
    columns = []
    seen: set[str] = set()
    for index, header in enumerate(headers):
        name = letter(index)
        key = header or name
        if key in seen:
            key = f"{header} ({name})"
        seen.add(key)
        columns.append(Column(index=index, letter=name, header=header, key=key))
    return tuple(columns)


def guess_mapping(columns: Sequence[Column]) -> dict[str, str]:
    """This will return which column (by key) holds which field, judged by the headings alone.

    “Name” is the family name where another column holds the given name, as German and Finnish lists have it.
    """
    mapping: dict[str, str] = {}
    for column in columns:
        field = field_of(column.header)
        if field and field not in mapping.values():
            mapping[column.key] = field
    if "given_name" in mapping.values() and "family_name" not in mapping.values():
        for column in columns:
            if plain(column.header) in {"name", "nimi"}:
                mapping[column.key] = "family_name"
                break
    return mapping
