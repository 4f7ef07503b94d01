-- What an account's templates went through and neither the Graph API nor webhooks
-- tell again: what the app did with them (kind 'act', template.Acts), and what
-- Meta decided of their category beside what was predicted (kind 'outcome',
-- category.Outcomes). id is a digest of what may be there once.
CREATE TABLE IF NOT EXISTS waguard_template_record (
    scope   VARBINARY(255) NOT NULL,
    kind    VARBINARY(64) NOT NULL,
    id      VARBINARY(64) NOT NULL,
    account VARBINARY(512) NOT NULL,
    at      BIGINT NOT NULL,
    body    LONGBLOB NOT NULL,
    PRIMARY KEY (scope, kind, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
