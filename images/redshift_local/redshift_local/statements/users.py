"""Users, groups and what they may do: Redshift's forms of CREATE USER, GROUP and GRANT."""

from collections.abc import Callable

from redshift_local.quoting import literal
from redshift_local.refusal import Refusal, beyond
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import END, Reader

PRIVILEGES = {"select", "insert", "update", "delete", "references", "usage", "create", "temporary", "temp", "all"}


def create_user(reader: Reader) -> Plan:
    """CREATE USER name PASSWORD '…'|DISABLE option… . Raises Refusal."""
    reader.expect("user")
    name = reader.name()
    reader.accept("with")
    options = _user_options(reader)
    if not any(option.startswith("PASSWORD") for option in options):
        raise Refusal("42601", "CREATE USER needs PASSWORD { 'password' | 'md5hash' | DISABLE }")
    return Plan(f"CREATE USER {name} {' '.join(options)}")


def alter_user(reader: Reader) -> Plan:
    """ALTER USER name option… | RENAME TO. Raises Refusal."""
    reader.expect("user")
    name = reader.name()
    if reader.accept("rename", "to"):
        return Plan(f"ALTER USER {name} RENAME TO {reader.name()}")
    reader.accept("with")
    if reader.looks("set") or reader.looks("reset"):
        raise beyond("ALTER USER … SET")
    return Plan(f"ALTER USER {name} {' '.join(_user_options(reader))}")


def _user_options(reader: Reader) -> list[str]:
    options: list[str] = []
    while reader.next is not END:
        word = reader.accept_any(*USER_OPTIONS)
        if not word:
            raise reader.unexpected("Not an option of Redshift's users.")
        options.append(USER_OPTIONS[word](reader))
    return [option for option in options if option]


def _groups(reader: Reader) -> str:
    return f"IN GROUP {_name_list(reader, 'group')}"


def _valid_until(reader: Reader) -> str:
    reader.expect("until")
    return f"VALID UNTIL {literal(reader.string())}"


def _connection_limit(reader: Reader) -> str:
    reader.expect("limit")
    return f"CONNECTION LIMIT {-1 if reader.accept('unlimited') else reader.number()}"


def _syslog(reader: Reader) -> str:
    reader.expect("access")
    reader.accept_any("restricted", "unrestricted")
    return ""


def _session_timeout(reader: Reader) -> str:
    reader.expect("timeout")
    reader.number()
    return ""


def _password(reader: Reader) -> str:
    if reader.accept("disable"):
        return "PASSWORD NULL"
    password = reader.string()
    hashed = password.startswith(("md5", "sha256|")) and len(password) >= 35
    strong = 8 <= len(password) <= 64 and all(
        any(test(letter) for letter in password) for test in (str.isupper, str.islower, str.isdigit)
    )
    if not hashed and not strong:
        needs = "an uppercase letter, a lowercase letter and a number"
        raise Refusal("22023", f"password must be between 8 and 64 characters and contain {needs}")
    return f"PASSWORD {literal(password)}"


def _name_list(reader: Reader, *leading: str) -> str:
    reader.expect(*leading)
    names = [reader.name()]
    while reader.accept(","):
        names.append(reader.name())
    return ", ".join(names)


def create_group(reader: Reader) -> Plan:
    """CREATE GROUP name [WITH USER name, …]. Raises Refusal."""
    reader.expect("group")
    name = reader.name()
    reader.accept("with")
    users = f" USER {_name_list(reader, 'user')}" if reader.looks("user") else ""
    reader.end()
    return Plan(f"CREATE GROUP {name}{users}")


def alter_group(reader: Reader) -> Plan:
    """ALTER GROUP name ADD|DROP USER name, … | RENAME TO. Raises Refusal."""
    reader.expect("group")
    name = reader.name()
    if reader.accept("rename", "to"):
        return Plan(f"ALTER GROUP {name} RENAME TO {reader.name()}")
    verb = reader.accept_any("add", "drop")
    if not verb:
        raise reader.unexpected()
    users = _name_list(reader, "user")
    reader.end()
    return Plan(f"ALTER GROUP {name} {verb.upper()} USER {users}")


def drop(reader: Reader) -> Plan:
    """DROP USER [IF EXISTS] name, … | DROP GROUP name. Raises Refusal."""
    kind = reader.accept_any("user", "group")
    guard = "IF EXISTS " if kind == "user" and reader.accept("if", "exists") else ""
    names = _name_list(reader)
    reader.end()
    return Plan(f"DROP {kind.upper()} {guard}{names}")


def default_privileges(reader: Reader) -> Plan:
    """ALTER DEFAULT PRIVILEGES [FOR USER u] [IN SCHEMA s] GRANT|REVOKE … . Raises Refusal."""
    reader.expect("default", "privileges")
    head = "ALTER DEFAULT PRIVILEGES"
    if reader.accept("for"):
        head += f" FOR ROLE {_name_list(reader, 'user')}"
    if reader.accept("in"):
        head += f" IN SCHEMA {_name_list(reader, 'schema')}"
    verb, privileges = _verb_and_privileges(reader)
    reader.expect("on")
    kind = reader.accept_any("tables")
    if not kind:
        raise beyond("default privileges on anything but tables")
    return Plan(f"{head} {verb} {privileges} ON TABLES {_grantees(reader, verb)}")


def grant(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html"""
    verb, privileges = _verb_and_privileges(reader)
    reader.expect("on")
    if reader.accept("all", "tables", "in"):
        target = f"ALL TABLES IN SCHEMA {_name_list(reader, 'schema')}"
    elif reader.looks("schema"):
        target = f"SCHEMA {_name_list(reader, 'schema')}"
    elif reader.looks("database"):
        target = f"DATABASE {_name_list(reader, 'database')}"
    elif reader.next.value in {"function", "procedure", "language", "external", "datashare", "model", "copy"}:
        raise beyond(f"{verb} ON {reader.next.value.upper()}")
    else:
        reader.accept("table")
        tables = [reader.qualified()]
        while reader.accept(","):
            tables.append(reader.qualified())
        target = f"TABLE {', '.join(tables)}"
    return Plan(f"{verb} {privileges} ON {target} {_grantees(reader, verb)}")


def _verb_and_privileges(reader: Reader) -> tuple[str, str]:
    verb = reader.accept_any("grant", "revoke").upper()
    if reader.accept("grant", "option", "for"):
        verb += " GRANT OPTION FOR"
    privileges = []
    while True:
        word = reader.accept_any(*PRIVILEGES)
        if not word:
            if reader.next.value in {"role", "drop", "alter", "truncate", "execute", "assumerole", "ignore", "explain"}:
                raise beyond(f"GRANT {reader.next.value.upper()}")
            raise reader.unexpected()
        if word == "all":
            reader.accept("privileges")
        columns = f" ({', '.join(reader.names())})" if reader.looks("(") else ""
        privileges.append(word.upper() + columns)
        if not reader.accept(","):
            return verb, ", ".join(privileges)


def _grantees(reader: Reader, verb: str) -> str:
    reader.expect("to" if verb == "GRANT" else "from")
    found = []
    while True:
        found.append(_grantee(reader))
        if not reader.accept(","):
            break
    ending = ""
    if verb == "GRANT" and reader.accept("with", "grant", "option"):
        if any(who.startswith("GROUP") for who in found):
            raise Refusal("0A000", "grant options can only be granted to individual users")
        ending = " WITH GRANT OPTION"
    if verb != "GRANT":
        how = reader.accept_any("cascade", "restrict")
        ending = f" {how}" if how else ""
    reader.end()
    return f"{'TO' if verb == 'GRANT' else 'FROM'} {', '.join(found)}{ending}"


def _grantee(reader: Reader) -> str:
    if reader.accept("public"):
        return "PUBLIC"
    if reader.accept("group"):
        return f"GROUP {reader.name()}"
    if reader.looks("role"):
        raise beyond("roles", "Use a GROUP.")
    return reader.name()


# https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
USER_OPTIONS: dict[str, Callable[[Reader], str]] = {
    "password": _password,
    "createdb": lambda _: "CREATEDB",
    "nocreatedb": lambda _: "NOCREATEDB",
    "createuser": lambda _: "SUPERUSER",
    "nocreateuser": lambda _: "NOSUPERUSER",
    "in": _groups,
    "valid": _valid_until,
    "connection": _connection_limit,
    "syslog": _syslog,
    "session": _session_timeout,
}
