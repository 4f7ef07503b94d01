-- What sealed databases need beside the hashes in key columns: the handle a
-- bond names, and what a move says. Plain ones leave both empty.
ALTER TABLE waguard_bond ADD COLUMN handle TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE waguard_move ADD COLUMN body TEXT COLLATE "C" NOT NULL DEFAULT '';
