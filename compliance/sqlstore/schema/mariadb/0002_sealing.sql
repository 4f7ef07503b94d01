-- What sealed databases need beside the hashes in key columns: the handle a
-- bond names, and what a move says. Plain ones leave both empty. And a sealed
-- actor is longer.
ALTER TABLE waguard_bond ADD COLUMN IF NOT EXISTS handle LONGBLOB NOT NULL DEFAULT '';

ALTER TABLE waguard_move ADD COLUMN IF NOT EXISTS body LONGBLOB NOT NULL DEFAULT '';

ALTER TABLE waguard_suppressed MODIFY COLUMN actor LONGBLOB NOT NULL;
