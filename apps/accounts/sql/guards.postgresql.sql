-- The same refusals as guards.sqlite.sql. Who changes a chart holds its company's row, as the actions
-- do: of two changes at once the second looks at what the first has left.

-- guard: guard_hold_chart
CREATE OR REPLACE FUNCTION guard_hold_chart(company bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_read_committed();
  PERFORM 1 FROM companies WHERE company_id = company FOR NO KEY UPDATE;
END $$;

-- guard: accounts_placed
CREATE OR REPLACE FUNCTION guard_accounts_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_hold_chart(NEW.company_id);
  IF NOT EXISTS (
    SELECT 1 FROM accounts
    WHERE acc_id = NEW.parent_id AND company_id = NEW.company_id AND kind = NEW.kind AND NOT postable
  ) OR EXISTS (
    WITH RECURSIVE above (acc_id) AS (
      SELECT NEW.parent_id UNION SELECT a.parent_id FROM above JOIN accounts a ON a.acc_id = above.acc_id
    )
    SELECT 1 FROM above WHERE acc_id = NEW.acc_id
  ) THEN PERFORM guard_refuse('account_misplaced'); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_placed_insert AFTER INSERT ON accounts
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION guard_accounts_placed();
CREATE TRIGGER accounts_placed_update AFTER UPDATE OF acc_id, company_id, kind, parent_id ON accounts
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION guard_accounts_placed();

-- guard: accounts_heading
CREATE OR REPLACE FUNCTION guard_accounts_heading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_hold_chart(OLD.company_id);
  IF EXISTS (SELECT 1 FROM accounts WHERE parent_id = OLD.acc_id) THEN PERFORM guard_refuse('account_in_use'); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_heading BEFORE UPDATE OF acc_id, company_id, code, nature, kind, postable ON accounts
  FOR EACH ROW WHEN (NEW.acc_id <> OLD.acc_id OR NEW.company_id <> OLD.company_id OR NEW.code <> OLD.code
    OR NEW.nature <> OLD.nature OR NEW.kind <> OLD.kind OR NEW.postable <> OLD.postable)
  EXECUTE FUNCTION guard_accounts_heading();
CREATE TRIGGER accounts_heading_delete BEFORE DELETE ON accounts
  FOR EACH ROW EXECUTE FUNCTION guard_accounts_heading();
