"""Class lists for a worker process that a test may kill, on the database that the environment names.

``python -m tests.fakes.issuing_process prepare 300 2`` confirms two equal lists of 300; ``… report`` counts. The lists
are issued by ``tests.fakes.worker_process work``.
"""

import json
import os
import sys

import django


def prepare(count: int, lists: int) -> None:
    """Confirm equal lists of one micro-credential, as two registrars might at the same time."""
    from openmcx.kernel.actors import Actor
    from tests.factories import catalogue, institutions, issuing

    institution = institutions.institution()
    version = catalogue.version(institution.pk, by=Actor.system())
    # All are checked before the first is issued, so that none knows of the others.
    batches = [issuing.batch(institution, version=version, data=issuing.class_list(count)) for _ in range(lists)]
    from openmcx.issuing import operations
    from openmcx.kernel.scopes import scope

    with scope(institution=[institution.pk]):
        for batch in batches:
            operations.confirm(by=Actor.system(), at=issuing.AT, batch_id=batch.pk, revision=batch.revision)


def report() -> dict[str, object]:
    """Count what there is."""
    from django.db.models import Count
    from django.utils import timezone

    from openmcx.issuing.models import Award, Batch, BatchRow, Chunk, CredentialLink, IssuedCredential, Notice
    from openmcx.kernel import jobs
    from openmcx.kernel.models import AuditRecord
    from openmcx.kernel.scopes import scopes_disabled

    with scopes_disabled():
        state = jobs.status(at=timezone.now())
        chunk_rows = AuditRecord.objects.filter(action="issuing.chunk.issued")
        return {
            "credentials": IssuedCredential.objects.count(),
            "learners": IssuedCredential.objects.values("learner").distinct().count(),
            "indices": IssuedCredential.objects.values("status_list", "status_index").distinct().count(),
            "awards": Award.objects.count(),
            "links": CredentialLink.objects.count(),
            "messages": dict(Notice.objects.order_by().values_list("state").annotate(n=Count("pk"))),
            "rows": dict(BatchRow.objects.order_by().values_list("state").annotate(n=Count("pk"))),
            "batches": dict(Batch.objects.order_by().values_list("state").annotate(n=Count("pk"))),
            "chunks": Chunk.objects.filter(state="done").count(),
            "audited": chunk_rows.count(),
            "audited_credentials": sum(row.data["issued"] for row in chunk_rows),
            "tasks": [state.waiting, state.running, len(state.failed)],
        }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "openmcx.config.settings"
    django.setup()
    match sys.argv[1:]:
        case ["prepare", count, lists]:
            prepare(int(count), int(lists))
        case ["report"]:
            print(json.dumps(report()))
