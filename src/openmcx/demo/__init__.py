"""A network to try: five fictional universities with their people, offers and credentials."""
