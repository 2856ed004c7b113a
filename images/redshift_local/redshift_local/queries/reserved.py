"""Redshift's reserved words: none of them names anything unless it is quoted.

https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
"""

from redshift_local.language.tokens import words
from redshift_local.queries.query import Query
from redshift_local.refusal import syntax_error

RESERVED = words(
    """
    aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
    blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross current_date
    current_time current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc
    disable distinct do else emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze
    from full globaldict256 globaldict64k grant group gzip having identity ignore ilike in initially inner intersect
    interval into is isnull join leading left like limit localtime localtimestamp lun luns lzo lzop minus mostly16
    mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on only open or order outer overlaps
    parallel partition percent permissions pivot placing primary raw readratio recover references rejectlog resort
    respect restore right select session_user similar snapshot some sysdate system table tag tdes text255 text32k then
    timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose wallet when where with
    without
    """
)

# Those that PostgreSQL takes for names in a query, and that say nothing in Redshift's queries either.
_MEANINGLESS = words(
    """
    aes128 aes256 allowoverwrite az64 backup blanksasnull bytedict bzip2 credentials deflate defrag delta delta32k
    disable emptyasnull enable encode encrypt encryption explicit globaldict256 globaldict64k gzip identity lun luns lzo
    lzop mostly16 mostly32 mostly8 new off offline old open parallel percent permissions raw readratio recover rejectlog
    resort restore snapshot system tag tdes text255 text32k truncatecolumns wallet
    """
)
# Those that mean something with what follows, or with what stands before.
_FOLLOWED_BY = {
    "ignore": {"nulls"},
    "respect": {"nulls"},
    "partition": {"by"},
    "pivot": {"("},
    "unpivot": {"(", "include", "exclude"},
    "timestamp": {"with", "without", "string", "("},
    "interval": {"string", "year", "month", "day", "hour", "minute", "second", "("},
    "minus": {"select", "(", "all", "distinct"},
    "unnest": {"("},
}
_TABLE_CLAUSES = {"from", "join", "update", "using"}
_COLUMN_CLAUSES = {"select", "returning"}


def check(query: Query, at: int) -> None:
    """Refuse the reserved word at `at` where it stands for a name. Raises Refusal."""
    word = query.value(at)
    if word not in RESERVED:
        return
    if query.value(at - 1) == "as":
        is_name = _is_alias_of_table(query, at)
    else:
        is_name = word in _MEANINGLESS or not _means_something(query, at)
    if is_name:
        raise syntax_error(query.source(at), f"{word.upper()} is a reserved word of Redshift's: quote it.")


def _means_something(query: Query, at: int) -> bool:
    word, follower = query.value(at), query.value(at + 1)
    if word in _FOLLOWED_BY:
        return follower in _FOLLOWED_BY[word]
    if word == "nulls":
        return follower in {"first", "last"} or query.value(at - 1) in {"ignore", "respect"}
    if word == "without":
        return query.value(at - 1) in {"time", "timestamp"}
    if word == "top":
        return query.value(at - 1) in {"select", "distinct"} and not _ends_an_item(query, at + 1)
    return True


def _ends_an_item(query: Query, at: int) -> bool:
    return query.value(at) in {"", ",", ")", "from", "as", "."}


def _is_alias_of_table(query: Query, at: int) -> bool:
    """Whether an alias here is a table's: a column's may be any word after AS, as everywhere in PostgreSQL's family."""
    for before in range(at - 2, -1, -1):
        if query.opener[before] == query.opener[at]:
            if query.value(before) in _COLUMN_CLAUSES:
                return False
            if query.value(before) in _TABLE_CLAUSES:
                return True
    return False
