package content

import "testing/fstest"

// ReadAsks reads one file of requests of that content, named for the language sv.
func ReadAsks(data string) error {
	sets, err := readAll(fstest.MapFS{"asks/sv.json": {Data: []byte(data)}}, "asks", func(a askSet) string { return a.Lang })
	if err != nil {
		return err
	}
	b := newBuilder()
	return b.asks(sets)
}
