"""The planted breaks as SQL: a code, a name, and the statements."""

TRUE_POLICY = "CREATE POLICY oops ON {t} FOR SELECT TO {app} USING (true)"
OURS = "organization_id = app.current_org()"
REPLACED = (
    "DROP POLICY tenant_all ON {t}",
    "CREATE POLICY tenant_all ON {t} FOR ALL TO {app} USING ({using}) {check}",
)


def rule(using: str, check: str = "") -> tuple[str, ...]:
    """Return statements that write the tenant's policy with another condition."""
    check = f"WITH CHECK ({check})" if check else ""
    return tuple(
        text.replace("{using}", using).replace("{check}", check) for text in REPLACED
    )


WALLS = (
    ("I030", "table gone", "ALTER TABLE {t} RENAME TO elsewhere"),
    ("I031", "row security off", "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY"),
    ("I032", "not forced", "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY"),
    ("I047", "updated_at trigger dropped", "DROP TRIGGER touch ON {t}"),
    ("I047", "updated_at trigger off", "ALTER TABLE {t} DISABLE TRIGGER touch"),
    ("I060", "a rule's trigger dropped", "DROP TRIGGER {trigger} ON {ruled}"),
    (
        "I048",
        "append-only trigger dropped",
        "DROP TRIGGER append_only_update ON {audit}",
    ),
    (
        "I048",
        "append-only trigger only for replicas",
        "ALTER TABLE {audit} ENABLE REPLICA TRIGGER append_only_delete",
    ),
)
POLICIES = (
    ("I036", "second policy USING (true)", TRUE_POLICY),
    ("I034", "policy for PUBLIC", "CREATE POLICY oops ON {t} USING (true)"),
    ("I035", "no WITH CHECK", *rule(OURS)),
    ("I036", "OR true in the policy", *rule(f"{OURS} OR true", OURS)),
    ("I036", "OR of a column", *rule(f"{OURS} OR id IS NULL", OURS)),
    ("I036", "true in WITH CHECK", *rule(OURS, "true")),
    ("I036", "operator's condition for members", *rule("app.mode() = 'on'", OURS)),
    ("I049", "sub-select in the policy", *rule(f"({OURS}) = (SELECT true)", OURS)),
    (
        "I036",
        "our text with an operator of their own",
        "CREATE FUNCTION public.yes(uuid, uuid) RETURNS boolean LANGUAGE plpgsql"
        " AS 'BEGIN RETURN true; END'",
        "CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = uuid,"
        " FUNCTION = public.yes)",
        *rule("organization_id OPERATOR(public.=) app.current_org()", OURS),
    ),
    (
        "I036",
        "purging without its days",
        "ALTER POLICY definer_purge ON {purged} USING (true)",
    ),
    ("I037", "policy dropped", "DROP POLICY tenant_all ON {t}"),
    (
        "I036",
        "operator's policy opened to members",
        "ALTER POLICY operator_all ON {t} TO {operator}, {owner}, {app}",
    ),
)
RIGHTS = (
    ("I038", "TRUNCATE granted", "GRANT TRUNCATE ON {t} TO {app}"),
    ("I038", "REFERENCES granted", "GRANT REFERENCES ON {t} TO {app}"),
    ("I038", "TRIGGER granted", "GRANT TRIGGER ON {t} TO {operator}"),
    ("I038", "rights for PUBLIC", "GRANT SELECT ON {t} TO PUBLIC"),
    ("I038", "UPDATE of the audit granted", "GRANT UPDATE ON {audit} TO {app}"),
    ("I038", "DELETE of the audit for staff", "GRANT DELETE ON {audit} TO {operator}"),
    (
        "I038",
        "one column of the audit may change",
        "GRANT UPDATE (action) ON {audit} TO {app}",
    ),
    ("I038", "purging for members", "GRANT DELETE ON {purged} TO {app}"),
    ("I039", "declared right revoked", "REVOKE SELECT ON {t} FROM {app}"),
    ("I058", "global table may be written", "GRANT INSERT ON {global} TO {app}"),
    ("I006", "members may make tables", "GRANT CREATE ON SCHEMA public TO {app}"),
    (
        "I006",
        "members may read the seal key",
        "GRANT SELECT ON app_private.seal_key TO {app}",
    ),
    ("I009", "another seal key", "UPDATE app_private.seal_key SET ipad = opad"),
)
NO_INDEXES = """
DO $do$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(conname) FROM pg_constraint
    WHERE conrelid = '{key}'::regclass AND contype IN ('p', 'u') LOOP
    EXECUTE 'ALTER TABLE {key} DROP CONSTRAINT ' || name || ' CASCADE';
  END LOOP;
  FOR name IN SELECT indexrelid::regclass FROM pg_index
    WHERE indrelid = '{key}'::regclass LOOP
    EXECUTE 'DROP INDEX ' || name;
  END LOOP;
END $do$"""
KEYS = (
    ("I040", "global unique index", "CREATE UNIQUE INDEX oops ON {t} (id)"),
    (
        "I046",
        "key without the organization",
        "ALTER TABLE {key} DROP CONSTRAINT {pkey} CASCADE, ADD PRIMARY KEY (id)",
    ),
    ("I041", "no index of the organization", NO_INDEXES),
    ("I043", "tenant key dropped", "ALTER TABLE {key} DROP CONSTRAINT {fk}"),
    (
        "I042",
        "plain key into a tenant table",
        "CREATE UNIQUE INDEX oops ON {target} (id)",
        "ALTER TABLE {key} ADD CONSTRAINT oops FOREIGN KEY ({key_column})"
        " REFERENCES {target} (id)",
    ),
    (
        "I045",
        "tenant key checked at commit",
        "ALTER TABLE {key} ALTER CONSTRAINT {fk} DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        "I045",
        "tenant key never validated",
        "ALTER TABLE {key} DROP CONSTRAINT {fk}, ADD CONSTRAINT {fk} FOREIGN KEY"
        " (organization_id, {key_column}) REFERENCES {target} (organization_id, id)"
        " DEFERRABLE NOT VALID",
    ),
    (
        "I044",
        "enum column",
        "CREATE TYPE oops AS ENUM ('a', 'b')",
        "ALTER TABLE {t} ADD COLUMN oops oops",
    ),
)
OBJECTS = (
    (
        "I050",
        "table with organization_id by hand",
        "CREATE TABLE oops (organization_id uuid)",
    ),
    ("I055", "table nobody declared", "CREATE TABLE oops (id integer)"),
    (
        "I011",
        "key from outside into a tenant table",
        "CREATE UNIQUE INDEX oops_id ON {target} (id)",
        "CREATE TABLE oops (id uuid REFERENCES {target} (id))",
    ),
    (
        "I051",
        "materialized view",
        "CREATE MATERIALIZED VIEW oops AS SELECT * FROM {t} WITH NO DATA",
        "GRANT SELECT ON oops TO {app}",
    ),
    (
        "I052",
        "view with its owner's rights",
        "CREATE VIEW oops AS SELECT * FROM {t}",
        "GRANT SELECT ON oops TO {app}",
    ),
    (
        "I056",
        "child table with rights of its own",
        "CREATE TABLE oops () INHERITS ({t})",
        "GRANT SELECT ON oops TO {app}",
    ),
)
PATH = "SET search_path = pg_catalog, pg_temp"
FUNCTIONS = (
    (
        "I053",
        "definer function nobody allowed",
        "CREATE FUNCTION app.oops() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER"
        f" {PATH} AS 'BEGIN RETURN 1; END'",
    ),
    (
        "I054",
        "definer function without search_path",
        "ALTER FUNCTION app.verified(text) RESET search_path",
    ),
    (
        "I057",
        "definer function in SQL",
        "CREATE FUNCTION public.oops() RETURNS integer LANGUAGE sql SECURITY DEFINER"
        f" {PATH} AS 'SELECT 1'",
    ),
    (
        "I053",
        "function made SECURITY DEFINER",
        "ALTER FUNCTION app.is_colleague(uuid) SECURITY DEFINER",
    ),
    (
        "I008",
        "verification replaced",
        "CREATE OR REPLACE FUNCTION app.verified(name text) RETURNS text LANGUAGE"
        f" plpgsql STABLE SECURITY DEFINER {PATH}"
        " AS 'BEGIN RETURN current_setting(name, true); END'",
    ),
    (
        "I008",
        "who looks on enters like anybody",
        "CREATE OR REPLACE FUNCTION app.enter(o text, u text, m text, s text)"
        " RETURNS void LANGUAGE plpgsql AS $f$ BEGIN EXECUTE format("
        "'SET LOCAL app.current_org_id=%L;SET LOCAL app.current_user_id=%L;"
        "SET LOCAL app.is_superadmin=%L;SET LOCAL app.seal=%L', o, u, m, s); END $f$",
    ),
    (
        "I008",
        "current organization replaced",
        "CREATE OR REPLACE FUNCTION app.current_org() RETURNS uuid LANGUAGE plpgsql"
        " AS 'BEGIN RETURN current_setting(''app.current_org_id'')::uuid; END'",
    ),
    (
        "I008",
        "second function of the same name",
        "CREATE FUNCTION app.current_org(text) RETURNS uuid LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'",
    ),
    (
        "I008",
        "trigger function replaced",
        "CREATE OR REPLACE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE"
        " plpgsql AS 'BEGIN RETURN NEW; END'",
    ),
    (
        "I008",
        "function with a setting of its own",
        "ALTER FUNCTION app.is_colleague(uuid) SET row_security = off",
    ),
    (
        "I059",
        "unknown function beside ours",
        "CREATE FUNCTION app.oops() RETURNS integer LANGUAGE plpgsql"
        " AS 'BEGIN RETURN 1; END'",
    ),
)
CONNECTS = (
    "DO $do$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO oops',"
    " current_database()); END $do$"
)
AS_OWNER = (*WALLS, *POLICIES, *RIGHTS, *KEYS, *OBJECTS, *FUNCTIONS)
AS_ADMINISTRATOR = (
    ("I001", "runtime role BYPASSRLS", "ALTER ROLE {app} BYPASSRLS"),
    ("I001", "operator role SUPERUSER", "ALTER ROLE {operator} SUPERUSER"),
    ("I002", "runtime role in the operator's", "GRANT {operator} TO {app}"),
    ("I002", "runtime role in the owner's", "GRANT {owner} TO {app}"),
    ("I003", "runtime role may make roles", "ALTER ROLE {app} CREATEROLE"),
    ("I061", "somebody else's BYPASSRLS", "CREATE ROLE oops LOGIN BYPASSRLS", CONNECTS),
    (
        "I061",
        "somebody in the role of backups",
        "CREATE ROLE oops LOGIN IN ROLE {backup}",
        CONNECTS,
    ),
    ("I062", "backups may write a table", "GRANT INSERT ON {t} TO {backup}"),
    ("I062", "backups may write a column", "GRANT UPDATE (id) ON {t} TO {backup}"),
    ("I062", "backups may write everywhere", "GRANT pg_write_all_data TO {backup}"),
    ("I062", "backups as a superuser", "ALTER ROLE {backup} SUPERUSER"),
    ("I062", "backups may make tables", "GRANT CREATE ON SCHEMA public TO {backup}"),
    (
        "I062",
        "backups may purge",
        "GRANT EXECUTE ON FUNCTION app.purge_organization() TO {backup}",
    ),
    ("I033", "table of the runtime role", "ALTER TABLE {t} OWNER TO {app}"),
    (
        "I053",
        "definer function of a superuser",
        "ALTER FUNCTION app.verified(text) OWNER TO postgres",
    ),
    (
        "I006",
        "temporary tables for members",
        "DO $do$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {app}', current_database()); END $do$",
    ),
)
