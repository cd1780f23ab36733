"""A worker process that a test may kill, on the database that the environment names.

``python -m tests.fakes.worker_process begin 5`` makes the tables and enqueues; ``… work 2`` (seconds of lease) says
what is done, waits, runs and has failed, works, and says it again: one process, as each takes long to start.
"""

import os
import sys
import threading
import time

import django
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone


def work(lease_seconds: float) -> None:
    """Work until nothing waits and nothing runs."""
    from openmcx.kernel import jobs

    worker = jobs.Worker(lease_seconds=lease_seconds, ticks=False)

    faults: list[Exception] = []

    def release() -> None:
        try:
            while True:
                time.sleep(0.3)
                now = timezone.now()
                jobs.release_stalled(at=now, lease_seconds=lease_seconds)
                state = jobs.status(at=now)
                if not state.waiting and not state.running:
                    return
        except Exception as error:  # said by the process, which would else wait for ever
            faults.append(error)
        finally:
            worker.stop()

    threading.Thread(target=release, daemon=True).start()
    worker.run()
    if faults:
        raise faults[0]


def report() -> None:
    """Say how many chunks are done, wait, run and have failed."""
    from openmcx.kernel import jobs
    from openmcx.kernel.models import Tick

    state = jobs.status(at=timezone.now())
    done = Tick.objects.filter(pk__startswith="chunk ").count()
    print(done, state.waiting, state.running, len(state.failed), flush=True)


def main() -> None:
    """Do what the arguments say."""
    from tests.fakes import kernel_tasks

    match sys.argv[1:]:
        case ["begin", count]:
            call_command("migrate", verbosity=0, interactive=False)
            with transaction.atomic():
                for place in range(int(count)):
                    kernel_tasks.chunk.enqueue(place)
        case ["work", seconds]:
            report()
            work(float(seconds))
            report()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmcx.config.settings")
    django.setup()
    main()
