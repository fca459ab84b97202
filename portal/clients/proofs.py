"""What a caller can be asked so that we know him, and whether an answer is right. Pure: no answer is kept anywhere."""

import hmac
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from random import Random, SystemRandom

from portal.clients.indicators import Held

ASKED = 2  # facts that are drawn for one call

Reader = Callable[[str], str]


def _tail(text: str) -> str:
    return text[-4:].upper()


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


# Each fact: the indicator that it is read from, and how an answer and the record are brought to one form.
FACTS: Mapping[str, tuple[str, Reader]] = {
    "id_tail": ("id_number", _tail),
    "birth_date": ("birth_date", lambda text: _digits(text)[:8]),
    "open_year": ("open_date", lambda text: _digits(text)[:4]),
    "email": ("email", str.casefold),
    "emergency_tail": ("emergency_phone", lambda text: _digits(text)[-4:]),
}


def draw(known: Mapping[str, Held], dice: Random | None = None) -> list[str]:
    """Draw two facts that we hold of a client, in the order in which they are asked; fewer when we hold fewer."""
    held = [fact for fact, (key, _) in FACTS.items() if key in known and known[key].value]
    return (dice or SystemRandom()).sample(held, min(ASKED, len(held)))


def are_right(asked: Sequence[str], answers: Mapping[str, str], known: Mapping[str, Held]) -> bool:
    """Tell whether every fact that was asked is answered as we hold it; never which one is not."""
    return bool(asked) and sum(_is_right(fact, answers.get(fact, ""), known) for fact in asked) == len(asked)


def told_right(fact: str, known: Mapping[str, Held]) -> str:
    """Give what the client himself would answer."""
    key, reader = FACTS[fact]
    return reader(known[key].value) if key in known else ""


def _is_right(fact: str, answer: str, known: Mapping[str, Held]) -> bool:
    _, reader = FACTS[fact]
    plain, ours = unicodedata.normalize("NFKC", answer).strip(), told_right(fact, known)
    return bool(ours) and hmac.compare_digest(reader(plain).encode(), ours.encode())
