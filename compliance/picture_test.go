package compliance_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// layers is who may import whom, from the bottom up. A package imports only
// packages of lower layers, and never one beside it.
var layers = [][]string{
	{"internal/text", "internal/concept", "internal/shape", "internal/jsondoc", "internal/graphapi", "compliance/policy", "compliance/party"},
	{"category", "compliance/outcome"},
	{"optin", "window", "template", "compliance/content", "compliance/echo", "compliance/pace", "category/oracle"},
	{"compliance/journal", "template/graph"},
	{"compliance"},
	{"compliance/wire", "compliance/webhook"},
	{"compliance/sqlstore", "compliance/replay", "compliance/httpguard"},
	{"compliance/compliancetest"},
}

// exceptions are imports beside each other that the picture allows.
var exceptions = map[string][]string{
	"internal/concept":  {"internal/text"},
	"compliance/policy": {"internal/shape", "internal/text"},
	"compliance/party":  {"internal/shape"},
}

func TestImportsPointDown(t *testing.T) {
	const module = "github.com/waguard/waguard/"
	layer := map[string]int{}
	for i, ps := range layers {
		for _, p := range ps {
			layer[p] = i
		}
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base == "examples" || base == "cmd" || base == "gen" || base == "matchers" || base == "train" || base == "sqlite" || strings.HasPrefix(base, ".") && base != ".." {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		at, known := layer[pkg]
		if strings.HasSuffix(pkg, "test") && !known {
			return nil // conformance kits stand outside
		}
		require.True(t, known, "%s is not in the picture", pkg)
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, im := range f.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			to, ours := strings.CutPrefix(p, module)
			if !ours || slices.Contains(exceptions[pkg], to) {
				continue
			}
			below, known := layer[to]
			require.True(t, known && below < at, "%s imports %s, which does not point down", path, to)
		}
		return nil
	})
	require.NoError(t, err)
}
