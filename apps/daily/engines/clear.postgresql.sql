-- Before a backup is loaded in the same transaction: everything in the database goes, save what belongs to
-- an extension. Whoever still uses a table is waited for, but not for ever.
SET lock_timeout = '30s';
SET client_min_messages = warning;
DO $$
DECLARE
  command text;
  commands text[];
BEGIN
  -- All are named before the first goes: what goes with another could not be named any more.
  SELECT array_agg(found.command ORDER BY found.rank) INTO commands FROM (
    SELECT 1 AS rank, format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) AS command FROM pg_namespace n
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = n.oid AND deptype = 'e')
    UNION ALL
    -- Sequences last of these: most went with their columns.
    SELECT CASE c.relkind WHEN 'S' THEN 3 ELSE 2 END, format('DROP %s IF EXISTS public.%I CASCADE', CASE c.relkind
        WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
        ELSE 'TABLE' END, c.relname) FROM pg_class c
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
    UNION ALL
    SELECT 4, format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
      WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
  ) AS found;
  FOREACH command IN ARRAY coalesce(commands, '{}') LOOP
    EXECUTE command;
  END LOOP;
END $$;
