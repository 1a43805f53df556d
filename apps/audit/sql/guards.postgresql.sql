-- The same refusals as guards.sqlite.sql. An INSERT of several rows ends before its first AFTER trigger
-- runs, so an event is held against the one before it and not against the head.

-- guard: audit_append_only
CREATE OR REPLACE FUNCTION guard_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('append_only');
  RETURN NULL;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION guard_audit_append_only();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_append_only();
CREATE TRIGGER audit_chain_delete BEFORE DELETE ON audit_chains
  FOR EACH ROW EXECUTE FUNCTION guard_audit_append_only();
CREATE TRIGGER audit_chain_truncate BEFORE TRUNCATE ON audit_chains
  FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_append_only();

-- guard: audit_insert
CREATE OR REPLACE FUNCTION guard_audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (NEW.seq = 1 AND NEW.prev_hash = repeat('0', 64)) AND NOT EXISTS (
    SELECT 1 FROM audit_events WHERE chain = NEW.chain AND seq = NEW.seq - 1 AND hash = NEW.prev_hash
  ) THEN PERFORM guard_refuse('chain_broken'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_insert BEFORE INSERT ON audit_events
  FOR EACH ROW EXECUTE FUNCTION guard_audit_insert();

-- guard: audit_inserted
-- Once per statement: row by row, each event of an import would walk the versions of the head that those
-- before it left.
CREATE OR REPLACE FUNCTION guard_audit_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved bigint;
BEGIN
  UPDATE audit_chains c SET seq = l.seq, hash = l.hash FROM (
    SELECT DISTINCT ON (chain) chain, seq, hash FROM new_rows ORDER BY chain, seq DESC
  ) AS l WHERE c.chain = l.chain;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> (SELECT COUNT(DISTINCT chain) FROM new_rows) THEN PERFORM guard_refuse('chain_broken'); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_inserted AFTER INSERT ON audit_events
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_inserted();

-- guard: audit_chain
CREATE OR REPLACE FUNCTION guard_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.seq <> 0 OR NEW.hash <> repeat('0', 64) OR EXISTS (SELECT 1 FROM audit_events WHERE chain = NEW.chain)
    THEN PERFORM guard_refuse('append_only'); END IF;
  -- Each event follows from the one before it: from the old head to the new one there is one way only.
  ELSIF NEW.chain <> OLD.chain OR NEW.seq <= OLD.seq OR NEW.origin IS DISTINCT FROM OLD.origin
    OR NEW.company_id IS DISTINCT FROM OLD.company_id OR NOT EXISTS (
    SELECT 1 FROM audit_events WHERE chain = OLD.chain AND seq = NEW.seq AND hash = NEW.hash
  ) OR EXISTS (SELECT 1 FROM audit_events WHERE chain = OLD.chain AND seq > NEW.seq) THEN PERFORM guard_refuse('append_only'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT OR UPDATE ON audit_chains
  FOR EACH ROW EXECUTE FUNCTION guard_audit_chain();
