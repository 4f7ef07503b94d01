-- The tables of every store, for MariaDB.
--
-- Every CREATE here commits by itself, so each can be run again: a process that
-- ended half way leaves the rest to the next.
--
-- scope is the first column of every key: one database can serve many
-- businesses, and nothing of one is ever read for another. Keys are VARBINARY:
-- they compare byte for byte, whatever character set the database or the
-- connection has, and none longer than 512 bytes is let in. Times are microseconds
-- since 1970, UTC. body is JSON in the form of the Go type it holds, in UTF-8.

-- What the database keeps for itself. 'key': 32 random bytes, made on first
-- open, for prints, digests and tickets.
CREATE TABLE IF NOT EXISTS waguard_secret (
    scope VARBINARY(255) NOT NULL,
    name  VARBINARY(512) NOT NULL,
    value VARBINARY(255) NOT NULL,
    PRIMARY KEY (scope, name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- optin.Store: the ids of all events, so that each is stored once.
CREATE TABLE IF NOT EXISTS waguard_consent_id (
    scope VARBINARY(255) NOT NULL,
    id    VARBINARY(512) NOT NULL,
    PRIMARY KEY (scope, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- Every event, whole, under each of its handles: what is on record about a
-- person is one stretch of the table, in order. Before it stands the handle's
-- own row, with an empty id and the smallest at: its version says how often what
-- is on record changed (events have 0 there). A flight is entered with the sum
-- of the versions that was seen. Once somebody was erased there is one more such
-- row, of the empty handle: its version is added to that of every handle, known
-- or not, so that no version comes back with the rows that are gone. Its body is
-- 'kept' once there is a row in waguard_suppressed.
CREATE TABLE IF NOT EXISTS waguard_consent (
    scope   VARBINARY(255) NOT NULL,
    scheme  VARBINARY(512) NOT NULL,
    value   VARBINARY(512) NOT NULL,
    at      BIGINT NOT NULL,
    id      VARBINARY(512) NOT NULL,
    version BIGINT NOT NULL,
    body    LONGBLOB NOT NULL,
    PRIMARY KEY (scope, scheme, value, at, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- What is kept of people who were erased: a keyed digest in hex, never the
-- handle.
CREATE TABLE IF NOT EXISTS waguard_suppressed (
    scope    VARBINARY(255) NOT NULL,
    digest   VARBINARY(64) NOT NULL,
    at       BIGINT NOT NULL,
    switched TINYINT NOT NULL,
    actor    VARBINARY(512) NOT NULL,
    PRIMARY KEY (scope, digest)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- Messages under way.
CREATE TABLE IF NOT EXISTS waguard_flight (
    scope   VARBINARY(255) NOT NULL,
    id      VARBINARY(512) NOT NULL,
    expires BIGINT NOT NULL,
    body    LONGBLOB NOT NULL,
    PRIMARY KEY (scope, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS waguard_flight_handle (
    scope  VARBINARY(255) NOT NULL,
    scheme VARBINARY(512) NOT NULL,
    value  VARBINARY(512) NOT NULL,
    id     VARBINARY(512) NOT NULL,
    PRIMARY KEY (scope, scheme, value, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- window.Store: the marks that can still matter, under each handle of the
-- person, or with an empty scheme under the group. handles is the JSON list of
-- all handles, empty where this one is the only one.
CREATE TABLE IF NOT EXISTS waguard_mark (
    scope    VARBINARY(255) NOT NULL,
    number   VARBINARY(512) NOT NULL,
    scheme   VARBINARY(512) NOT NULL,
    value    VARBINARY(512) NOT NULL,
    id       VARBINARY(512) NOT NULL,
    kind     BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    received BIGINT NOT NULL,
    account  VARBINARY(512) NOT NULL,
    handles  LONGBLOB NOT NULL,
    PRIMARY KEY (scope, number, scheme, value, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- party.Links: the ids of joins; each set of handles once, with the youngest
-- join of it (at) and whether the handle still belongs (live: nobody moved away
-- from it since); and the moves.
CREATE TABLE IF NOT EXISTS waguard_join_id (
    scope VARBINARY(255) NOT NULL,
    id    VARBINARY(512) NOT NULL,
    PRIMARY KEY (scope, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS waguard_bond (
    scope  VARBINARY(255) NOT NULL,
    scheme VARBINARY(512) NOT NULL,
    value  VARBINARY(512) NOT NULL,
    bond   VARBINARY(64) NOT NULL,
    at     BIGINT NOT NULL,
    live   BIGINT NOT NULL,
    PRIMARY KEY (scope, scheme, value, bond)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE INDEX IF NOT EXISTS waguard_bond_members ON waguard_bond (scope, bond);

CREATE TABLE IF NOT EXISTS waguard_move (
    scope      VARBINARY(255) NOT NULL,
    id         VARBINARY(512) NOT NULL,
    scheme     VARBINARY(512) NOT NULL,
    from_value VARBINARY(512) NOT NULL,
    to_value   VARBINARY(512) NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (scope, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE INDEX IF NOT EXISTS waguard_move_from ON waguard_move (scope, scheme, from_value, at);
CREATE INDEX IF NOT EXISTS waguard_move_to ON waguard_move (scope, scheme, to_value);

-- template.Catalog: the youngest definition of each template, and the news.
-- digest is SHA-256 of the news, so that a repeat is stored once.
CREATE TABLE IF NOT EXISTS waguard_template (
    scope    VARBINARY(255) NOT NULL,
    name     VARBINARY(512) NOT NULL,
    language VARBINARY(512) NOT NULL,
    account  VARBINARY(512) NOT NULL,
    id       VARBINARY(512) NOT NULL,
    at       BIGINT NOT NULL,
    body     LONGBLOB NOT NULL,
    PRIMARY KEY (scope, name, language, account)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS waguard_template_news (
    scope    VARBINARY(255) NOT NULL,
    digest   VARBINARY(64) NOT NULL,
    template VARBINARY(512) NOT NULL,
    name     VARBINARY(512) NOT NULL,
    language VARBINARY(512) NOT NULL,
    at       BIGINT NOT NULL,
    body     LONGBLOB NOT NULL,
    PRIMARY KEY (scope, digest)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE INDEX IF NOT EXISTS waguard_template_news_id ON waguard_template_news (scope, template);
CREATE INDEX IF NOT EXISTS waguard_template_news_name ON waguard_template_news (scope, name, language);

-- compliance.AccountStore.
CREATE TABLE IF NOT EXISTS waguard_account_news (
    scope   VARBINARY(255) NOT NULL,
    id      VARBINARY(512) NOT NULL,
    account VARBINARY(512) NOT NULL,
    number  VARBINARY(512) NOT NULL,
    at      BIGINT NOT NULL,
    body    LONGBLOB NOT NULL,
    PRIMARY KEY (scope, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE INDEX IF NOT EXISTS waguard_account_news_of ON waguard_account_news (scope, account, number);

-- journal.Journal: one chain per writer. Rows are only ever added.
CREATE TABLE IF NOT EXISTS waguard_journal (
    scope  VARBINARY(255) NOT NULL,
    writer VARBINARY(255) NOT NULL,
    seq    BIGINT NOT NULL,
    prev   VARBINARY(64) NOT NULL,
    hash   VARBINARY(64) NOT NULL,
    id     BLOB NOT NULL,
    at     BIGINT NOT NULL,
    kind   BLOB NOT NULL,
    digest BLOB NOT NULL,
    body   LONGBLOB NOT NULL,
    PRIMARY KEY (scope, writer, seq)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
