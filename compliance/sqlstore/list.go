package sqlstore

import "strings"

// listed repeats a part of a statement, with commas between.
func listed(part string, n int) string {
	return strings.Repeat(part+", ", n-1) + part
}

// small is how many rows make a statement of their own. A server is asked once
// for them, however many they are; calls that wait together are seldom more.
const small = 64

// chunks cuts n rows of some placeholders each into stretches that fit into a
// statement. Sizes above small are powers of two, so that not too many different
// statements are prepared.
func chunks(n, perRow, params int, each func(from, to int) error) error {
	size := 1
	for size*2*perRow <= params-8 {
		size *= 2
	}
	for from := 0; from < n; {
		for from+size > n && size > 1 {
			if n-from <= small && (n-from)*perRow <= params-8 {
				size = n - from
				break
			}
			size /= 2
		}
		if err := each(from, from+size); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// after is the condition for the rows that come after a key, and its arguments.
func (w wording) after(columns []string, key []any) (string, []any) {
	if !w.spread {
		return "(" + strings.Join(columns, ", ") + ") > (" + listed("?", len(key)) + ")", key
	}
	var parts []string
	var args []any
	for i, c := range columns {
		part := ""
		for j, same := range columns[:i] {
			part += same + " = ? AND "
			args = append(args, key[j])
		}
		parts = append(parts, part+c+" > ?")
		args = append(args, key[i])
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}
