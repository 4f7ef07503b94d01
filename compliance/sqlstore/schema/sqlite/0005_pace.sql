-- pace.Store: what a person was sent, under the least of their handles, and how
-- many people were reached, under an empty scheme. Nothing of a row counts from
-- ends on.
CREATE TABLE waguard_pace (
    scope  TEXT NOT NULL,
    scheme TEXT NOT NULL,
    value  TEXT NOT NULL,
    ends   INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (scope, scheme, value)
) WITHOUT ROWID;

CREATE INDEX waguard_pace_ends ON waguard_pace (scope, ends);
