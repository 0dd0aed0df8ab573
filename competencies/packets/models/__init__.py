"""The models of packets."""

from __future__ import annotations

from .export import ExportCancellation, ExportItem, ExportJob, ExportPause, PacketLink
from .packet import Document, Order, Packet

__all__ = [
    "Document",
    "ExportCancellation",
    "ExportItem",
    "ExportJob",
    "ExportPause",
    "Order",
    "Packet",
    "PacketLink",
]
