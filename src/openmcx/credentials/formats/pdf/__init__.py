"""A credential as one file for people and machines: PDF/A-3a and PDF/UA-1 with the signed credential attached."""

from openmcx.credentials.formats.pdf.sheet import Row, Section, Sheet, Text, sheet
from openmcx.credentials.formats.pdf.writing import STANDARDS, write
from openmcx.credentials.pdf_files.reading import MAX_PDF_BYTES, Attached, extract

__all__ = [
    "MAX_PDF_BYTES",
    "STANDARDS",
    "Attached",
    "Row",
    "Section",
    "Sheet",
    "Text",
    "extract",
    "sheet",
    "write",
]
