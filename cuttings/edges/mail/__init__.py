"""Mail: one message to one person, through a folder or a mail server, never twice."""

from cuttings.edges.mail.channels import Channel, Folder, Outcome, Server, Smtp
from cuttings.edges.mail.delivery import Delivered, deliver
from cuttings.edges.mail.message import Attachment, BadMessage, Sender, build_message, message_id

__all__ = [
    "Attachment",
    "BadMessage",
    "Channel",
    "Delivered",
    "Folder",
    "Outcome",
    "Sender",
    "Server",
    "Smtp",
    "build_message",
    "deliver",
    "message_id",
]
