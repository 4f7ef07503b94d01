-- pace.Store: what a person was sent, under the least of their handles, and how
-- many people were reached, under an empty scheme. Nothing of a row counts from
-- ends on.
CREATE TABLE waguard_pace (
    scope  TEXT COLLATE "C" NOT NULL,
    scheme TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    ends   BIGINT NOT NULL,
    body   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, scheme, value)
);

CREATE INDEX waguard_pace_ends ON waguard_pace (scope, ends);
