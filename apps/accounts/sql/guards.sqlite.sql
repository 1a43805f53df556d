-- An account stands under a heading of its own company and kind, and never under itself; what has
-- accounts under it stays the heading that it is. The triggers of entries and totals are apps/trans's.

-- guard: accounts_placed_insert
CREATE TRIGGER accounts_placed_insert AFTER INSERT ON accounts WHEN NEW.parent_id IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'mosaite:account_misplaced') WHERE NEW.parent_id = NEW.acc_id OR NOT EXISTS (
    SELECT 1 FROM accounts
    WHERE acc_id = NEW.parent_id AND company_id = NEW.company_id AND kind = NEW.kind AND NOT postable
  );
END;

-- guard: accounts_placed_update
CREATE TRIGGER accounts_placed_update AFTER UPDATE OF acc_id, company_id, kind, parent_id ON accounts
WHEN NEW.parent_id IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'mosaite:account_misplaced') WHERE NOT EXISTS (
    SELECT 1 FROM accounts
    WHERE acc_id = NEW.parent_id AND company_id = NEW.company_id AND kind = NEW.kind AND NOT postable
  ) OR EXISTS (
    WITH RECURSIVE above (acc_id) AS (
      SELECT NEW.parent_id UNION SELECT a.parent_id FROM above JOIN accounts a ON a.acc_id = above.acc_id
    )
    SELECT 1 FROM above WHERE acc_id = NEW.acc_id
  );
END;

-- guard: accounts_heading
CREATE TRIGGER accounts_heading BEFORE UPDATE OF acc_id, company_id, code, nature, kind, postable ON accounts
WHEN NEW.acc_id <> OLD.acc_id OR NEW.company_id <> OLD.company_id OR NEW.code <> OLD.code
  OR NEW.nature <> OLD.nature OR NEW.kind <> OLD.kind OR NEW.postable <> OLD.postable BEGIN
  SELECT RAISE(ABORT, 'mosaite:account_in_use') WHERE EXISTS (SELECT 1 FROM accounts WHERE parent_id = OLD.acc_id);
END;

-- guard: accounts_heading_delete
CREATE TRIGGER accounts_heading_delete BEFORE DELETE ON accounts BEGIN
  -- INSERT OR REPLACE deletes too: without this it would put an account in the place of a heading.
  SELECT RAISE(ABORT, 'mosaite:account_in_use') WHERE EXISTS (SELECT 1 FROM accounts WHERE parent_id = OLD.acc_id);
END;
