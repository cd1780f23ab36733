"""How fast the core is, measured in one run with what it is compared with."""
