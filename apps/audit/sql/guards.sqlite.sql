-- An event is appended to the last one of its chain or not at all, and stays as it is. The head of the
-- chain follows by itself; it moves in no other way, so it tells when the last events are gone.

-- guard: audit_insert
CREATE TRIGGER audit_insert BEFORE INSERT ON audit_events BEGIN
  SELECT CASE
    -- INSERT OR REPLACE would delete the row that stands in the way.
    WHEN EXISTS (SELECT 1 FROM audit_events WHERE event_id = NEW.event_id OR (chain = NEW.chain AND seq = NEW.seq))
      THEN RAISE(ABORT, 'mosaite:append_only')
    WHEN NOT EXISTS (
      SELECT 1 FROM audit_chains WHERE chain = NEW.chain AND seq = NEW.seq - 1 AND hash = NEW.prev_hash
    ) THEN RAISE(ABORT, 'mosaite:chain_broken')
  END;
END;

-- guard: audit_inserted
CREATE TRIGGER audit_inserted AFTER INSERT ON audit_events BEGIN
  UPDATE audit_chains SET seq = NEW.seq, hash = NEW.hash WHERE chain = NEW.chain;
END;

-- guard: audit_update
CREATE TRIGGER audit_update BEFORE UPDATE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only');
END;

-- guard: audit_delete
CREATE TRIGGER audit_delete BEFORE DELETE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only');
END;

-- guard: audit_chain_insert
CREATE TRIGGER audit_chain_insert BEFORE INSERT ON audit_chains BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only') WHERE NEW.seq IS NOT 0 OR NEW.hash IS NOT printf('%064d', 0)
    OR EXISTS (SELECT 1 FROM audit_chains WHERE chain = NEW.chain)
    OR EXISTS (SELECT 1 FROM audit_events WHERE chain = NEW.chain);
END;

-- guard: audit_chain_update
CREATE TRIGGER audit_chain_update BEFORE UPDATE ON audit_chains BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only') WHERE NEW.chain IS NOT OLD.chain OR NEW.seq IS NOT OLD.seq + 1
    OR NEW.origin IS NOT OLD.origin OR NEW.company_id IS NOT OLD.company_id
    OR NOT EXISTS (
      SELECT 1 FROM audit_events
      WHERE chain = OLD.chain AND seq = NEW.seq AND hash = NEW.hash AND prev_hash = OLD.hash
    );
END;

-- guard: audit_chain_delete
CREATE TRIGGER audit_chain_delete BEFORE DELETE ON audit_chains BEGIN
  SELECT RAISE(ABORT, 'mosaite:append_only');
END;
