"""One message to one handler, whatever its kind."""

from __future__ import annotations

from datetime import datetime

from scoreline.lifecycle.handlers import chat, command, file, letter, webhook
from scoreline.lifecycle.handlers.kinds import (
    ChatHandler,
    CommandHandler,
    FileHandler,
    Handler,
    LetterHandler,
    WebhookHandler,
)
from scoreline.lifecycle.handlers.message import Message


def deliver(handler: Handler, message: Message, now: datetime) -> None:
    """Send the message; raises DeliveryError, whose `again` says whether to try again.

    now: the moment of this try. Coming back means that the receiver has it; a try whose end nobody
    saw is repeated with the same id.
    """
    match handler:
        case WebhookHandler():
            webhook.send(handler, message, now)
        case ChatHandler():
            chat.send(handler, message, now)
        case LetterHandler():
            letter.send(handler, message, now)
        case FileHandler():
            file.send(handler, message, now)
        case CommandHandler():
            command.send(handler, message, now)
