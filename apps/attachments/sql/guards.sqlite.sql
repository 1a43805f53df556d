-- A document belongs to a transaction of its company, does not change, and stays once that is closed.

-- guard: attachments_insert
CREATE TRIGGER attachments_insert BEFORE INSERT ON attachments BEGIN
  SELECT CASE
    -- INSERT OR REPLACE would delete the row that stands in the way.
    WHEN EXISTS (
      SELECT 1 FROM attachments WHERE attachment_id = NEW.attachment_id OR stored_name = NEW.stored_name
    ) THEN RAISE(ABORT, 'mosaite:row_exists')
    WHEN NOT EXISTS (
      SELECT 1 FROM transactions WHERE trans_id = NEW.transaction_id AND company_id = NEW.company_id
    ) THEN RAISE(ABORT, 'mosaite:attachment_fixed')
  END;
END;

-- guard: attachments_update
CREATE TRIGGER attachments_update BEFORE UPDATE ON attachments BEGIN
  SELECT RAISE(ABORT, 'mosaite:attachment_fixed');
END;

-- guard: attachments_delete
CREATE TRIGGER attachments_delete BEFORE DELETE ON attachments BEGIN
  SELECT RAISE(ABORT, 'mosaite:attachment_kept') WHERE EXISTS (
    SELECT 1 FROM transactions WHERE trans_id = OLD.transaction_id AND status = 2
  );
END;
