package sqlstore_test

import (
	"fmt"
	"strings"

	"github.com/waguard/waguard/compliance/sqlstore"
)

func ExampleReadKeys() {
	keys, err := sqlstore.ReadKeys(strings.NewReader(`# newest first: it seals, the others open
2027-05 ZXhhbXBsZXMgYXJlIG5vIHBsYWNlIGZvciBzZWNyZXQ=
2026-11 bmV2ZXIgdGFrZSBhIGtleSBmcm9tIGFuIGV4YW1wbGU=
`))
	fmt.Println(keys, err)
	_, err = sqlstore.ReadKeys(strings.NewReader("2026-11 hunter2"))
	fmt.Println(err)
	// Output:
	// [key 2027-05 key 2026-11] <nil>
	// sqlstore: keys: line 1: the secret is no 32 bytes in base64
}
