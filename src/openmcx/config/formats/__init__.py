"""How dates and numbers are written where Django's own form of a language is not the European one."""
