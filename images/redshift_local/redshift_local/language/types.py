"""Redshift's column types, by name, and what stands for them in PostgreSQL."""

from collections.abc import Sequence

from redshift_local.language import catalog
from redshift_local.language.tokens import Token, whole
from redshift_local.refusal import Refusal, beyond, syntax_error

PLAIN = {
    "smallint": "smallint",
    "int2": "smallint",
    "integer": "integer",
    "int": "integer",
    "int4": "integer",
    "bigint": "bigint",
    "int8": "bigint",
    "real": "real",
    "float4": "real",
    "float8": "double precision",
    "float": "double precision",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
}
CHARACTERS = {"char", "character", "nchar", "bpchar", "varchar", "nvarchar", "text"}
NUMERICS = {"numeric", "decimal", "dec"}
BEYOND = {"super", "geometry", "geography", "hllsketch", "varbyte", "varbinary", "binary"}
EXPRESSION_ONLY = {"interval", "regclass", "oid", "name", *catalog.TYPES}
KNOWN = {*PLAIN, *CHARACTERS, *NUMERICS, *BEYOND, "double", "time", "timestamp"}


def read_type(tokens: Sequence[Token], at: int, in_table: bool) -> tuple[str, int]:
    """PostgreSQL's name of the type that starts at `at`, and where it ends. Raises Refusal.

    Without a length VARCHAR is 256 in a table and as long as needed in an expression; NUMERIC is (18,0) in both.
    https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html, r_Numeric_types201.html
    """
    name = _first_word(tokens, at)
    arguments, end = _arguments(tokens, at + 1)
    if name in NUMERICS:
        result = _numeric(arguments)
    elif name in CHARACTERS:
        result, end = _character(tokens, at, in_table)
    elif name in {"time", "timestamp"}:
        result, end = _clock(tokens, at)
    elif name == "double":
        result, end = "double precision", _expect(tokens, at + 1, "precision")
    elif name == "float" and arguments:
        result = "real" if whole(arguments[0]) <= 24 else "double precision"
    elif not in_table and name in EXPRESSION_ONLY:
        result, end = name, at + 1
    else:
        result, end = _plain(name), at + 1
    if end < len(tokens) and tokens[end].value == "[":
        raise Refusal("0A000", f'type "{name}[]" is not supported', "Redshift has no array types.")
    return result, end


def _first_word(tokens: Sequence[Token], at: int) -> str:
    if at >= len(tokens):
        raise syntax_error("end of input")
    return tokens[at].value


def _plain(name: str) -> str:
    if name in PLAIN:
        return PLAIN[name]
    if name in BEYOND:
        raise beyond(f"the type {name.upper()}")
    if name == "interval":
        raise beyond("columns of type INTERVAL")
    raise Refusal("42704", f'type "{name}" does not exist', "Redshift has no such type.")


def _numeric(arguments: list[str]) -> str:
    precision = whole(arguments[0]) if arguments else 18
    scale = whole(arguments[1]) if len(arguments) > 1 else 0
    if not 1 <= precision <= 38:
        raise Refusal("22023", f"DECIMAL precision {precision} must be between 1 and 38")
    if not 0 <= scale <= min(precision, 37):
        raise Refusal("22023", f"DECIMAL scale {scale} must be between 0 and {min(precision, 37)}")
    return f"numeric({precision},{scale})"


def _character(tokens: Sequence[Token], at: int, in_table: bool) -> tuple[str, int]:
    name, after = tokens[at].value, at + 1
    if name == "character" and after < len(tokens) and tokens[after].value == "varying":
        name, after = "varchar", after + 1
    arguments, end = _arguments(tokens, after)
    if name in {"char", "character", "nchar", "bpchar"}:
        fixed = {"bpchar": 256}.get(name, 1)
        return f"char({_length(arguments, fixed, 4096)})", end
    if name == "text":
        return ("varchar(256)" if in_table else "varchar"), after
    if not arguments and not in_table:
        return "varchar", end
    return f"varchar({_length(arguments, 256, 65535)})", end


def _length(arguments: list[str], default: int, longest: int) -> int:
    if not arguments:
        return default
    length = longest if arguments[0] == "max" else whole(arguments[0])
    if not 1 <= length <= longest:
        raise Refusal("22023", f"length for type character must be between 1 and {longest}")
    return length


def _clock(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    name, end = tokens[at].value, at + 1
    words = [token.value for token in tokens[end : end + 3]]
    if words[:1] == ["("]:
        raise beyond(f"{name.upper()} with a precision")
    if words in (["with", "time", "zone"], ["without", "time", "zone"]):
        return f"{name} {words[0]} time zone", end + 3
    return f"{name} without time zone", end


def _arguments(tokens: Sequence[Token], at: int) -> tuple[list[str], int]:
    """The comma-separated arguments in parentheses at `at`, none where there is no parenthesis."""
    if at >= len(tokens) or tokens[at].value != "(":
        return [], at
    arguments: list[str] = []
    for position in range(at + 1, len(tokens)):
        token = tokens[position]
        if token.value == ")":
            return arguments, position + 1
        if token.kind == "number" and not token.value.isdigit():
            break
        if token.kind == "number" or token.value == "max":
            arguments.append(token.value)
        elif token.value != ",":
            break
    raise syntax_error(tokens[at + 1].value if at + 1 < len(tokens) else "(")


def _expect(tokens: Sequence[Token], at: int, word: str) -> int:
    if at >= len(tokens) or tokens[at].value != word:
        raise syntax_error(tokens[at].value if at < len(tokens) else "end of input")
    return at + 1
