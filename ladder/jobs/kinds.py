"""Every module that says how a kind of job is done: loaded at start, for whoever takes a job."""

from ladder.jobs import import_runs, packet_documents, packet_exports, record_exports

__all__ = ["import_runs", "packet_documents", "packet_exports", "record_exports"]
