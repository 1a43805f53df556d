-- The same refusals as guards.sqlite.sql, word for word in their codes.

-- guard: daily_books_change
CREATE OR REPLACE FUNCTION guard_daily_books_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.book_id, NEW.company_id, NEW.name, NEW.date_from, NEW.date_to, NEW.user_id, NEW."group",
      NEW.created_by_id, NEW.created_at, NEW.entries_count, NEW.lines_count, NEW.total, NEW.sha256)
    IS DISTINCT FROM
    (OLD.book_id, OLD.company_id, OLD.name, OLD.date_from, OLD.date_to, OLD.user_id, OLD."group",
      OLD.created_by_id, OLD.created_at, OLD.entries_count, OLD.lines_count, OLD.total, OLD.sha256)
    OR (NEW.status <> OLD.status AND (OLD.status <> 'closed' OR EXISTS (
      SELECT 1 FROM daily_book_entries WHERE book_id = OLD.book_id
    )))
  THEN PERFORM guard_refuse('book_fixed'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER daily_books_change BEFORE UPDATE ON daily_books
  FOR EACH ROW EXECUTE FUNCTION guard_daily_books_change();

-- guard: daily_books_delete
CREATE OR REPLACE FUNCTION guard_daily_books_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM daily_book_entries WHERE book_id = OLD.book_id)
  THEN PERFORM guard_refuse('book_fixed'); END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER daily_books_delete BEFORE DELETE ON daily_books
  FOR EACH ROW EXECUTE FUNCTION guard_daily_books_delete();
CREATE TRIGGER daily_book_contents_delete BEFORE DELETE ON daily_book_contents
  FOR EACH ROW EXECUTE FUNCTION guard_daily_books_delete();

-- guard: daily_books_fixed
CREATE OR REPLACE FUNCTION guard_daily_books_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('book_fixed');
  RETURN NULL;
END $$;
CREATE TRIGGER daily_book_contents_change BEFORE UPDATE ON daily_book_contents
  FOR EACH ROW EXECUTE FUNCTION guard_daily_books_fixed();
CREATE TRIGGER daily_book_entries_change BEFORE UPDATE ON daily_book_entries
  FOR EACH ROW EXECUTE FUNCTION guard_daily_books_fixed();
CREATE TRIGGER daily_books_truncate BEFORE TRUNCATE ON daily_books
  FOR EACH STATEMENT EXECUTE FUNCTION guard_daily_books_fixed();
CREATE TRIGGER daily_book_contents_truncate BEFORE TRUNCATE ON daily_book_contents
  FOR EACH STATEMENT EXECUTE FUNCTION guard_daily_books_fixed();
CREATE TRIGGER daily_book_entries_truncate BEFORE TRUNCATE ON daily_book_entries
  FOR EACH STATEMENT EXECUTE FUNCTION guard_daily_books_fixed();

-- guard: daily_book_entries_kept
CREATE OR REPLACE FUNCTION guard_daily_book_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (
      SELECT 1 FROM transactions t JOIN daily_books b ON b.company_id = t.company_id
      WHERE t.trans_id = NEW.transaction_id AND b.book_id = NEW.book_id AND t.status = 2 AND b.status = 'closed'
    ) THEN PERFORM guard_refuse('book_fixed'); END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM transactions WHERE trans_id = OLD.transaction_id AND status = 2)
  THEN PERFORM guard_refuse('book_fixed'); END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER daily_book_entries_kept BEFORE INSERT OR DELETE ON daily_book_entries
  FOR EACH ROW EXECUTE FUNCTION guard_daily_book_entries();
