-- A transaction is inserted unsealed, its lines after it; sealing checks the whole and posts the
-- balances. SQLite has no deferred trigger: that nothing unsealed is committed is seen to by the
-- deferred foreign key of `unsealed_id` into a table that can hold no row. Where a connection does
-- not check foreign keys (the default of every tool but ours) nothing is inserted or unsealed.
-- Totals move only while a row stands in `totals_passes`, which can as little be committed.

-- guard: never_sealed
CREATE TRIGGER never_sealed BEFORE INSERT ON transactions_never_sealed BEGIN
  SELECT RAISE(ABORT, 'mosaite:unsealed');
END;

-- guard: transactions_insert
CREATE TRIGGER transactions_insert BEFORE INSERT ON transactions BEGIN
  SELECT CASE
    WHEN NOT (SELECT foreign_keys FROM pragma_foreign_keys) THEN RAISE(ABORT, 'mosaite:foreign_keys_off')
    WHEN NEW.unsealed_id IS NULL THEN RAISE(ABORT, 'mosaite:inserted_sealed')
    WHEN NEW.status NOT IN (0, 1) OR NEW.number IS NOT NULL THEN RAISE(ABORT, 'mosaite:inserted_closed')
    -- INSERT OR REPLACE would delete the row that stands in the way.
    WHEN EXISTS (SELECT 1 FROM transactions WHERE trans_id = NEW.trans_id) THEN RAISE(ABORT, 'mosaite:row_exists')
    WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM transactions WHERE trans_id = NEW.reverses_id AND company_id = NEW.company_id AND status = 2
    ) THEN RAISE(ABORT, 'mosaite:transaction_not_closed')
    WHEN NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM transactions WHERE reverses_id = NEW.reverses_id)
      THEN RAISE(ABORT, 'mosaite:already_reversed')
  END;
END;

-- guard: transactions_change
CREATE TRIGGER transactions_change BEFORE UPDATE ON transactions BEGIN
  SELECT CASE
    WHEN OLD.status = 2 AND NOT (
      NEW.status = 1 AND EXISTS (SELECT 1 FROM books_passes WHERE company_id = OLD.company_id)
    ) THEN RAISE(ABORT, 'mosaite:transaction_closed')
    WHEN EXISTS (
      SELECT 1 FROM periods p WHERE p.company_id = OLD.company_id AND p.status = 'closed'
        AND p.year = CAST(strftime('%Y', OLD.date) AS INTEGER)
        AND (p.month IS NULL OR p.month = CAST(strftime('%m', OLD.date) AS INTEGER))
    ) THEN RAISE(ABORT, 'mosaite:period_closed')
    WHEN NEW.trans_id <> OLD.trans_id OR NEW.company_id <> OLD.company_id OR NEW.user_id <> OLD.user_id
      OR NEW.kind <> OLD.kind OR NEW.reverses_id IS NOT OLD.reverses_id
      THEN RAISE(ABORT, 'mosaite:transaction_fixed_field')
    WHEN OLD.unsealed_id IS NULL AND (NEW.date <> OLD.date OR NEW.total <> OLD.total
      OR NEW.entries_count <> OLD.entries_count) THEN RAISE(ABORT, 'mosaite:sealed')
    WHEN OLD.status = 1 AND (NEW.legend <> OLD.legend OR (OLD.unsealed_id IS NULL AND NEW.unsealed_id IS NOT NULL))
      THEN RAISE(ABORT, 'mosaite:transaction_verified')
    WHEN NEW.status <> OLD.status AND (OLD.unsealed_id IS NOT NULL OR NEW.unsealed_id IS NOT NULL)
      THEN RAISE(ABORT, 'mosaite:unsealed')
    WHEN NEW.status <> OLD.status AND NOT (
      (OLD.status = 0 AND NEW.status = 1) OR (OLD.status = 1 AND NEW.status IN (0, 2))
      OR OLD.status = 2
    ) THEN RAISE(ABORT, 'mosaite:transaction_not_verified')
    WHEN NEW.status = 2 AND (
      NEW.fiscal_year IS NOT CAST(strftime('%Y', NEW.date) AS INTEGER)
      OR NEW.number IS NOT 1 + COALESCE((
        SELECT MAX(number) FROM transactions WHERE company_id = NEW.company_id AND fiscal_year = NEW.fiscal_year
      ), 0)
    ) THEN RAISE(ABORT, 'mosaite:number_gap')
  END;
END;

-- guard: transactions_delete
CREATE TRIGGER transactions_delete BEFORE DELETE ON transactions BEGIN
  SELECT CASE
    WHEN OLD.status = 2 THEN RAISE(ABORT, 'mosaite:transaction_closed')
    WHEN OLD.unsealed_id IS NULL THEN RAISE(ABORT, 'mosaite:sealed')
  END;
END;

-- guard: transactions_seal
CREATE TRIGGER transactions_seal AFTER UPDATE OF unsealed_id ON transactions
WHEN OLD.unsealed_id IS NOT NULL AND NEW.unsealed_id IS NULL BEGIN
  SELECT CASE
    -- Without a modifier date() hands '2026-02-31' back as it came.
    WHEN NEW.date IS NOT date(NEW.date, '+0 days') OR NEW.date NOT BETWEEN '0001-01-01' AND '9999-12-31'
      THEN RAISE(ABORT, 'mosaite:invalid_date')
    WHEN EXISTS (
      SELECT 1 FROM periods p WHERE p.company_id = NEW.company_id AND p.status = 'closed'
        AND p.year = CAST(strftime('%Y', NEW.date) AS INTEGER)
        AND (p.month IS NULL OR p.month = CAST(strftime('%m', NEW.date) AS INTEGER))
    ) THEN RAISE(ABORT, 'mosaite:period_closed')
  END;
  -- Summed in halves of 32 bits: SUM itself fails beyond 64, with an error that names no rule.
  SELECT CASE
    WHEN lines < 2 THEN RAISE(ABORT, 'mosaite:too_few_lines')
    WHEN right_lines < lines THEN RAISE(ABORT, 'mosaite:invalid_amount')
    WHEN debit_high + (debit_low >> 32) <> credit_high + (credit_low >> 32)
      OR (debit_low & 0xFFFFFFFF) <> (credit_low & 0xFFFFFFFF) THEN RAISE(ABORT, 'mosaite:unbalanced')
    WHEN debit_high + (debit_low >> 32) > 0x7FFFFFFF THEN RAISE(ABORT, 'mosaite:total_overflow')
    WHEN (debit_high << 32) + debit_low <> NEW.total OR lines <> NEW.entries_count
      THEN RAISE(ABORT, 'mosaite:control_total')
  END FROM (
    SELECT COUNT(*) AS lines,
      SUM(debit >> 32) AS debit_high, SUM(debit & 0xFFFFFFFF) AS debit_low,
      SUM(credit >> 32) AS credit_high, SUM(credit & 0xFFFFFFFF) AS credit_low,
      SUM(typeof(debit) = 'integer' AND typeof(credit) = 'integer'
        AND ((debit > 0 AND credit = 0) OR (debit = 0 AND credit > 0))) AS right_lines
    FROM transaction_entries WHERE transaction_id = NEW.trans_id
  );
  SELECT CASE
    WHEN a.acc_id IS NULL OR a.company_id <> NEW.company_id THEN RAISE(ABORT, 'mosaite:account_foreign')
    WHEN NOT a.postable THEN RAISE(ABORT, 'mosaite:account_heading')
    WHEN NOT a.status THEN RAISE(ABORT, 'mosaite:account_inactive')
    WHEN e.date <> NEW.date THEN RAISE(ABORT, 'mosaite:entry_date')
  END FROM transaction_entries e LEFT JOIN accounts a ON a.acc_id = e.account_id
  WHERE e.transaction_id = NEW.trans_id;
  SELECT RAISE(ABORT, 'mosaite:balance_overflow') FROM (
    SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit
    FROM transaction_entries WHERE transaction_id = NEW.trans_id GROUP BY account_id
  ) AS s JOIN accounts a ON a.acc_id = s.account_id
  WHERE a.debits > 9223372036854775807 - s.debit OR a.credits > 9223372036854775807 - s.credit;
  INSERT INTO totals_passes (id, unsealed_id) VALUES (1, 1);
  UPDATE accounts SET debits = debits + s.debit, credits = credits + s.credit FROM (
    SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit
    FROM transaction_entries WHERE transaction_id = NEW.trans_id GROUP BY account_id
  ) AS s WHERE s.account_id = accounts.acc_id;
  INSERT INTO account_months (account_id, month, debits, credits)
    SELECT account_id, date(NEW.date, 'start of month'), SUM(debit), SUM(credit)
    FROM transaction_entries WHERE transaction_id = NEW.trans_id GROUP BY account_id
    ON CONFLICT (account_id, month) DO UPDATE
      SET debits = debits + excluded.debits, credits = credits + excluded.credits;
  INSERT INTO transaction_tallies (company_id, user_id, month, status, count)
    VALUES (NEW.company_id, NEW.user_id, date(NEW.date, 'start of month'), NEW.status, 1)
    ON CONFLICT (company_id, user_id, month, status) DO UPDATE SET count = count + 1;
  DELETE FROM totals_passes;
END;

-- guard: transactions_unseal
CREATE TRIGGER transactions_unseal AFTER UPDATE OF unsealed_id ON transactions
WHEN OLD.unsealed_id IS NULL AND NEW.unsealed_id IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'mosaite:foreign_keys_off') WHERE NOT (SELECT foreign_keys FROM pragma_foreign_keys);
  INSERT INTO totals_passes (id, unsealed_id) VALUES (1, 1);
  UPDATE accounts SET debits = debits - s.debit, credits = credits - s.credit FROM (
    SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit
    FROM transaction_entries WHERE transaction_id = NEW.trans_id GROUP BY account_id
  ) AS s WHERE s.account_id = accounts.acc_id;
  UPDATE account_months SET debits = debits - s.debit, credits = credits - s.credit FROM (
    SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit
    FROM transaction_entries WHERE transaction_id = NEW.trans_id GROUP BY account_id
  ) AS s WHERE s.account_id = account_months.account_id
    AND account_months.month = date(OLD.date, 'start of month');
  UPDATE transaction_tallies SET count = count - 1
    WHERE company_id = OLD.company_id AND user_id = OLD.user_id
      AND month = date(OLD.date, 'start of month') AND status = OLD.status;
  DELETE FROM totals_passes;
END;

-- guard: transactions_status
CREATE TRIGGER transactions_status AFTER UPDATE OF status ON transactions WHEN OLD.status <> NEW.status BEGIN
  INSERT INTO totals_passes (id, unsealed_id) VALUES (1, 1);
  UPDATE transaction_tallies SET count = count - 1
    WHERE company_id = OLD.company_id AND user_id = OLD.user_id
      AND month = date(OLD.date, 'start of month') AND status = OLD.status;
  INSERT INTO transaction_tallies (company_id, user_id, month, status, count)
    VALUES (NEW.company_id, NEW.user_id, date(NEW.date, 'start of month'), NEW.status, 1)
    ON CONFLICT (company_id, user_id, month, status) DO UPDATE SET count = count + 1;
  DELETE FROM totals_passes;
END;

-- guard: entries_insert
CREATE TRIGGER entries_insert BEFORE INSERT ON transaction_entries BEGIN
  SELECT CASE
    WHEN (SELECT unsealed_id FROM transactions WHERE trans_id = NEW.transaction_id) IS NULL
      THEN RAISE(ABORT, 'mosaite:sealed')
    WHEN EXISTS (SELECT 1 FROM transaction_entries WHERE entr_id = NEW.entr_id)
      THEN RAISE(ABORT, 'mosaite:row_exists')
  END;
END;

-- guard: entries_update
CREATE TRIGGER entries_update BEFORE UPDATE ON transaction_entries BEGIN
  SELECT CASE
    WHEN EXISTS (
      SELECT 1 FROM transactions WHERE trans_id IN (OLD.transaction_id, NEW.transaction_id) AND unsealed_id IS NULL
    ) THEN RAISE(ABORT, 'mosaite:sealed')
    -- UPDATE OR REPLACE would delete the line that stands in the way.
    WHEN NEW.entr_id <> OLD.entr_id THEN RAISE(ABORT, 'mosaite:row_exists')
  END;
END;

-- guard: entries_delete
CREATE TRIGGER entries_delete BEFORE DELETE ON transaction_entries BEGIN
  SELECT RAISE(ABORT, 'mosaite:sealed') WHERE EXISTS (
    SELECT 1 FROM transactions WHERE trans_id = OLD.transaction_id AND unsealed_id IS NULL
  );
END;

-- guard: books_pass
CREATE TRIGGER books_pass BEFORE INSERT ON books_passes BEGIN
  SELECT RAISE(ABORT, 'mosaite:books_not_erasable') WHERE NEW.unsealed_id IS NULL OR (
    (SELECT kind FROM companies WHERE company_id = NEW.company_id) <> 'practice'
    AND COALESCE((SELECT system_mode FROM config), 0)
  );
END;

-- guard: books_pass_update
CREATE TRIGGER books_pass_update BEFORE UPDATE ON books_passes BEGIN
  SELECT RAISE(ABORT, 'mosaite:books_not_erasable');
END;

-- guard: accounts_used
CREATE TRIGGER accounts_used BEFORE UPDATE OF acc_id, company_id, code, nature, kind, postable ON accounts
WHEN (NEW.acc_id <> OLD.acc_id OR NEW.company_id <> OLD.company_id OR NEW.code <> OLD.code
  OR NEW.nature <> OLD.nature OR NEW.kind <> OLD.kind OR NEW.postable <> OLD.postable) BEGIN
  SELECT RAISE(ABORT, 'mosaite:account_in_use') WHERE EXISTS (
    SELECT 1 FROM transaction_entries WHERE account_id = OLD.acc_id
  );
END;

-- guard: accounts_insert
CREATE TRIGGER accounts_insert AFTER INSERT ON accounts BEGIN
  -- After the row: what has lines is no new account, but one that INSERT OR REPLACE put in its place.
  SELECT CASE
    WHEN NEW.debits <> 0 OR NEW.credits <> 0 THEN RAISE(ABORT, 'mosaite:totals_kept')
    WHEN EXISTS (SELECT 1 FROM transaction_entries WHERE account_id = NEW.acc_id)
      THEN RAISE(ABORT, 'mosaite:account_in_use')
  END;
END;

-- guard: accounts_delete
CREATE TRIGGER accounts_delete BEFORE DELETE ON accounts BEGIN
  SELECT RAISE(ABORT, 'mosaite:account_in_use') WHERE EXISTS (
    SELECT 1 FROM transaction_entries WHERE account_id = OLD.acc_id
  );
END;

-- guard: accounts_totals
CREATE TRIGGER accounts_totals BEFORE UPDATE OF debits, credits ON accounts
WHEN NEW.debits IS NOT OLD.debits OR NEW.credits IS NOT OLD.credits BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: months_insert
CREATE TRIGGER months_insert BEFORE INSERT ON account_months BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: months_update
CREATE TRIGGER months_update BEFORE UPDATE ON account_months BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: months_delete
CREATE TRIGGER months_delete BEFORE DELETE ON account_months
WHEN OLD.debits IS NOT 0 OR OLD.credits IS NOT 0 BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: tallies_insert
CREATE TRIGGER tallies_insert BEFORE INSERT ON transaction_tallies BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: tallies_update
CREATE TRIGGER tallies_update BEFORE UPDATE ON transaction_tallies BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: tallies_delete
CREATE TRIGGER tallies_delete BEFORE DELETE ON transaction_tallies
WHEN OLD.count IS NOT 0 BEGIN
  SELECT RAISE(ABORT, 'mosaite:totals_kept') WHERE NOT EXISTS (SELECT 1 FROM totals_passes);
END;

-- guard: periods_used
CREATE TRIGGER periods_used BEFORE UPDATE OF company_id, year, month ON periods
WHEN OLD.status = 'closed' BEGIN
  SELECT RAISE(ABORT, 'mosaite:period_closed');
END;

-- guard: periods_delete
CREATE TRIGGER periods_delete BEFORE DELETE ON periods WHEN OLD.status = 'closed' BEGIN
  SELECT RAISE(ABORT, 'mosaite:period_closed');
END;
