"""What PostgreSQL must hold for the confined reader: schema `ia`, its views, its role, and what that role may.

The views show rows only to a session that holds the company's key (`company_key`), which the reader
sets as it connects: so a statement that slipped past the validator, whatever company it names, meets
the rows of one. The key is checked by `ia.empresa()` against a secret that the role cannot read; to
change the setting from within a SELECT helps nobody who does not know another company's key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from services.consultorIA.catalog import VIEWS
from services.consultorIA.dialects import COMPANY_COLUMN, POSTGRES, SCHEMA, select_of

PRIVATE_SCHEMA = "ia_privado"
KEY_SETTING = "ia.llave"
# Of the reading role, and repeated as it connects, should the role be the operator's own.
SETTINGS = {
    "statement_timeout": "2000", "lock_timeout": "1000", "idle_in_transaction_session_timeout": "10000",
    "default_transaction_read_only": "on", "search_path": SCHEMA, "work_mem": "16384", "jit": "off",
    "max_parallel_workers_per_gather": "0", "standard_conforming_strings": "on", "TimeZone":
    "America/Argentina/Buenos_Aires", "DateStyle": "ISO",
}
CONNECTIONS_MAX = 60  # of all processes and machines together
ROLE_PREFIX = "mosaite_ia_"
# Built-ins that wait, lock, signal, write, run text as SQL, or make much of little; as LIKE patterns.
DANGEROUS = (
    r"pg\_sleep%", r"pg\_advisory%", r"pg\_try\_advisory%", r"set\_config", r"lo\_%", "loread", "lowrite",
    r"%\_to\_xml", r"%\_to\_xmlschema", r"%\_to\_xml\_and\_xmlschema", r"ts\_stat", r"ts\_rewrite", r"pg\_notify",
    r"pg\_logical\_emit\_message", r"pg\_export\_snapshot", r"pg\_cancel\_backend", r"pg\_terminate\_backend",
    "repeat", "lpad", "rpad", r"array\_fill", "format", r"generate\_series", r"txid\_current", r"pg\_current\_xact\_id",
)
_OF_ROLE = repr((sorted(SETTINGS.items()), CONNECTIONS_MAX, DANGEROUS))


def company_key(secret: str, company_id: int) -> str:
    """Return what a session must hold to read a company: `<number>.<hex>`, which `ia.empresa()` makes anew."""
    inner = hashlib.sha256(f"{secret}:{company_id}".encode()).hexdigest()
    return f"{company_id}.{hashlib.sha256(f'{secret}{inner}'.encode()).hexdigest()}"


def fingerprint(role: str, secret: str) -> str:
    """Return a digest of all that `statements` makes."""
    made = "\n".join([*_private(secret), *_views(), *_grants(role), role, _OF_ROLE])
    return hashlib.sha256(made.encode()).hexdigest()


def statements(role: str, secret: str) -> list[str]:
    """Return the SQL that makes the schemas anew for a role that exists; `secret` is hexadecimal."""
    return [
        *removal(), *_private(secret), *_views(), *_grants(role),
        f"COMMENT ON SCHEMA {SCHEMA} IS '{fingerprint(role, secret)}'",
    ]


def removal() -> list[str]:
    """Return the SQL that removes the schemas: views stand in the way of changing their tables."""
    return [f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"DROP SCHEMA IF EXISTS {PRIVATE_SCHEMA} CASCADE"]


def _private(secret: str) -> Iterator[str]:
    key = f"pg_catalog.current_setting('{KEY_SETTING}', true)"
    inner = "encode(sha256(convert_to(s.secret || ':' || split_part(q.key, '.', 1), 'UTF8')), 'hex')"
    yield f"CREATE SCHEMA {PRIVATE_SCHEMA}"
    yield f"CREATE SCHEMA {SCHEMA}"
    yield f"CREATE TABLE {PRIVATE_SCHEMA}.secrets (secret text NOT NULL)"
    yield f"INSERT INTO {PRIVATE_SCHEMA}.secrets VALUES ('{secret}')"
    yield (
        f"CREATE FUNCTION {SCHEMA}.empresa() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER"
        f" SET search_path = pg_catalog, pg_temp AS $$ SELECT CASE WHEN split_part(q.key, '.', 2) ="
        f" encode(sha256(convert_to(s.secret || {inner}, 'UTF8')), 'hex')"
        f" THEN CAST(split_part(q.key, '.', 1) AS bigint) END"
        f" FROM {PRIVATE_SCHEMA}.secrets s CROSS JOIN (SELECT {key} AS key) q $$"
    )


def _views() -> Iterator[str]:
    for view in VIEWS.values():
        body = select_of(
            view, POSTGRES, company=f"(SELECT {SCHEMA}.empresa())", also={COMPANY_COLUMN: view.company}
        )
        # security_barrier: no condition of a statement is tried on a row before the company's is.
        yield f"CREATE VIEW {SCHEMA}.{view.name} WITH (security_barrier) AS {body}"


def _grants(role: str) -> Iterator[str]:
    yield f"REVOKE ALL ON FUNCTION {SCHEMA}.empresa() FROM PUBLIC"
    yield f'GRANT USAGE ON SCHEMA {SCHEMA} TO "{role}"'
    yield f'GRANT EXECUTE ON FUNCTION {SCHEMA}.empresa() TO "{role}"'
    for name in VIEWS:
        yield f'GRANT SELECT ON {SCHEMA}.{name} TO "{role}"'


def role_statements(role: str, verifier: str, *, superuser: bool) -> list[str]:
    """Return the SQL that makes the reading role, or brings it to what it must be, with its password's verifier.

    Only a superuser may say what a new role has not anyway; the reader refuses one that has it.
    """
    settings = [f"ALTER ROLE \"{role}\" SET {name} = '{value}'" for name, value in SETTINGS.items()]
    powers = f"LOGIN NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT {CONNECTIONS_MAX} PASSWORD '{verifier}'"
    if superuser:
        powers += " NOSUPERUSER NOREPLICATION NOBYPASSRLS"
    make = (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}')"
        f" THEN CREATE ROLE \"{role}\"; END IF; END $$"
    )
    return [make, f'ALTER ROLE "{role}" {powers}', *settings]


def revocations(role: str) -> list[str]:
    """Return the SQL, for a superuser, that takes the dangerous built-ins from the role.

    PUBLIC loses them, and each role that reads a table of this database gets them by name.
    """
    patterns = ", ".join(f"'{pattern}'" for pattern in DANGEROUS)
    others = (
        rf"NOT rolsuper AND rolname NOT LIKE ALL (ARRAY['pg\_%', '{ROLE_PREFIX}%']) AND rolname <> '{role}'"
        " AND EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'"
        r" AND n.nspname NOT LIKE ALL (ARRAY['pg\_%', 'information_schema'])"
        " AND has_table_privilege(a.oid, c.oid, 'SELECT'))"
    )
    take = (
        "DO $$ DECLARE f record; r record; BEGIN FOR f IN SELECT p.oid::regprocedure AS name FROM pg_proc p"
        f" WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname LIKE ANY (ARRAY[{patterns}])"
        f" AND has_function_privilege('{role}', p.oid, 'EXECUTE') LOOP"
        " EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.name);"
        f" FOR r IN SELECT rolname FROM pg_roles a WHERE {others} LOOP"
        " EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.name, r.rolname); END LOOP; END LOOP; END $$"
    )
    return [take, f"ALTER ROLE \"{role}\" SET temp_file_limit = '262144'"]


# What a reading role must be unable to do; the first column of each row that this finds says what it can.
FAULTS_SQL = f"""
SELECT 'superuser or powerful role' FROM pg_roles
  WHERE rolname = current_user AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
UNION ALL SELECT 'member of ' || r.rolname FROM pg_roles r
  WHERE r.rolname <> current_user AND pg_has_role(current_user, r.oid, 'MEMBER')
UNION ALL SELECT 'reaches table ' || n.nspname || '.' || c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE')
      WHEN n.nspname = '{SCHEMA}' THEN has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
      ELSE has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
        OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE') END
UNION ALL SELECT 'creates in schema ' || nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'CREATE')
UNION ALL SELECT 'creates schemas' WHERE has_database_privilege(current_database(), 'CREATE')
"""
