"""Where tasks stood before they moved: those that wait in a database of before are found all the same."""

from ladder.jobs.task_database import DBTaskResult

FORMER = {
    "ladder.addresses.tell_old_addresses": "ladder.jobs.import_runs.tell_old_addresses",
    "ladder.bundling.build_item": "ladder.jobs.former_tasks.build_item",
    "ladder.exporting.build_export": "ladder.jobs.former_tasks.build_export",
    "ladder.exporting.clear_away": "ladder.jobs.record_exports.clear_away",
    "ladder.jobs.import_runs.perform_run": "ladder.jobs.former_tasks.perform_run",
    "ladder.jobs.packet_documents.typeset_packet": "ladder.jobs.former_tasks.typeset_packet",
    "ladder.jobs.packet_exports.build_item": "ladder.jobs.former_tasks.build_item",
    "ladder.jobs.record_exports.build_export": "ladder.jobs.former_tasks.build_export",
    "ladder.letters.send_letter": "ladder.jobs.email_outbox.send_letter",
    "ladder.pages.doors.letters.invite_everyone": "ladder.pages.onboarding.emails.invite_everyone",
    "ladder.pages.imports.runs.forget_stale_imports": "ladder.jobs.import_runs.forget_stale_imports",
    "ladder.pages.imports.runs.perform_run": "ladder.jobs.former_tasks.perform_run",
    "ladder.typesetting.typeset_packet": "ladder.jobs.former_tasks.typeset_packet",
}


def rename_former() -> int:
    """Write today's path into each task that names a former one; return how many did."""
    return sum(
        DBTaskResult.objects.filter(task_path=former).update(task_path=path)
        for former, path in FORMER.items()
    )
