"""PAdES: the seal of a PDF file, an advanced electronic seal in the file itself.

    sealed = seal(pdf, signer=signer, chain=chain, sealed_at=now, timestamp=ask_authority)
    found = verify(sealed, at=now, anchors=trusted)
    found.certificate.subject, found.path

Levels B-B and B-T are made. A seal counts here only if it covers the whole file: whatever was added afterwards, even
what the standard would allow, is refused, as nobody can tell by a program what it does to the page. The file is read by
our own reader, which bounds its work (see `pdf_files`); pyHanko only writes.

Source: ETSI EN 319 142-1, sections 5 and 6 (PAdES baseline signatures); ISO 32000-1, section 12.8; RFC 5652, section 5;
RFC 5035 (signing certificate, version 2).
"""

from openmcx.credentials.proofs.pades.pkcs12 import RsaSigner, read_pkcs12
from openmcx.credentials.proofs.pades.sealing import Timestamp, seal
from openmcx.credentials.proofs.pades.verifying import SealedPdf, verify

__all__ = ["RsaSigner", "SealedPdf", "Timestamp", "read_pkcs12", "seal", "verify"]
