"""The models of packets."""

from __future__ import annotations

from .export import ExportCancellation, ExportItem, ExportJob, ExportPause, PacketLink
from .packet import Order, Packet, Typesetting

__all__ = [
    "ExportCancellation",
    "ExportItem",
    "ExportJob",
    "ExportPause",
    "Order",
    "Packet",
    "PacketLink",
    "Typesetting",
]
