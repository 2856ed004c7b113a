"""The catalog as Redshift's clients know it: the relations that system_catalog.sql shows instead of PostgreSQL's own.

A query of nothing but the catalog may use more than an ordinary one: it runs on the leader node, a PostgreSQL 8.0.

https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html
"""

import re
from collections.abc import Iterator, Sequence

from redshift_local.compat.scripts import SYSTEM_CATALOG
from redshift_local.language.tokens import Token, words
from redshift_local.refusal import Refusal, beyond

SCHEMAS = {"pg_catalog", "information_schema"}
PREFIXES = ("pg_", "svv_", "stl_", "stv_", "svl_", "svcs_", "sys_")
# Relations and functions that stand in the schema rs_compat in place of PostgreSQL's of the same name.
SHOWN = frozenset(re.findall(r"VIEW rs_compat\.(\w+)", SYSTEM_CATALOG.read_text()))
REPLACED = frozenset(re.findall(r"FUNCTION rs_compat\.(\w+)", SYSTEM_CATALOG.read_text()))
TYPES = words("regproc regprocedure regoper regtype int2vector oidvector cstring xid tid aclitem")
_FUNCTIONS = re.compile(
    r"pg_get_\w+|pg_\w+_is_visible|pg_\w+_size|pg_size_pretty|pg_tablespace_location|pg_encoding_to_char"
    r"|pg_char_to_encoding|pg_my_temp_schema|pg_is_other_temp_schema|pg_is_in_recovery|pg_postmaster_start_time"
    r"|_pg_expandarray|has_\w+_privilege|array_\w+|array|any|unnest|generate_subscripts|oidvectortypes"
    r"|shobj_description|textin|byteaout|inet_server_addr|inet_server_port"
)
_MISSING = re.compile(r'relation "(?:pg_catalog\.)?((?:svv|stl|stv|svl|svcs|sys)_\w+)" does not exist')


def is_system(name: str) -> bool:
    """Whether a relation of this name is Redshift's own."""
    return name in SCHEMAS or name.startswith(PREFIXES)


def is_function(name: str) -> bool:
    """Whether queries of the catalog may call it."""
    return bool(_FUNCTIONS.fullmatch(name)) or name in REPLACED


def missing(message: str) -> Refusal | None:
    """The stand-in's own words for PostgreSQL's error that one of Redshift's system views is not there."""
    found = _MISSING.fullmatch(message)
    return beyond(f"the system view {found.group(1).upper()}") if found else None


def only(tokens: Sequence[Token]) -> bool:
    """Whether these read the catalog and nothing else."""
    relations = [name for name, is_call in _sources(tokens) if not is_call]
    is_about = relations or any(token.name in SCHEMAS or _is_own_call(tokens, at) for at, token in enumerate(tokens))
    return bool(is_about) and all(map(is_system, relations))


def _sources(tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """What follows FROM and JOIN, without the queries named by WITH; whether it is a call."""
    defined = {token.name for at, token in enumerate(tokens) if following(tokens, at + 1) == ["as", "("]}
    for at, token in enumerate(tokens[:-1]):
        name = tokens[at + 1].name
        if token.value in {"from", "join"} and name and name not in defined:
            after = at + 4 if name in SCHEMAS else at + 2
            yield name, following(tokens, after)[:1] == ["("]


def _is_own_call(tokens: Sequence[Token], at: int) -> bool:
    name = tokens[at].name
    return name.startswith("pg_") and is_function(name) and following(tokens, at + 1)[:1] == ["("]


def following(tokens: Sequence[Token], at: int) -> list[str]:
    """The values of the two tokens from `at` on."""
    return [token.value for token in tokens[at : at + 2]]


def home(relation: str) -> str:
    """The schema that clients know a relation of `SHOWN` in."""
    return "pg_catalog" if relation.startswith("pg_") else "information_schema"
