-- guard: guard_refuse
CREATE OR REPLACE FUNCTION guard_refuse(code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'mosaite:%', code USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- guard: guard_read_committed
-- Under a stricter isolation a guard would look at the rows as they were before it locked.
CREATE OR REPLACE FUNCTION guard_read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted')
  THEN PERFORM guard_refuse('isolation_level'); END IF;
END $$;
