package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// zoneSpans reads which numbers lie in which zones. The module keeps the list to
// itself and only answers for one number at a time, so its data file is read where
// the module lies; what it answers is what the tests compare with.
func zoneSpans() ([]span, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/nyaruka/phonenumbers").Output()
	if err != nil {
		return nil, fmt.Errorf("where is the module: %w", err)
	}
	zipped, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "data", "prefix_to_timezone.xml.gz"))
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	spans, err := readZones(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("time zone data: %w", err)
	}
	slices.SortFunc(spans, func(a, b span) int { return strings.Compare(a.prefix, b.prefix) })
	return spans, nil
}

// readZones reads the module's form of the data: the length of a list of names,
// the names, how many prefixes there are, and for each its distance from the
// last one, how many zones it has, and their places in the list.
func readZones(r *bytes.Reader) ([]span, error) {
	var size, count uint32
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	list := make([]byte, size)
	if _, err := io.ReadFull(r, list); err != nil {
		return nil, err
	}
	names := strings.Split(string(list), "\n")
	if err := binary.Read(r, binary.LittleEndian, &count); err != nil {
		return nil, err
	}
	var out []span
	var prefix uint64
	for range count {
		step, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, err
		}
		prefix += step
		n, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		zones := make([]string, n)
		for i := range zones {
			var at uint16
			if err := binary.Read(r, binary.LittleEndian, &at); err != nil {
				return nil, err
			}
			if int(at) >= len(names) {
				return nil, fmt.Errorf("zone %d of %d", at, len(names))
			}
			zones[i] = names[at]
		}
		value := strings.Join(zones, " ")
		if value == phonenumbers.UNKNOWN_TIMEZONE {
			value = ""
		}
		out = append(out, span{strconv.FormatUint(prefix, 10), value})
	}
	if r.Len() != 0 {
		return nil, fmt.Errorf("%d bytes too many", r.Len())
	}
	return out, nil
}
