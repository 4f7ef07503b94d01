// Package sqlstore keeps everything a Sender reads and an Inbox writes in one
// SQL database, through database/sql and a handle the app opened: PostgreSQL,
// MariaDB or SQLite. It needs no driver of its own; the module
// compliance/sqlstore/sqlite brings a pure Go one and opens a file in one line.
//
//	pool, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
//	db, err := sqlstore.Open(ctx, pool, sqlstore.PostgreSQL)
//
// README.md beside this file says how to run each of them in production.
//
//	         reads                                     writes
//	Events · Marks · Known · Find …          Append · Note · Join · Put …
//	           │                                         │
//	           ▼                                         ▼ queue
//	 the app's pool of connections            one writer, one connection
//	 prepared statements, snapshots      BEGIN ─ write ─ write ─ … ─ COMMIT
//	           │                                         │
//	           └───────────────▶ database ◀──────────────┘
//
// # Writing
//
// Every write goes through one connection. Calls that come while a commit is
// under way wait together and share the next one, so that many callers cost few
// syncs; each call is still all or nothing, and has returned only when its commit
// has. When one call of such a group fails, the group is rolled back and its
// calls run one by one, so that none suffers for another. [DB.Atomic] gives a
// function the writer for itself.
//
// Between processes the database keeps writers of one scope apart, from before
// the first thing a transaction reads until it is committed:
//
//	SQLite      BEGIN IMMEDIATE, the file's write lock
//	PostgreSQL  pg_advisory_xact_lock, at READ COMMITTED
//	MariaDB     the scope's row of waguard_secret FOR UPDATE, at READ COMMITTED
//
// So the version that a flight was judged with and the raising of it by a stop
// cannot come between each other: of two transactions about one person, in
// whatever processes, one sees all of the other. Writers of different scopes do
// not wait for each other, except on SQLite.
//
// What the database gave up for another transaction's sake (a deadlock, a
// serialization failure) is done over a few times and then reported as [Busy]; so
// is a lock that does not come within five seconds. A connection that broke
// before the commit is replaced and the group done over; one that broke during
// it is reported as [Lost], because what became of it is not known. Nothing is
// done over inside Atomic: its function may have done other things.
//
// A context that ends before a write was begun withdraws it. One that ends later
// returns at once with the context's error, and the write is kept or dropped as
// a whole; asking again with the same ids settles it.
//
// # Reading
//
// A read is one statement, and sees everything that was committed before it
// began. Under [DB.Atomic] reads see the transaction's own writes too. An error
// is an [*Error] and never looks like "nothing on record".
//
// # Tables
//
//	waguard_schema           which migrations ran
//	waguard_secret           the key for prints and digests, 32 random bytes; see Sealing
//	waguard_consent          optin.Store: events and version, under every handle
//	waguard_consent_id         the ids of events, each once
//	waguard_suppressed       keyed digests of people who were erased
//	waguard_flight           messages under way
//	waguard_flight_handle      by handle
//	waguard_mark             window.Store: marks per line and handle or group
//	waguard_pace             pace.Store: what people were sent, and how many of them
//	waguard_bond             party.Links: handles seen together
//	waguard_join_id            ids of what was learned
//	waguard_move               changes of number or id
//	waguard_template         template.Catalog: definitions
//	waguard_template_news      what webhooks told since
//	waguard_template_record  template.Acts and category.Outcomes: what the app did, what Meta decided
//	waguard_account_news     compliance.AccountStore
//	waguard_journal          journal.Journal: a hash chain per writer
//
// The first column of every key is the scope ([WithScope]): a database can
// serve many businesses, each opened by itself. Times are whole microseconds
// since 1970 in UTC. Text compares byte for byte. On the servers an id or a handle
// has at most 512 bytes; a longer one is an error. The files under schema/ say
// what each column holds.
//
// # Sealing
//
// With [Sealed] keys, what names a person or could is sealed with AES-256-GCM on
// its way into the database: bodies of events with their evidence, of flights,
// tabs, moves, news and journal entries, the handles behind marks and bonds, and who
// erased somebody. Where it is looked up there stands a keyed hash instead
// (HMAC-SHA-256): of handles, groups, and all ids, for WhatsApp's message ids
// hold a phone number. The key for prints and digests is sealed too: with it,
// phone numbers could be tried against what is kept of the erased.
//
// Not sealed are scopes and writers; instants; kinds and schemes (phone, user);
// versions; the business's own accounts, lines and templates; what the journal
// calls an entry, and its digests, which are keyed already. Purposes are in the
// sealed body. So whoever copies the file sees how many people are on record,
// which rows are of one person, and when they were written; not who they are,
// what they agreed to, or whether they stopped.
//
// A sealed value is bound to its row. One that was changed, or put into another
// row, is [ErrTampered] to whoever reads it, and a send that needs it is
// undecided. Rows that were taken out, or an older state of the whole file, are
// not noticed; the head of the journal, kept elsewhere, shows that.
//
// A [Key] has an id and 32 random bytes, and lies where the app keeps its
// secrets, never in the database. The first key seals, all open. To change it:
//
//	1  every process:  Sealed(old, new)   knows the new key
//	2  every process:  Sealed(new, old)   seals with it
//	3  once:           db.Reseal(…)       seals the rest anew, batch by batch
//	4  every process:  Sealed(new)        the old key is gone
//
// Each step is done everywhere before the next begins; [Open] refuses with
// [ErrUnknownKey] where one was left out. Per scope and table 2^32 values may be
// sealed with one key; the journal gets there first, with two entries a send.
//
// What look-ups are keyed with is random, made with the scope, and kept sealed.
// It stays when keys change, or no row would be found meanwhile. Who once had a
// key and a copy of the file can tell of any later copy which rows a number has,
// and nothing of what is in them. Lose every key and the database cannot be read
// again: keep a copy of the keys apart from the backups.
//
// # Migrations
//
// [Open] brings an older database up to date: the numbered files under
// schema/<dialect>/ that have not run yet run in order, in one transaction, and
// their numbers are kept in waguard_schema. Of processes that open at the same
// time one does it and the others wait. MariaDB commits at every CREATE, so there
// each statement can be run again, for when a process ends half way. A database of
// a newer version is refused with [ErrNewer] and left alone. A released migration
// is never edited; a change is a new file. Embedded files and a table of numbers
// are all of it: a migration library would bring its own drivers, its own lock
// and a second way of telling errors apart.
package sqlstore
