// Package sqlstore keeps everything a Sender reads and an Inbox writes in one
// SQL database, through database/sql and a handle the app opened. It needs no
// driver of its own; the module compliance/sqlstore/sqlite brings a pure Go one
// and opens a file in one line.
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
//	waguard_secret           the key for prints and digests, 32 random bytes
//	waguard_consent          optin.Store: events and version, under every handle
//	waguard_consent_id         the ids of events, each once
//	waguard_suppressed       keyed digests of people who were erased
//	waguard_flight           messages under way
//	waguard_flight_handle      by handle
//	waguard_mark             window.Store: marks per line and handle or group
//	waguard_bond             party.Links: handles seen together
//	waguard_join_id            ids of what was learned
//	waguard_move               changes of number or id
//	waguard_template         template.Catalog: definitions
//	waguard_template_news      what webhooks told since
//	waguard_account_news     compliance.AccountStore
//	waguard_journal          journal.Journal: a hash chain per writer
//
// The first column of every key is the scope ([WithScope]): a database can
// serve many businesses, each opened by itself. Times are whole microseconds
// since 1970 in UTC. Text compares byte for byte. The files under schema/ say
// what each column holds.
//
// # Migrations
//
// [Open] brings an older database up to date: the numbered files under
// schema/<dialect>/ that have not run yet run in order, in one transaction, and
// their numbers are kept in waguard_schema. A database of a newer version is
// refused with [ErrNewer] and left alone. A released migration is never edited;
// a change is a new file.
package sqlstore
