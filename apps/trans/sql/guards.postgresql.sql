-- The same refusals as guards.sqlite.sql, word for word in their codes. Here they also lock:
-- a company's periods are shared by all who write and taken whole by who closes one, and accounts are
-- locked in order of their key, so that two postings can wait for each other but never in a ring.

-- guard: guard_lock_periods
-- An advisory lock queues in order of arrival: who closes a period waits for the postings under way
-- and no longer, where a lock on a row would be overtaken by every new posting.
CREATE OR REPLACE FUNCTION guard_lock_periods(company bigint, whole boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  key CONSTANT bigint := hashtextextended('mosaite periods of ' || company, 0);
BEGIN
  IF whole THEN PERFORM pg_advisory_xact_lock(key); ELSE PERFORM pg_advisory_xact_lock_shared(key); END IF;
END $$;

-- guard: guard_open_period
CREATE OR REPLACE FUNCTION guard_open_period(company bigint, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_read_committed();
  PERFORM guard_lock_periods(company, whole => false);
  IF EXISTS (
    SELECT 1 FROM periods p WHERE p.company_id = company AND p.status = 'closed'
      AND p.year = EXTRACT(YEAR FROM day) AND (p.month IS NULL OR p.month = EXTRACT(MONTH FROM day))
  ) THEN PERFORM guard_refuse('period_closed'); END IF;
END $$;

-- guard: never_sealed
CREATE OR REPLACE FUNCTION guard_never_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('unsealed');
  RETURN NULL;
END $$;
CREATE TRIGGER never_sealed BEFORE INSERT ON transactions_never_sealed
  FOR EACH ROW EXECUTE FUNCTION guard_never_sealed();

-- guard: transactions_insert
CREATE OR REPLACE FUNCTION guard_transactions_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.unsealed_id IS NULL THEN PERFORM guard_refuse('inserted_sealed'); END IF;
  IF NEW.status NOT IN (0, 1) OR NEW.number IS NOT NULL THEN PERFORM guard_refuse('inserted_closed'); END IF;
  IF NEW.reverses_id IS NOT NULL THEN
    PERFORM 1 FROM transactions WHERE trans_id = NEW.reverses_id AND company_id = NEW.company_id AND status = 2
      FOR NO KEY UPDATE;
    IF NOT FOUND THEN PERFORM guard_refuse('transaction_not_closed'); END IF;
    IF EXISTS (SELECT 1 FROM transactions WHERE reverses_id = NEW.reverses_id)
    THEN PERFORM guard_refuse('already_reversed'); END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER transactions_insert BEFORE INSERT ON transactions
  FOR EACH ROW EXECUTE FUNCTION guard_transactions_insert();

-- guard: transactions_change
CREATE OR REPLACE FUNCTION guard_transactions_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 2 AND NOT (
    NEW.status = 1 AND EXISTS (SELECT 1 FROM books_passes WHERE company_id = OLD.company_id)
  ) THEN PERFORM guard_refuse('transaction_closed'); END IF;
  PERFORM guard_open_period(OLD.company_id, OLD.date);
  IF NEW.trans_id <> OLD.trans_id OR NEW.company_id <> OLD.company_id OR NEW.user_id <> OLD.user_id
    OR NEW.kind <> OLD.kind OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id
  THEN PERFORM guard_refuse('transaction_fixed_field'); END IF;
  IF OLD.unsealed_id IS NULL AND (NEW.date <> OLD.date OR NEW.total <> OLD.total
    OR NEW.entries_count <> OLD.entries_count) THEN PERFORM guard_refuse('sealed'); END IF;
  IF OLD.status = 1 AND (NEW.legend <> OLD.legend OR (OLD.unsealed_id IS NULL AND NEW.unsealed_id IS NOT NULL))
  THEN PERFORM guard_refuse('transaction_verified'); END IF;
  IF NEW.status <> OLD.status THEN
    IF OLD.unsealed_id IS NOT NULL OR NEW.unsealed_id IS NOT NULL THEN PERFORM guard_refuse('unsealed'); END IF;
    IF NOT ((OLD.status = 0 AND NEW.status = 1) OR (OLD.status = 1 AND NEW.status IN (0, 2)) OR OLD.status = 2)
    THEN PERFORM guard_refuse('transaction_not_verified'); END IF;
  END IF;
  IF NEW.status = 2 AND (
    NEW.fiscal_year IS DISTINCT FROM EXTRACT(YEAR FROM NEW.date)::int
    OR NEW.number IS DISTINCT FROM 1 + COALESCE((
      SELECT MAX(number) FROM transactions WHERE company_id = NEW.company_id AND fiscal_year = NEW.fiscal_year
    ), 0)
  ) THEN PERFORM guard_refuse('number_gap'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER transactions_change BEFORE UPDATE ON transactions
  FOR EACH ROW EXECUTE FUNCTION guard_transactions_change();

-- guard: transactions_delete
CREATE OR REPLACE FUNCTION guard_transactions_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 2 THEN PERFORM guard_refuse('transaction_closed'); END IF;
  IF OLD.unsealed_id IS NULL THEN PERFORM guard_refuse('sealed'); END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER transactions_delete BEFORE DELETE ON transactions
  FOR EACH ROW EXECUTE FUNCTION guard_transactions_delete();

-- guard: transactions_seal
-- Once per statement, for all that it seals: row by row, each posting of a bulk would walk the versions
-- that those before it left of the same accounts. The planner's other roads are closed: on fresh tables,
-- of which it knows nothing yet, it would read all entries or all accounts for three lines.
CREATE OR REPLACE FUNCTION guard_transactions_seal() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  sealed bigint[];
  fault text;
BEGIN
  SELECT array_agg(trans_id) INTO sealed FROM (
    SELECT trans_id FROM new_rows WHERE unsealed_id IS NULL
    EXCEPT SELECT trans_id FROM old_rows WHERE unsealed_id IS NULL
  ) AS s;
  IF sealed IS NULL THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM new_rows WHERE trans_id = ANY (sealed) AND date NOT BETWEEN '0001-01-01' AND '9999-12-31')
  THEN PERFORM guard_refuse('invalid_date'); END IF;
  PERFORM guard_open_period(t.company_id, t.date) FROM (
    SELECT DISTINCT company_id, date FROM new_rows WHERE trans_id = ANY (sealed)
  ) AS t;
  SELECT (array_agg(f.fault ORDER BY f.trans_id) FILTER (WHERE f.fault IS NOT NULL))[1] INTO fault FROM (
    SELECT t.trans_id, CASE
      WHEN COUNT(e.entr_id) < 2 THEN 'too_few_lines'
      WHEN SUM(e.debit) <> SUM(e.credit) THEN 'unbalanced'
      WHEN SUM(e.debit) > 9223372036854775807 THEN 'total_overflow'
      WHEN SUM(e.debit) <> t.total OR COUNT(e.entr_id) <> t.entries_count THEN 'control_total'
    END AS fault
    FROM new_rows t LEFT JOIN transaction_entries e ON e.transaction_id = t.trans_id
    WHERE t.trans_id = ANY (sealed) GROUP BY t.trans_id, t.total, t.entries_count
  ) AS f;
  IF fault IS NOT NULL THEN PERFORM guard_refuse(fault); END IF;
  PERFORM 1 FROM accounts WHERE acc_id IN (
    SELECT account_id FROM transaction_entries WHERE transaction_id = ANY (sealed)
  ) ORDER BY acc_id FOR NO KEY UPDATE;
  SELECT (array_agg(CASE
    WHEN a.acc_id IS NULL OR a.company_id <> t.company_id THEN 'account_foreign'
    WHEN NOT a.postable THEN 'account_heading'
    WHEN NOT a.status THEN 'account_inactive'
    ELSE 'entry_date'
  END ORDER BY e.entr_id))[1] INTO fault
  FROM new_rows t JOIN transaction_entries e ON e.transaction_id = t.trans_id
    LEFT JOIN accounts a ON a.acc_id = e.account_id
  WHERE t.trans_id = ANY (sealed) AND (
    a.acc_id IS NULL OR a.company_id <> t.company_id OR NOT a.postable OR NOT a.status OR e.date <> t.date
  );
  IF fault IS NOT NULL THEN PERFORM guard_refuse(fault); END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit
      FROM transaction_entries WHERE transaction_id = ANY (sealed) GROUP BY account_id
    ) AS s JOIN accounts a ON a.acc_id = s.account_id
    WHERE GREATEST(a.debits + s.debit, a.credits + s.credit) > 9223372036854775807
  ) THEN PERFORM guard_refuse('balance_overflow'); END IF;
  UPDATE accounts SET debits = debits + s.debit, credits = credits + s.credit FROM (
    SELECT account_id, SUM(debit)::bigint AS debit, SUM(credit)::bigint AS credit
    FROM transaction_entries WHERE transaction_id = ANY (sealed) GROUP BY account_id
  ) AS s WHERE s.account_id = accounts.acc_id;
  INSERT INTO account_months AS m (account_id, month, debits, credits)
    SELECT account_id, date_trunc('month', date)::date AS month, SUM(debit)::bigint, SUM(credit)::bigint
    FROM transaction_entries WHERE transaction_id = ANY (sealed) GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (account_id, month) DO UPDATE
      SET debits = m.debits + excluded.debits, credits = m.credits + excluded.credits;
  INSERT INTO transaction_tallies AS t (company_id, user_id, month, status, count)
    SELECT company_id, user_id, date_trunc('month', date)::date AS month, status, COUNT(*)
    FROM new_rows WHERE trans_id = ANY (sealed) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (company_id, user_id, month, status) DO UPDATE SET count = t.count + excluded.count;
  RETURN NULL;
END $$;
CREATE TRIGGER transactions_seal AFTER UPDATE ON transactions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION guard_transactions_seal();

-- guard: transactions_unseal
CREATE OR REPLACE FUNCTION guard_transactions_unseal() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  opened bigint[];
BEGIN
  SELECT array_agg(trans_id) INTO opened FROM (
    SELECT trans_id FROM old_rows WHERE unsealed_id IS NULL
    EXCEPT SELECT trans_id FROM new_rows WHERE unsealed_id IS NULL
  ) AS s;
  IF opened IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM accounts WHERE acc_id IN (
    SELECT account_id FROM transaction_entries WHERE transaction_id = ANY (opened)
  ) ORDER BY acc_id FOR NO KEY UPDATE;
  UPDATE accounts SET debits = debits - s.debit, credits = credits - s.credit FROM (
    SELECT account_id, SUM(debit)::bigint AS debit, SUM(credit)::bigint AS credit
    FROM transaction_entries WHERE transaction_id = ANY (opened) GROUP BY account_id
  ) AS s WHERE s.account_id = accounts.acc_id;
  UPDATE account_months m SET debits = m.debits - s.debit, credits = m.credits - s.credit FROM (
    SELECT account_id, date_trunc('month', date)::date AS month, SUM(debit)::bigint AS debit,
      SUM(credit)::bigint AS credit
    FROM transaction_entries WHERE transaction_id = ANY (opened) GROUP BY 1, 2
  ) AS s WHERE s.account_id = m.account_id AND s.month = m.month;
  PERFORM 1 FROM transaction_tallies WHERE (company_id, user_id, month, status) IN (
    SELECT company_id, user_id, date_trunc('month', date)::date, status FROM old_rows WHERE trans_id = ANY (opened)
  ) ORDER BY company_id, user_id, month, status FOR NO KEY UPDATE;
  UPDATE transaction_tallies t SET count = t.count - s.count FROM (
    SELECT company_id, user_id, date_trunc('month', date)::date AS month, status, COUNT(*) AS count
    FROM old_rows WHERE trans_id = ANY (opened) GROUP BY 1, 2, 3, 4
  ) AS s WHERE (t.company_id, t.user_id, t.month, t.status) = (s.company_id, s.user_id, s.month, s.status);
  RETURN NULL;
END $$;
CREATE TRIGGER transactions_unseal AFTER UPDATE ON transactions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION guard_transactions_unseal();

-- guard: transactions_status
CREATE OR REPLACE FUNCTION guard_transactions_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Two changes in opposite directions would take the two rows in opposite order.
  PERFORM 1 FROM transaction_tallies
    WHERE company_id = OLD.company_id AND user_id = OLD.user_id
      AND month = date_trunc('month', OLD.date)::date AND status IN (OLD.status, NEW.status)
    ORDER BY status FOR NO KEY UPDATE;
  UPDATE transaction_tallies SET count = count - 1
    WHERE company_id = OLD.company_id AND user_id = OLD.user_id
      AND month = date_trunc('month', OLD.date)::date AND status = OLD.status;
  INSERT INTO transaction_tallies AS t (company_id, user_id, month, status, count)
    VALUES (NEW.company_id, NEW.user_id, date_trunc('month', NEW.date)::date, NEW.status, 1)
    ON CONFLICT (company_id, user_id, month, status) DO UPDATE SET count = t.count + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER transactions_status AFTER UPDATE OF status ON transactions
  FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION guard_transactions_status();

-- guard: transactions_committed
CREATE OR REPLACE FUNCTION guard_transactions_committed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM transactions WHERE trans_id = NEW.trans_id AND unsealed_id IS NOT NULL)
  THEN PERFORM guard_refuse('unsealed'); END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transactions_committed AFTER INSERT OR UPDATE OF unsealed_id ON transactions
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.unsealed_id IS NOT NULL) EXECUTE FUNCTION guard_transactions_committed();

-- guard: entries_sealed
CREATE OR REPLACE FUNCTION guard_entries_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND NOT EXISTS (
    SELECT 1 FROM transactions WHERE trans_id = OLD.transaction_id AND unsealed_id IS NOT NULL
  ) THEN PERFORM guard_refuse('sealed'); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM transactions WHERE trans_id = NEW.transaction_id AND unsealed_id IS NOT NULL
  ) THEN PERFORM guard_refuse('sealed'); END IF;
  IF TG_OP = 'UPDATE' AND NEW.entr_id <> OLD.entr_id THEN PERFORM guard_refuse('row_exists'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entries_sealed BEFORE INSERT OR UPDATE OR DELETE ON transaction_entries
  FOR EACH ROW EXECUTE FUNCTION guard_entries_sealed();

-- guard: books_truncate
CREATE OR REPLACE FUNCTION guard_books_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('append_only');
  RETURN NULL;
END $$;
CREATE TRIGGER transactions_truncate BEFORE TRUNCATE ON transactions
  FOR EACH STATEMENT EXECUTE FUNCTION guard_books_truncate();
CREATE TRIGGER entries_truncate BEFORE TRUNCATE ON transaction_entries
  FOR EACH STATEMENT EXECUTE FUNCTION guard_books_truncate();
CREATE TRIGGER months_truncate BEFORE TRUNCATE ON account_months
  FOR EACH STATEMENT EXECUTE FUNCTION guard_books_truncate();
CREATE TRIGGER tallies_truncate BEFORE TRUNCATE ON transaction_tallies
  FOR EACH STATEMENT EXECUTE FUNCTION guard_books_truncate();
CREATE TRIGGER counters_truncate BEFORE TRUNCATE ON transaction_counters
  FOR EACH STATEMENT EXECUTE FUNCTION guard_books_truncate();
CREATE TRIGGER periods_truncate BEFORE TRUNCATE ON periods
  FOR EACH STATEMENT EXECUTE FUNCTION guard_books_truncate();

-- guard: books_pass
CREATE OR REPLACE FUNCTION guard_books_pass() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NEW.unsealed_id IS NULL OR (
    (SELECT kind FROM companies WHERE company_id = NEW.company_id) <> 'practice'
    AND COALESCE((SELECT system_mode FROM config), false)
  ) THEN PERFORM guard_refuse('books_not_erasable'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER books_pass BEFORE INSERT OR UPDATE ON books_passes
  FOR EACH ROW EXECUTE FUNCTION guard_books_pass();

-- guard: accounts_used
CREATE OR REPLACE FUNCTION guard_accounts_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM transaction_entries WHERE account_id = OLD.acc_id)
  THEN PERFORM guard_refuse('account_in_use'); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_used BEFORE UPDATE OF acc_id, company_id, code, nature, kind, postable ON accounts
  FOR EACH ROW WHEN (NEW.acc_id <> OLD.acc_id OR NEW.company_id <> OLD.company_id OR NEW.code <> OLD.code
    OR NEW.nature <> OLD.nature OR NEW.kind <> OLD.kind OR NEW.postable <> OLD.postable)
  EXECUTE FUNCTION guard_accounts_used();

-- guard: accounts_insert
CREATE OR REPLACE FUNCTION guard_accounts_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.debits <> 0 OR NEW.credits <> 0 THEN PERFORM guard_refuse('totals_kept'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_insert BEFORE INSERT ON accounts
  FOR EACH ROW EXECUTE FUNCTION guard_accounts_insert();

-- guard: accounts_delete
CREATE TRIGGER accounts_delete BEFORE DELETE ON accounts
  FOR EACH ROW EXECUTE FUNCTION guard_accounts_used();

-- guard: totals_kept
-- Depth 0 is a statement of a client; the guards' own statements run deeper.
CREATE OR REPLACE FUNCTION guard_totals_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard_refuse('totals_kept');
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_totals BEFORE UPDATE OF debits, credits ON accounts
  FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND (NEW.debits <> OLD.debits OR NEW.credits <> OLD.credits))
  EXECUTE FUNCTION guard_totals_kept();
CREATE TRIGGER months_change BEFORE INSERT OR UPDATE ON account_months
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION guard_totals_kept();
CREATE TRIGGER months_delete BEFORE DELETE ON account_months
  FOR EACH ROW WHEN (OLD.debits <> 0 OR OLD.credits <> 0) EXECUTE FUNCTION guard_totals_kept();
CREATE TRIGGER tallies_change BEFORE INSERT OR UPDATE ON transaction_tallies
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION guard_totals_kept();
CREATE TRIGGER tallies_delete BEFORE DELETE ON transaction_tallies
  FOR EACH ROW WHEN (OLD.count <> 0) EXECUTE FUNCTION guard_totals_kept();

-- guard: periods_used
CREATE OR REPLACE FUNCTION guard_periods_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status = 'closed' AND (
    TG_OP = 'DELETE' OR NEW.company_id <> OLD.company_id OR NEW.year <> OLD.year
    OR NEW.month IS DISTINCT FROM OLD.month
  ) THEN PERFORM guard_refuse('period_closed'); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  -- Waits for every posting under way in the company; postings after it see the period closed.
  PERFORM guard_lock_periods(NEW.company_id, whole => true);
  RETURN NEW;
END $$;
CREATE TRIGGER periods_used BEFORE INSERT OR UPDATE OR DELETE ON periods
  FOR EACH ROW EXECUTE FUNCTION guard_periods_used();
