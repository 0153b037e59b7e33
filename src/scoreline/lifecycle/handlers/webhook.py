"""A signed webhook, as Standard Webhooks has it: receivers verify it with that library."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from standardwebhooks import Webhook

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.kinds import Secret, WebhookHandler
from scoreline.lifecycle.handlers.message import Message, canonical_json
from scoreline.lifecycle.handlers.post import post

PREFIX = "whsec_"
LEAST, MOST = 24, 64
"""Bytes of a secret, by the specification of Standard Webhooks."""


def send(handler: WebhookHandler, message: Message, now: datetime) -> None:
    """Post the message with its id, the moment of this try and the signature of all three.

    now: the moment of the try, with a time zone; receivers refuse what is minutes old.
    """
    body = canonical_json(message)
    # The library replaces the zone instead of converting, so it must be UTC already.
    moment = now.astimezone(UTC)
    signature = _signer(handler.secret).sign(message.id, moment, body.decode("utf-8"))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Scoreline",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    post(handler.address, body, headers, inside=handler.inside, timeout=handler.timeout)


def _signer(secret: Secret) -> Webhook:
    """What signs with the secret; the library would skip signs that are no base64 in silence."""
    text = secret.read().removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not LEAST <= len(key) <= MOST:
        raise DeliveryError(
            f"What {secret.place}:{secret.name} holds is no secret for a signature.",
            f"It is {PREFIX} and the base64 of {LEAST} to {MOST} random bytes: "
            f'echo "{PREFIX}$(openssl rand -base64 32)" makes one.',
        )
    return Webhook(key)
