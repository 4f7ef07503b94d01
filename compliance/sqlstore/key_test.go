package sqlstore

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

var secretText = base64.StdEncoding.EncodeToString([]byte("0123456789abcdefghijklmnopqrstuv"))

func TestReadKeys(t *testing.T) {
	keys, err := ReadKeys(strings.NewReader("# newest first\n\n 2026-11\t" + secretText + "\r\nold.1 " + secretText))
	if err != nil || len(keys) != 2 || keys[0].ID != "2026-11" || keys[1].ID != "old.1" || string(keys[0].Secret) != "0123456789abcdefghijklmnopqrstuv" {
		t.Fatalf("%v %v", keys, err)
	}
	for _, c := range []struct{ why, file, says string }{
		{"nothing", "", "none are there"},
		{"comments alone", "# a key\n", "none are there"},
		{"no id", secretText, "line 1"},
		{"no secret", "a\n", "line 1"},
		{"a third word", "a " + secretText + " b", "line 1"},
		{"no base64", "a password", "line 1"},
		{"base64 without its end", "a " + strings.TrimRight(secretText, "="), "line 1"},
		{"too short", "\na " + base64.StdEncoding.EncodeToString([]byte("short")), "line 2"},
		{"too long", "a " + base64.StdEncoding.EncodeToString(make([]byte, 33)), "line 1"},
		{"an id with a dollar", "a$b " + secretText, "line 1"},
		{"an id twice", "a " + secretText + "\na " + secretText, "line 2: key a is there twice"},
		{"too many", strings.Repeat("a "+secretText+"\n", 2), "line 2"},
		{"a file that is too long", strings.Repeat("#\n", maxKeyFile), "more than"},
		{"a line that is too long", strings.Repeat("#", 2*maxKeyFile), "more than"},
	} {
		_, err := ReadKeys(strings.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.why, err, c.says)
		} else if strings.Contains(err.Error(), secretText) || strings.Contains(err.Error(), "password") {
			t.Errorf("%s: the secret is in the error", c.why)
		}
	}
}

// A key that is printed, or in something that is printed, shows its id alone.
func TestKeysAreNotPrinted(t *testing.T) {
	k := Key{ID: "a", Secret: []byte("0123456789abcdefghijklmnopqrstuv")}
	in := struct{ Keys []Key }{[]Key{k}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{k, &k, in} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, "0123456789") || strings.Contains(got, "30313233") || strings.Contains(got, "48 49") {
				t.Errorf("%s of %T: %s", verb, v, got)
			}
		}
	}
	if b, err := json.Marshal(in); err == nil {
		t.Errorf("marshalled to %s", b)
	}
}

func FuzzReadKeys(f *testing.F) {
	f.Add("a " + secretText + "\n# b\n\nc " + secretText)
	f.Add("a")
	f.Add("\x00 =")
	f.Fuzz(func(t *testing.T, file string) {
		keys, err := ReadKeys(strings.NewReader(file))
		if err != nil {
			if len(keys) > 0 {
				t.Error("keys beside an error")
			}
			return
		}
		if err := checkKeys(keys); err != nil {
			t.Errorf("keys that were read are refused: %v", err)
		}
	})
}
