"""Takes `COPY … FROM … FORMAT AS PARQUET MANIFEST` apart; every other form of COPY is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from redshift_local.language.tokens import Token, words
from redshift_local.refusal import Refusal, beyond
from redshift_local.statements.reader import Reader

# https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
NOT_FOR_COLUMNAR = words(
    """
    maxerror region compupdate acceptanydate ignoreallerrors csv delimiter gzip bzip2 lzop zstd json avro fixedwidth
    quote escape ignoreheader dateformat timeformat null emptyasnull blanksasnull truncatecolumns trimblanks roundec
    removequotes ignoreblanklines fillquote encoding shapefile ssh readratio comprows noload encrypted
    """
)
CREDENTIAL_WORDS = ("access_key_id", "secret_access_key", "session_token")


@dataclass(frozen=True)
class CopyStatement:
    """A COPY of a manifest's Parquet files; `columns` is empty when the statement names none."""

    table: str
    columns: tuple[str, ...]
    manifest: str


def read_copy(text: str, tokens: Sequence[Token]) -> CopyStatement:
    """The statement's parts. Raises Refusal."""
    reader = Reader(text, tokens)
    reader.expect("copy")
    table = reader.qualified()
    columns = tuple(reader.names()) if reader.looks("(") else ()
    reader.expect("from")
    if reader.next.value in {"stdin", "program"}:
        raise reader.unexpected("Redshift's COPY reads from S3.")
    source = reader.string()
    if not source.startswith(("s3://", "file:///")):
        raise beyond(f"COPY from {source!r}", "It reads manifests at s3:// and file:///.")
    _options(reader)
    return CopyStatement(table, columns, source)


def _options(reader: Reader) -> None:
    if not {"parquet", "orc"} & {token.value for token in reader.rest()}:
        raise beyond("COPY without FORMAT AS PARQUET MANIFEST")
    seen: set[str] = set()
    while reader.next.value:
        option = _option(reader)
        if option in seen:
            raise Refusal("42601", f"conflicting or redundant options: {option}")
        seen.add(option)
    if "authorization" not in seen:
        raise Refusal("42601", "COPY needs an authorization: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID")
    if "parquet" not in seen or "manifest" not in seen:
        raise beyond("COPY without FORMAT AS PARQUET MANIFEST")


def _option(reader: Reader) -> str:
    reader.accept("with")
    word = reader.next.value
    if word in NOT_FOR_COLUMNAR:
        raise Refusal("0A000", f"COPY option {word.upper()} is not supported for columnar formats")
    if word in {"acceptinvchars", "fillrecord", "explicit_ids", "serializetojson", "orc"}:
        raise beyond(f"COPY with {word.upper()}")
    if reader.looks("format", "orc") or reader.looks("format", "as", "orc"):
        raise beyond("COPY with FORMAT AS ORC")
    if reader.accept("manifest"):
        return "manifest"
    if reader.accept("parquet") or reader.accept("format", "parquet") or reader.accept("format", "as", "parquet"):
        return "parquet"
    if reader.accept("statupdate"):
        reader.accept_any("on", "off", "true", "false")
        return "statupdate"
    return _authorization(reader)


def _authorization(reader: Reader) -> str:
    if reader.accept("iam_role"):
        if not reader.accept("default"):
            _role(reader.string())
    elif reader.accept("credentials"):
        reader.accept("as")
        reader.string()
    elif reader.next.value in CREDENTIAL_WORDS:
        while reader.accept_any(*CREDENTIAL_WORDS):
            reader.accept("as")
            reader.string()
    else:
        raise reader.unexpected("The local stand-in knows COPY … FORMAT AS PARQUET MANIFEST with few options.")
    return "authorization"


def _role(role: str) -> None:
    if role != "default" and not role.startswith("arn:aws"):
        raise Refusal("XX000", f"Invalid IAM role: {role!r} is not an ARN", "IAM_ROLE 'arn:aws:iam::…' or default.")
