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
CREATE OR REPLACE FUNCTION guard_audit_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audit_chains SET seq = NEW.seq, hash = NEW.hash WHERE chain = NEW.chain;
  IF NOT FOUND THEN PERFORM guard_refuse('chain_broken'); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_inserted AFTER INSERT ON audit_events
  FOR EACH ROW EXECUTE FUNCTION guard_audit_inserted();

-- guard: audit_chain
CREATE OR REPLACE FUNCTION guard_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.seq <> 0 OR NEW.hash <> repeat('0', 64) OR EXISTS (SELECT 1 FROM audit_events WHERE chain = NEW.chain)
    THEN PERFORM guard_refuse('append_only'); END IF;
  ELSIF NEW.chain <> OLD.chain OR NEW.seq <> OLD.seq + 1 OR NEW.origin IS DISTINCT FROM OLD.origin
    OR NEW.company_id IS DISTINCT FROM OLD.company_id OR NOT EXISTS (
    SELECT 1 FROM audit_events WHERE chain = OLD.chain AND seq = NEW.seq AND hash = NEW.hash AND prev_hash = OLD.hash
  ) THEN PERFORM guard_refuse('append_only'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT OR UPDATE ON audit_chains
  FOR EACH ROW EXECUTE FUNCTION guard_audit_chain();
