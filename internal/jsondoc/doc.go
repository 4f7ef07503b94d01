// Package jsondoc reads a JSON text that came from outside, once, and keeps
// where every value stands.
//
// encoding/json takes the last of two equal keys, folds the case of a key and
// stops at the first value of a wrong type without saying where. A body that is
// about to be judged needs the opposite: [Parse] notes every duplicate key, every
// string that is no UTF-8 and every value that nests too deep as a [Fault] with its
// place, and the values are read one by one, so that one unreadable item does not
// take its neighbours with it. A document costs one allocation beside the strings that are asked for.
//
// A Doc is not changed after Parse and is safe for concurrent reading. The bytes
// it was parsed from must not be changed while it is in use.
package jsondoc
