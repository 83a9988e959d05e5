"""Mail: one message to one person, through a folder or a mail server, never twice; and what comes back."""

from cuttings.edges.mail.channels import Channel, Folder, Outcome, Server, Smtp
from cuttings.edges.mail.delivery import Delivered, deliver
from cuttings.edges.mail.inbox import Inbox, InboxError, inbox_at
from cuttings.edges.mail.message import (
    Attachment,
    BadMessage,
    Sender,
    build_message,
    message_id,
    unsubscribe_token,
)
from cuttings.edges.mail.returns import Returned, take_in

__all__ = [
    "Attachment",
    "BadMessage",
    "Channel",
    "Delivered",
    "Folder",
    "Inbox",
    "InboxError",
    "Outcome",
    "Returned",
    "Sender",
    "Server",
    "Smtp",
    "build_message",
    "deliver",
    "inbox_at",
    "message_id",
    "take_in",
    "unsubscribe_token",
]
