-- The same refusals as guards.sqlite.sql.

-- guard: attachments_insert
CREATE OR REPLACE FUNCTION guard_attachments_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM transactions WHERE trans_id = NEW.transaction_id AND company_id = NEW.company_id
  ) THEN PERFORM guard_refuse('attachment_fixed'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attachments_insert BEFORE INSERT ON attachments
  FOR EACH ROW EXECUTE FUNCTION guard_attachments_insert();

-- guard: attachments_update
CREATE OR REPLACE FUNCTION guard_attachments_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('attachment_fixed');
  RETURN NULL;
END $$;
CREATE TRIGGER attachments_update BEFORE UPDATE ON attachments
  FOR EACH ROW EXECUTE FUNCTION guard_attachments_update();

-- guard: attachments_delete
CREATE OR REPLACE FUNCTION guard_attachments_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Locked, so that a closing under way is waited for.
  PERFORM 1 FROM transactions WHERE trans_id = OLD.transaction_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM transactions WHERE trans_id = OLD.transaction_id AND status = 2)
  THEN PERFORM guard_refuse('attachment_kept'); END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER attachments_delete BEFORE DELETE ON attachments
  FOR EACH ROW EXECUTE FUNCTION guard_attachments_delete();

-- guard: attachments_truncate
CREATE OR REPLACE FUNCTION guard_attachments_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('attachment_kept');
  RETURN NULL;
END $$;
CREATE TRIGGER attachments_truncate BEFORE TRUNCATE ON attachments
  FOR EACH STATEMENT EXECUTE FUNCTION guard_attachments_truncate();
