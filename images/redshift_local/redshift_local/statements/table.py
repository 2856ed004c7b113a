"""Column definitions and table attributes of Redshift DDL: understood, checked, and reduced to what PostgreSQL needs.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from dataclasses import dataclass, field

from redshift_local.language.tokens import words
from redshift_local.queries.rewriting import rewrite
from redshift_local.refusal import Refusal, beyond, syntax_error, unsupported
from redshift_local.statements.keys import Key, read_reference
from redshift_local.statements.reader import END, Reader

INTEGERS = {"smallint", "integer", "bigint"}
NUMBERS = {*INTEGERS, "numeric"}
CLOCKS = {"date", "timestamp"}
ANY = {*NUMBERS, *CLOCKS, "real", "double", "boolean", "char", "varchar", "time"}
# https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html
ENCODINGS = {
    "raw": ANY,
    "auto": ANY,
    "az64": {*NUMBERS, *CLOCKS},
    "bytedict": ANY - {"boolean"},
    "delta": {*NUMBERS, *CLOCKS},
    "delta32k": {"integer", "bigint", "numeric", *CLOCKS},
    "lzo": ANY - {"boolean", "real", "double"},
    "mostly8": NUMBERS,
    "mostly16": {"integer", "bigint", "numeric"},
    "mostly32": {"bigint", "numeric"},
    "runlength": ANY,
    "text255": {"varchar"},
    "text32k": {"varchar"},
    "zstd": ANY,
}
ATTRIBUTE_WORDS = words(
    """
    encode distkey sortkey not null unique primary references identity generated collate constraint check default
    """
)


@dataclass
class Column:
    """A column as Redshift defines it."""

    name: str
    type: str
    default: str = ""
    identity: str = ""
    not_null: bool = False
    is_distkey: bool = False
    is_sortkey: bool = False
    keys: list[Key] = field(default_factory=list)

    @property
    def definition(self) -> str:
        """As PostgreSQL takes it: keys and encodings are gone."""
        default = f" DEFAULT {self.default}" if self.default else ""
        return f"{self.name} {self.type}{default}{self.identity}{' NOT NULL' if self.not_null else ''}"


def read_column(reader: Reader) -> Column:
    """`name type attribute…`. Raises Refusal."""
    column = Column(reader.name(), reader.type())
    while reader.next is not END and not reader.looks(",") and not reader.looks(")"):
        _attribute(reader, column)
    return column


def _attribute(reader: Reader, column: Column) -> None:
    if reader.accept("not", "null"):
        column.not_null = True
    elif reader.accept("default"):
        column.default = _default(reader)
    elif reader.accept("encode"):
        _encoding(reader, column)
    elif reader.accept("distkey"):
        column.is_distkey = True
    elif reader.looks("identity") or reader.looks("generated"):
        column.identity = _identity(reader, column)
        column.not_null = True
    elif reader.accept("sortkey"):
        column.is_sortkey = True
    elif not reader.accept("null"):
        _column_constraint(reader, column)


def _column_constraint(reader: Reader, column: Column) -> None:
    name = reader.name() if reader.accept("constraint") else ""
    if reader.accept("primary", "key"):
        column.not_null = True
        column.keys.append(Key("p", (column.name,), name))
    elif reader.accept("unique"):
        column.keys.append(Key("u", (column.name,), name))
    elif reader.accept("references"):
        column.keys.append(Key("f", (column.name,), name, *read_reference(reader)))
    elif reader.looks("check"):
        raise unsupported("CHECK constraint", "Redshift has no CHECK: make it a quality check.")
    elif reader.looks("collate"):
        raise beyond("COLLATE")
    else:
        raise reader.unexpected()


def _default(reader: Reader) -> str:
    start, depth = reader.at, 0
    while reader.next is not END:
        value = reader.next.value
        if depth == 0 and (value in {",", ")"} or (reader.at > start and value in ATTRIBUTE_WORDS)):
            break
        depth += {"(": 1, ")": -1}.get(value, 0)
        reader.at += 1
    tokens = reader.tokens[start : reader.at]
    if not tokens:
        raise reader.unexpected()
    if any(token.value in {"select", "from"} for token in tokens):
        raise syntax_error("select", "A default on Redshift is an expression without a query.")
    return rewrite(reader.text, tokens)


def _encoding(reader: Reader, column: Column) -> None:
    encoding = reader.next.name
    if encoding not in ENCODINGS:
        raise reader.unexpected("Unknown ENCODE.")
    reader.at += 1
    family = column.type.split("(")[0].split(" ")[0]
    if family not in ENCODINGS[encoding]:
        name = column.name.strip('"')
        raise Refusal("42P16", f'invalid encoding type specified for column "{name}"')


def _identity(reader: Reader, column: Column) -> str:
    how = "ALWAYS"
    if reader.accept("generated"):
        if reader.looks("always"):
            raise reader.unexpected("Redshift has no generated columns.")
        reader.expect("by", "default", "as")
        how = "BY DEFAULT"
    reader.expect("identity", "(")
    seed = reader.number()
    reader.expect(",")
    step = reader.number()
    reader.expect(")")
    if column.type not in {"integer", "bigint"}:
        raise Refusal("42P16", "identity column must be of type INT or BIGINT")
    if step <= 0:
        raise beyond("IDENTITY with a step below 1")
    return f" GENERATED {how} AS IDENTITY (START {seed} MINVALUE {min(seed, 0)} INCREMENT {step})"


@dataclass
class Attributes:
    """What a table says about its place on disk: checked, then dropped."""

    style: str = ""
    distkey: list[str] = field(default_factory=list)
    sortkey: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    by_position: bool = False

    def keys(self, reader: Reader) -> list[str]:
        """The columns of a key: their names, or their places in the query's list."""
        if not self.by_position or not reader.looks("(") or not reader.tokens[reader.at + 1].value.isdigit():
            return reader.names()
        reader.expect("(")
        places = [str(reader.number())]
        while reader.accept(","):
            places.append(str(reader.number()))
        reader.expect(")")
        return places

    def note(self, what: str) -> None:
        """Each attribute may be said once."""
        if what in self.seen:
            raise syntax_error(what, f"{what.upper()} is given twice.")
        self.seen.add(what)


def read_attributes(reader: Reader, by_position: bool = False) -> Attributes:
    """BACKUP, DISTSTYLE, DISTKEY, SORTKEY, ENCODE AUTO in any order; a query's keys may be numbers. Raises Refusal."""
    found = Attributes(by_position=by_position)
    while reader.next.value in {"backup", "diststyle", "distkey", "compound", "interleaved", "sortkey", "encode"}:
        _table_attribute(reader, found)
    return found


def _table_attribute(reader: Reader, found: Attributes) -> None:
    if reader.accept("backup"):
        found.note("backup")
        _one_of(reader, "yes", "no")
    elif reader.accept("diststyle"):
        found.note("diststyle")
        found.style = _one_of(reader, "even", "key", "all", "auto")
    elif reader.accept("encode"):
        found.note("encode")
        reader.expect("auto")
    elif reader.accept("distkey"):
        found.note("distkey")
        found.distkey = found.keys(reader)
        if len(found.distkey) > 1:
            raise Refusal("42P16", "only one column can be the DISTKEY")
    else:
        _sortkey(reader, found)


def _sortkey(reader: Reader, found: Attributes) -> None:
    kind = reader.accept_any("compound", "interleaved")
    reader.expect("sortkey")
    found.note("sortkey")
    if not kind and reader.accept("auto"):
        return
    found.sortkey = found.keys(reader)
    most = 8 if kind == "interleaved" else 400
    if len(found.sortkey) > most:
        raise Refusal("54011", f"a sort key has at most {most} columns")


def check_attributes(found: Attributes, columns: list[Column]) -> None:
    """Keys must be columns of the table, and the style must fit the key. Raises Refusal."""
    names = {column.name for column in columns}
    for key in [*found.distkey, *found.sortkey]:
        if key not in names:
            raise Refusal("42703", f"column {key} named in key does not exist")
    keys = len(found.distkey) + sum(column.is_distkey for column in columns)
    if keys > 1:
        raise Refusal("42P16", "only one column can be the DISTKEY")
    if found.style == "key" and keys == 0:
        raise Refusal("42P16", "DISTSTYLE KEY requires a DISTKEY column")
    if found.style in {"even", "all", "auto"} and keys:
        raise Refusal("42P16", f"cannot specify DISTKEY column when DISTSTYLE is {found.style.upper()}")


def _one_of(reader: Reader, *words: str) -> str:
    word = reader.accept_any(*words)
    if not word:
        raise reader.unexpected(f"One of {', '.join(words).upper()}.")
    return word
