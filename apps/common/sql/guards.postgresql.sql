-- guard: guard_refuse
CREATE OR REPLACE FUNCTION guard_refuse(code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'mosaite:%', code USING ERRCODE = 'integrity_constraint_violation';
END $$;
