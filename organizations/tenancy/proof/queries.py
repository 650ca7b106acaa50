"""The catalog queries of the proof; members of extensions are left out."""

from django.conf import settings

from organizations.tenancy.roles import NAMES, role_name

OURS = r"""
n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'
  AND d.classid = '{catalog}'::regclass)"""
RELATION_IS_OURS = OURS.format(catalog="pg_class")

VERSION = "SELECT current_setting('server_version_num')"

RELATIONS = f"""
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text,
  pg_get_userbyid(c.relowner)::text, c.relrowsecurity, c.relforcerowsecurity,
  coalesce(c.reloptions, '{{}}'),
  EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid),
  array(SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  array(SELECT a.attname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND t.typtype = 'e')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {RELATION_IS_OURS}"""  # noqa: S608

POLICIES = """
SELECT p.polrelid::bigint, p.polname::text, p.polcmd::text, p.polpermissive,
  array(SELECT coalesce(r.rolname::text, 'PUBLIC')
    FROM unnest(p.polroles) WITH ORDINALITY AS m(role, place)
    LEFT JOIN pg_roles r ON r.oid = m.role ORDER BY 1),
  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy p"""

GRANTS = f"""
SELECT c.oid::bigint, coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type, NULL
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
  aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.grantee <> c.relowner
  AND {RELATION_IS_OURS}
UNION ALL
SELECT c.oid::bigint, coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type,
  t.attname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute t ON t.attrelid = c.oid,
  aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> c.relowner AND {RELATION_IS_OURS}"""  # noqa: S608

INDEXES = f"""
SELECT i.indrelid::bigint, x.relname::text, i.indisunique OR i.indisexclusion,
  i.indisprimary, i.indpred IS NOT NULL,
  array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
      AND k.number > 0
    WHERE k.place <= i.indnkeyatts ORDER BY k.place)
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisvalid AND {RELATION_IS_OURS}"""  # noqa: S608

FOREIGN_KEYS = f"""
SELECT k.conrelid::bigint, k.conname::text,
  array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS m(number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = m.number
    ORDER BY m.place),
  k.confrelid::bigint, k.condeferrable, k.condeferred, k.convalidated
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND {RELATION_IS_OURS}"""  # noqa: S608

TRIGGERS = f"""
SELECT t.tgrelid::bigint, t.tgname::text, m.nspname || '.' || p.proname,
  t.tgenabled::text
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN pg_namespace m ON m.oid = p.pronamespace JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND {RELATION_IS_OURS}"""  # noqa: S608

FUNCTIONS = f"""
SELECT n.nspname::text, c.proname::text, c.prosecdef, l.lanname::text,
  coalesce(c.proconfig, '{{}}'), pg_get_userbyid(c.proowner)::text, c.prosrc
FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace
  JOIN pg_language l ON l.oid = c.prolang
WHERE {OURS.format(catalog="pg_proc")}"""  # noqa: S608

ROLES = """
WITH RECURSIVE reach AS (
  SELECT member AS role, roleid FROM pg_auth_members
  UNION SELECT reach.role, m.roleid FROM reach
    JOIN pg_auth_members m ON m.member = reach.roleid)
SELECT r.rolname::text,
  array_remove(array[CASE WHEN rolsuper THEN 'SUPERUSER' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN rolreplication THEN 'REPLICATION' END], NULL),
  array(SELECT g.rolname::text FROM reach JOIN pg_roles g ON g.oid = reach.roleid
    WHERE reach.role = r.oid ORDER BY 1),
  array(SELECT unnest(s.setconfig) FROM pg_db_role_setting s
    WHERE s.setrole = r.oid AND s.setdatabase IN (0, (SELECT oid FROM pg_database
      WHERE datname = current_database())))
FROM pg_roles r WHERE r.rolname = ANY(%s)"""

# What no role but the owner should have on schemas, the database and the seal keys.
RIGHTS = r"""
WITH r AS (SELECT oid, rolname::text AS name FROM pg_roles WHERE rolname = ANY(%s))
SELECT r.name, 'schema ' || n.nspname, 'CREATE' FROM r, pg_namespace n
WHERE n.nspname NOT LIKE 'pg\_%%' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(r.oid, n.oid, 'CREATE')
UNION ALL
SELECT r.name, 'the database', p.name
FROM r, unnest(array['CREATE', 'TEMPORARY']) AS p(name)
WHERE has_database_privilege(r.oid, current_database(), p.name)
UNION ALL
SELECT r.name, 'the seal keys', p.name
FROM r, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p(name)
WHERE has_table_privilege(r.oid, 'app_private.seal_key', p.name)
  OR has_any_column_privilege(r.oid, 'app_private.seal_key', 'SELECT')"""

# Where a statement has parameters, a percent sign is written twice.
DOUBLED = OURS.replace("%", "%%")

# What the role of backups could change: attributes, memberships, rights.
BACKUP_POWERS = f"""
WITH b AS (SELECT oid, rolname::text AS name FROM pg_roles WHERE rolname = ANY(%s))
SELECT b.name, p.name || ' on ' || n.nspname || '.' || c.relname
FROM b, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
  unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
  AS p(name)
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {DOUBLED.format(catalog="pg_class")}
  AND has_table_privilege(b.oid, c.oid, p.name)
UNION ALL
SELECT b.name, 'UPDATE on columns of ' || n.nspname || '.' || c.relname
FROM b, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND {DOUBLED.format(catalog="pg_class")}
  AND NOT has_table_privilege(b.oid, c.oid, 'UPDATE')
  AND has_any_column_privilege(b.oid, c.oid, 'UPDATE')
UNION ALL
SELECT b.name, 'CREATE on schema ' || n.nspname FROM b, pg_namespace n
WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(b.oid, n.oid, 'CREATE')
UNION ALL
SELECT b.name, p.name || ' on the database'
FROM b, unnest(array['CREATE', 'TEMPORARY']) AS p(name)
WHERE has_database_privilege(b.oid, current_database(), p.name)
UNION ALL
SELECT b.name, 'a call of ' || n.nspname || '.' || c.proname
FROM b, pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace
WHERE c.prosecdef AND c.provolatile = 'v' AND c.prorettype <> 'trigger'::regtype
  AND {DOUBLED.format(catalog="pg_proc")}
  AND has_function_privilege(b.oid, c.oid, 'EXECUTE')"""  # noqa: S608

# Who else sees past row security here; whoever may make roles administers the server.
BYPASSERS = """
WITH RECURSIVE b AS (SELECT oid, rolname FROM pg_roles WHERE rolname = ANY(%s)),
  within AS (
    SELECT m.member AS role FROM pg_auth_members m JOIN b ON b.oid = m.roleid
    UNION SELECT m.member FROM pg_auth_members m JOIN within w ON w.role = m.roleid)
SELECT r.rolname::text, CASE WHEN r.rolbypassrls THEN 'has BYPASSRLS'
    ELSE 'is a member of the role of backups' END
FROM pg_roles r
WHERE NOT r.rolsuper AND NOT r.rolcreaterole AND r.oid NOT IN (SELECT oid FROM b)
  AND (r.rolbypassrls OR r.oid IN (SELECT role FROM within))
  AND has_database_privilege(r.oid, current_database(), 'CONNECT')"""

SEAL_KEYS = "SELECT id, ipad, opad FROM app_private.seal_key"


def backup_names() -> list[str]:
    """Return the name of the role of backups, as the one of a list."""
    return [role_name(settings.TENANCY["ROLE_PREFIX"], "backup")]


def role_names() -> list[str]:
    """Return the names of the product's four roles."""
    prefix = settings.TENANCY["ROLE_PREFIX"]
    return [role_name(prefix, role) for role in NAMES]
