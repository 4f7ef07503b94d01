// Package sqlite opens the stores of package sqlstore in an SQLite file, with a
// driver in pure Go (modernc.org/sqlite, BSD licence): nothing to install, no
// C compiler, no server.
//
//	db, err := sqlite.Open("consent.db")
//	if err != nil { … }
//	defer db.Close()
//	sender, err := compliance.New(compliance.Config{Business: b, Stores: db.Stores()})
//
// The file is in WAL mode, synced on every commit (synchronous=FULL): what a
// call returned for outlives a power cut. Several processes on one machine may
// open it; one writes at a time, and the others wait up to the busy timeout.
// Beside the file lie two more, with -wal and -shm behind its name, while it is
// open; they belong to it. A network file system is no place for them.
//
// A new file is readable by its owner only: it holds phone numbers.
package sqlite
