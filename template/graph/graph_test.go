package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/template/graph"
)

const account = "100200300400500"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func item(name string, more ...string) string {
	return `{"id":"` + name + `1","name":"` + name + `","language":"en_US","status":"APPROVED","category":"UTILITY",` + strings.Join(append(more, ""), ",") +
		`"components":[{"type":"BODY","text":"Your order {{1}} left."}]}`
}

func answer(next string, items ...string) string {
	paging := `{"cursors":{"before":"a"}}`
	if next != "" {
		paging = `{"cursors":{"before":"a","after":"` + next + `"},"next":"https://elsewhere.example.com/?access_token=secret"}`
	}
	return `{"data":[` + strings.Join(items, ",") + `],"paging":` + paging + `}`
}

// api answers by cursor; a page of more than one text answers them one after the
// other.
func api(t *testing.T, pages map[string][]string) *graph.Client {
	t.Helper()
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t0ken" || r.URL.Path != "/v25.0/"+account+"/message_templates" {
			t.Errorf("asked at %s", r.URL.Path)
		}
		cursor := r.URL.Query().Get("after")
		texts := pages[cursor]
		if len(texts) == 0 {
			t.Errorf("asked for %q", cursor)
			return
		}
		text := texts[min(asked[cursor], len(texts)-1)]
		asked[cursor]++
		if strings.HasPrefix(text, `{"error"`) {
			w.WriteHeader(http.StatusBadRequest)
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	c, err := graph.New(server.Client(), server.URL+"/v25.0/", account, "t0ken", graph.WithPageSize(2))
	require.NoError(t, err)
	return c
}

func names(t *testing.T, c template.Catalog) (all []string) {
	t.Helper()
	for d, err := range c.Definitions(context.Background(), account) {
		require.NoError(t, err)
		all = append(all, d.Ref.Name+" "+string(d.Status))
	}
	return all
}

func TestSync(t *testing.T) {
	ctx := context.Background()
	catalog := template.NewMemory()
	require.NoError(t, catalog.Put(ctx, noon.AddDate(0, 0, -1),
		template.Definition{ID: "9", Ref: template.Ref{Account: account, Name: "gone", Language: "en"}, Status: template.Approved},
		template.Definition{ID: "8", Ref: template.Ref{Account: account, Name: "old", Language: "en"}, Status: template.Archived},
		template.Definition{ID: "7", Ref: template.Ref{Account: "another", Name: "theirs", Language: "en"}, Status: template.Approved}))
	require.NoError(t, catalog.Put(ctx, noon.Add(time.Second), template.Definition{ID: "6", Ref: template.Ref{Account: account, Name: "just_made", Language: "en"}, Status: template.Pending}))
	require.NoError(t, catalog.Apply(ctx, template.Change{ID: "late", Ref: template.Ref{Account: account, Name: "b", Language: "en_US"}, At: noon.Add(time.Minute), Status: template.Paused}))

	c := api(t, map[string][]string{"": {answer("2", item("a", `"new_member":{"x":1}`), item("b"))}, "2": {answer("", item("c"))}})
	r, err := c.Sync(ctx, catalog, noon)
	require.NoError(t, err)
	require.Equal(t, graph.Report{Pages: 2, Put: 3, Gone: []template.Ref{{Account: account, Name: "gone", Language: "en"}}}, r)
	require.Equal(t, []string{"a APPROVED", "b PAUSED", "c APPROVED", "gone DELETED", "just_made PENDING", "old ARCHIVED"}, names(t, catalog),
		"what webhooks told meanwhile counts on, and what was made meanwhile stays")
	d, _, err := catalog.Find(ctx, template.Ref{Account: account, Name: "a", Language: "en-US"})
	require.NoError(t, err)
	require.JSONEq(t, `{"x":1}`, string(d.Extra["new_member"]), "nothing is lost")

	again, err := c.Sync(ctx, catalog, noon.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []template.Ref{{Account: account, Name: "just_made", Language: "en"}}, again.Gone, "a later listing without it")
}

func TestOneThatCannotBeRead(t *testing.T) {
	ctx := context.Background()
	catalog := template.NewMemory()
	require.NoError(t, catalog.Put(ctx, noon.AddDate(0, 0, -1), template.Definition{ID: "9", Ref: template.Ref{Account: account, Name: "kept", Language: "en"}, Status: template.Approved}))
	c := api(t, map[string][]string{"": {answer("2", item("a"), `{"name":"kept","components":7}`, `{"id":"5"}`)}, "2": {answer("", item("c"))}})
	r, err := c.Sync(ctx, catalog, noon)
	require.NoError(t, err)
	require.Equal(t, 2, r.Put, "what stands beside it is put")
	require.Len(t, r.Failed, 2)
	require.Equal(t, "graph: page 1, template 2: template: line 1: components has the wrong type: want an array", r.Failed[0].Error())
	require.Equal(t, 3, r.Failed[1].Item)
	require.ErrorIs(t, r.Failed[1], template.ErrIncomplete)
	require.Empty(t, r.Gone, "which template it is is not known")
	require.Contains(t, names(t, catalog), "kept APPROVED")
}

func TestListingsThatFail(t *testing.T) {
	for why, c := range map[string]struct {
		pages map[string][]string
		page  int
		is    error
		code  int
	}{
		"no JSON":                      {map[string][]string{"": {"<html>"}}, 1, graph.ErrForm, 0},
		"no data":                      {map[string][]string{"": {"{}"}}, 1, graph.ErrForm, 0},
		"a refusal":                    {map[string][]string{"": {`{"error":{"code":190,"message":"secret"}}`}}, 1, nil, 190},
		"a refusal of the second page": {map[string][]string{"": {answer("2", item("a"))}, "2": {`{"error":{"code":80007}}`}}, 2, nil, 80007},
		"a circle":                     {map[string][]string{"": {answer("2", item("a"))}, "2": {answer("2", item("b"))}}, 2, graph.ErrLoop, 0},
		"it goes on without a cursor":  {map[string][]string{"": {`{"data":[],"paging":{"next":"https://x"}}`}}, 1, graph.ErrForm, 0},
		"a cursor that is stale twice": {map[string][]string{"": {answer("2", item("a"))}, "2": {`{"error":{"code":131059}}`}}, 2, nil, 131059},
	} {
		r, err := api(t, c.pages).Sync(context.Background(), template.NewMemory(), noon)
		var e *graph.Error
		require.ErrorAs(t, err, &e, why)
		require.Equal(t, c.page, e.Page, why)
		require.Equal(t, c.code, e.Code, why)
		if c.is != nil {
			require.ErrorIs(t, err, c.is, why)
		}
		require.NotContains(t, err.Error(), "secret", why)
		require.Empty(t, r.Gone, why)
	}
}

func TestAStaleCursorBeginsAgain(t *testing.T) {
	c := api(t, map[string][]string{"": {answer("2", item("a"))}, "2": {`{"error":{"code":131059}}`, answer("", item("b"))}})
	catalog := template.NewMemory()
	_, err := c.Sync(context.Background(), catalog, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"a APPROVED", "b APPROVED"}, names(t, catalog))
}

type broken struct{ template.Catalog }

func (broken) Put(context.Context, time.Time, ...template.Definition) error {
	return errors.New("it broke")
}

func TestACatalogThatFails(t *testing.T) {
	c := api(t, map[string][]string{"": {answer("", item("a"))}})
	_, err := c.Sync(context.Background(), broken{template.NewMemory()}, noon)
	require.ErrorContains(t, err, "page 1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = c.Sync(ctx, template.NewMemory(), noon)
	require.ErrorIs(t, err, context.Canceled)
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	for why, make := range map[string]func() (*graph.Client, error){
		"client":  func() (*graph.Client, error) { return graph.New(nil, "https://x.example", account, "t") },
		"base":    func() (*graph.Client, error) { return graph.New(http.DefaultClient, "x", account, "t") },
		"account": func() (*graph.Client, error) { return graph.New(http.DefaultClient, "https://x.example", "a/b", "t") },
		"token":   func() (*graph.Client, error) { return graph.New(http.DefaultClient, "https://x.example", account, "") },
		"time": func() (*graph.Client, error) {
			return graph.New(http.DefaultClient, "https://x.example", account, "t", graph.WithTimeout(0))
		},
	} {
		_, err := make()
		require.Error(t, err, why)
	}
}

func FuzzListing(f *testing.F) {
	f.Add([]byte(answer("2", item("a"), `{"name":7}`)))
	f.Add([]byte(`{"data":null}`))
	f.Add([]byte(`{"error":{"code":"x"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := graph.New(&http.Client{Transport: text(b)}, "https://x.example", account, "t")
		require.NoError(t, err)
		n := 0
		for d, err := range c.Definitions(context.Background()) {
			if err == nil {
				require.NotEmpty(t, d.Ref.Name)
				_, err = json.Marshal(d)
				require.NoError(t, err, "what was read is written")
			}
			if n++; n > 1000 {
				return
			}
		}
	})
}

// text answers every request with the same bytes.
type text []byte

func (b text) RoundTrip(*http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	_, _ = w.Write(b)
	return w.Result(), nil
}

func ExampleClient_Sync() {
	listing := text(answer("", item("order_shipped"), item("order_arrived")))
	client, err := graph.New(&http.Client{Transport: listing}, "https://graph.facebook.com/v25.0", account, "token")
	if err != nil {
		panic(err)
	}
	catalog := template.NewMemory()
	report, err := client.Sync(context.Background(), catalog, noon)
	fmt.Println(report.Put, len(report.Gone), err)
	// Output: 2 0 <nil>
}
