"""What every app of the node stands on; nothing here knows a domain.

Ids, refusals, actors, scopes, audit, events, slots, jobs, personal data, e-mail and outbound HTTP.
"""
