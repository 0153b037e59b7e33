"""What is said of a card that is refused."""

from scoreline.errors import CardError, Finding
from scoreline.scorecard.file import parse_card


def findings(text: str) -> list[Finding]:
    """The findings that refuse a card; none if it is a card."""
    try:
        parse_card(text)
    except CardError as error:
        return list(error.findings)
    return []
