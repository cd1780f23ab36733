"""What is accepted for verification, and how often."""

import datetime as dt

from openmcx.kernel.ratelimit import Limit

# A credential is text of some kilobytes; embedded images make it larger. Units: bytes.
MAX_DOCUMENT_BYTES = 1024 * 1024
# What a form adds around the document: boundaries, field names, the empty fields. Units: bytes.
FORM_OVERHEAD_BYTES = 64 * 1024
MAX_LINK_CHARACTERS = 2000

# One network (IPv4 address or IPv6 /64); a lecture hall behind one address stays below it.
DOCUMENTS_PER_CLIENT = Limit("verification.documents", count=60, seconds=60)
# A link makes this node ask another server, so it is dearer.
LINKS_PER_CLIENT = Limit("verification.links", count=15, seconds=60)

# One verification asks for a DID document and one status list per purpose, each once. Units: seconds.
MAX_FETCHES = 6
FETCH_SECONDS = 5.0
TOTAL_FETCH_SECONDS = 12.0
# A status list of 131,072 entries has about 22 kB; a signed one with many entries set stays far below this.
MAX_FETCHED_BYTES = 4 * 1024 * 1024

KEEP_STATISTICS = dt.timedelta(days=400)

# What is read and thrown away of a request that is too large, so that its sender sees the answer. Units: bytes.
MAX_DISCARDED_BYTES = 64 * 1024 * 1024
