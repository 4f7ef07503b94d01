-- The first join of a bond, for telling how a person came to be known: when it
-- began, and the id of that join, sealed in sealed databases. Bonds from before
-- have neither.
ALTER TABLE waguard_bond ADD COLUMN began BIGINT NOT NULL DEFAULT 0;

ALTER TABLE waguard_bond ADD COLUMN origin TEXT COLLATE "C" NOT NULL DEFAULT '';
