"""Tasks of before there were jobs, which name the row that was ordered: each does the job of that row."""

from competencies.packets.models import ExportItem, Order
from competencies.people_import.models import Run
from competencies.personal_data.models import Export
from ladder.jobs.performing import perform
from ladder.jobs.queue import task


@task()
def build_export(export_pk: int) -> None:
    """Build a copy of a record."""
    perform.call(Export.objects.get(pk=export_pk).job_id)


@task()
def perform_run(run_pk: int) -> None:
    """Do what was asked for with an import."""
    perform.call(Run.objects.get(pk=run_pk).job_id)


@task()
def typeset_packet(packet_pk: int) -> None:
    """Make the document of a packet, as it was ordered last."""
    if order := Order.objects.filter(packet=packet_pk).first():
        perform.call(order.job_id)


@task()
def build_item(item_pk: int) -> None:
    """Make a packet of an export."""
    perform.call(ExportItem.objects.get(pk=item_pk).job_id)
