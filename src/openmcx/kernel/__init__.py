"""What every app of the node stands on: ids, refusals, actors, audit, events, slots, jobs, personal data, outbound HTTP.

Nothing here knows a domain.
"""
