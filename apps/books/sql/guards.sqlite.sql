-- A daily book says for ever what was closed with it. Its transactions leave it only once they are no
-- longer closed, which the guards of transactions allow in educational mode and practice companies.

-- guard: daily_books_change
CREATE TRIGGER daily_books_change BEFORE UPDATE ON daily_books BEGIN
  SELECT RAISE(ABORT, 'mosaite:book_fixed') WHERE NEW.book_id <> OLD.book_id OR NEW.company_id <> OLD.company_id
    OR NEW.name <> OLD.name OR NEW.date_from <> OLD.date_from OR NEW.date_to <> OLD.date_to
    OR NEW.user_id IS NOT OLD.user_id OR NEW."group" <> OLD."group" OR NEW.created_by_id <> OLD.created_by_id
    OR NEW.created_at <> OLD.created_at OR NEW.entries_count <> OLD.entries_count
    OR NEW.lines_count <> OLD.lines_count OR NEW.total <> OLD.total OR NEW.sha256 <> OLD.sha256
    OR (NEW.status <> OLD.status AND (OLD.status <> 'closed' OR EXISTS (
      SELECT 1 FROM daily_book_entries WHERE book_id = OLD.book_id
    )));
END;

-- guard: daily_books_insert
CREATE TRIGGER daily_books_insert BEFORE INSERT ON daily_books BEGIN
  -- INSERT OR REPLACE would delete the row that stands in the way.
  SELECT RAISE(ABORT, 'mosaite:row_exists') WHERE EXISTS (SELECT 1 FROM daily_books WHERE book_id = NEW.book_id);
END;

-- guard: daily_books_delete
CREATE TRIGGER daily_books_delete BEFORE DELETE ON daily_books BEGIN
  SELECT RAISE(ABORT, 'mosaite:book_fixed') WHERE EXISTS (
    SELECT 1 FROM daily_book_entries WHERE book_id = OLD.book_id
  );
END;

-- guard: daily_book_contents_change
CREATE TRIGGER daily_book_contents_change BEFORE UPDATE ON daily_book_contents BEGIN
  SELECT RAISE(ABORT, 'mosaite:book_fixed');
END;

-- guard: daily_book_contents_delete
CREATE TRIGGER daily_book_contents_delete BEFORE DELETE ON daily_book_contents BEGIN
  SELECT RAISE(ABORT, 'mosaite:book_fixed') WHERE EXISTS (
    SELECT 1 FROM daily_book_entries WHERE book_id = OLD.book_id
  );
END;

-- guard: daily_book_entries_insert
CREATE TRIGGER daily_book_entries_insert BEFORE INSERT ON daily_book_entries BEGIN
  SELECT RAISE(ABORT, 'mosaite:row_exists') WHERE EXISTS (
    SELECT 1 FROM daily_book_entries WHERE id = NEW.id OR transaction_id = NEW.transaction_id
  );
  SELECT RAISE(ABORT, 'mosaite:book_fixed') WHERE NOT EXISTS (
    SELECT 1 FROM transactions t JOIN daily_books b ON b.company_id = t.company_id
    WHERE t.trans_id = NEW.transaction_id AND b.book_id = NEW.book_id AND t.status = 2 AND b.status = 'closed'
  );
END;

-- guard: daily_book_entries_change
CREATE TRIGGER daily_book_entries_change BEFORE UPDATE ON daily_book_entries BEGIN
  SELECT RAISE(ABORT, 'mosaite:book_fixed');
END;

-- guard: daily_book_entries_delete
CREATE TRIGGER daily_book_entries_delete BEFORE DELETE ON daily_book_entries BEGIN
  SELECT RAISE(ABORT, 'mosaite:book_fixed') WHERE EXISTS (
    SELECT 1 FROM transactions WHERE trans_id = OLD.transaction_id AND status = 2
  );
END;
