"""E-mail addresses in the one form in which they are stored, compared and looked up."""

# Longer than any domain; nobody is to make us work on more.
_DOMAIN_CHARACTERS = 255


def normal_email(address: str) -> str:
    """This will give an address in its one form: no outer blanks, small letters, the domain as it stands in the DNS.

    Addresses that lead to different mailboxes stay different: “straße.de” is not “strasse.de”.
    Source: RFC 5890 to 5892 (IDNA2008); UTS 46, section 4, non-transitional.
    """
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{domain_in_dns(domain)}" if at else domain.lower()


def domain_in_dns(domain: str) -> str:
    """This will write a domain as it stands in the DNS; one that cannot stand there is only put in small letters."""
    lowered = domain.lower()
    if lowered.isascii() or len(lowered) > _DOMAIN_CHARACTERS:
        return lowered
    import idna

    try:
        return idna.encode(lowered, uts46=True).decode()
    except UnicodeError:  # IDNAError is one
        return lowered
