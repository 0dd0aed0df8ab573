"""The models of packets."""

from __future__ import annotations

from .export import ExportCancellation, ExportItem, ExportPause, PacketExport, PacketLink
from .packet import Document, Order, Packet

__all__ = [
    "Document",
    "ExportCancellation",
    "ExportItem",
    "ExportPause",
    "Order",
    "Packet",
    "PacketExport",
    "PacketLink",
]
