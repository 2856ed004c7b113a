"""How the stand-in says no: an SQLSTATE, Redshift's kind of message, and a hint for the person who reads it."""

import unicodedata

LONGEST = 2_000  # characters of a message: what it quotes may be anything
_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def shown(text: str) -> str:
    """The text as a message may quote it: not endless, and nothing in it that ends a field or commands a terminal."""
    kept = "".join(_escaped(each) if unicodedata.category(each) in _OBEYED else each for each in text[: LONGEST + 1])
    return kept if len(kept) <= LONGEST else f"{kept[: LONGEST - 1]}…"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


class Refusal(Exception):
    """A statement that Redshift refuses, or that the stand-in cannot judge."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(shown(message))
        self.code, self.message, self.hint = code, shown(message), shown(hint)

    @property
    def fields(self) -> dict[str, str]:
        """As an error's fields on the wire."""
        hint = {"H": self.hint} if self.hint else {}
        return {"S": "ERROR", "V": "ERROR", "C": self.code, "M": self.message, **hint}


class LoadFailure(Exception):
    """A COPY that Redshift would end with an error; kept for STL_LOAD_ERRORS."""

    def __init__(self, message: str, file: str = "", column: str = "", code: int = 15001) -> None:
        super().__init__(shown(message))
        self.message, self.file, self.column, self.code = shown(message), shown(file), shown(column), code

    @property
    def refusal(self) -> Refusal:
        """As the client sees it: on Redshift an internal error."""
        heading = "Spectrum Scan Error" if self.code == 15001 else "Load into table failed"
        return Refusal("XX000", f"{heading}: {self.message}", "See SYS_LOAD_ERROR_DETAIL or STL_LOAD_ERRORS.")


def syntax_error(near: str, hint: str = "") -> Refusal:
    """What Redshift's grammar does not have."""
    return Refusal("42601", f'syntax error at or near "{near}"', hint)


def unsupported(what: str, hint: str = "") -> Refusal:
    """What Redshift knows of and does not support."""
    return Refusal("0A000", f"{what} is not supported", hint)


def beyond(what: str, instead: str = "") -> Refusal:
    """What Redshift may well have but this stand-in does not: refused rather than guessed."""
    return Refusal("0A000", f"the local stand-in for Redshift does not do {what}", instead)
