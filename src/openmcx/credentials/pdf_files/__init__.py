"""PDF files as far as credentials need them: their objects, and what is attached to them."""

from openmcx.credentials.pdf_files.reading import MAX_PDF_BYTES, Attached, PdfFile, extract

__all__ = ["MAX_PDF_BYTES", "Attached", "PdfFile", "extract"]
