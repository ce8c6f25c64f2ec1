"""What is done at night for the whole portal."""

from celery import shared_task

from pages import purge as purging

# A first purge of an old portal; the next ones take seconds.
LONGEST = 3600


@shared_task(time_limit=LONGEST)
def purge() -> int:
    """Erase all that is past its time; how much went."""
    return sum(line.count for line in purging.run())
