"""From a frozen snapshot to a document: the only place that knows WeasyPrint, and that in a child process.

`context.packet_context` prepares a snapshot for the templates (page and document alike),
`child.typeset` makes the PDF, and `python -m ladder.pdf` is the child.
"""
