-- guard: audit_insert
CREATE TRIGGER audit_insert BEFORE INSERT ON audit_events BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only') WHERE EXISTS (
    SELECT 1 FROM audit_events WHERE event_id = NEW.event_id OR (chain = NEW.chain AND seq = NEW.seq)
  );
END;

-- guard: audit_update
CREATE TRIGGER audit_update BEFORE UPDATE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only');
END;

-- guard: audit_delete
CREATE TRIGGER audit_delete BEFORE DELETE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only');
END;
