-- pace.Store: what a person was sent, under the least of their handles, and how
-- many people were reached, under an empty scheme. Nothing of a row counts from
-- ends on.
CREATE TABLE IF NOT EXISTS waguard_pace (
    scope  VARBINARY(255) NOT NULL,
    scheme VARBINARY(512) NOT NULL,
    value  VARBINARY(512) NOT NULL,
    ends   BIGINT NOT NULL,
    body   LONGBLOB NOT NULL,
    PRIMARY KEY (scope, scheme, value)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE INDEX IF NOT EXISTS waguard_pace_ends ON waguard_pace (scope, ends);
