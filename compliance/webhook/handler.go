package webhook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/waguard/waguard/compliance"
)

// A Receiver applies events: a *[compliance.Inbox], or what stands before one.
type Receiver interface {
	Receive(ctx context.Context, events ...compliance.Event) (compliance.Learned, error)
}

var _ Receiver = (*compliance.Inbox)(nil)

// An Option changes what has a sound default.
type Option func(*handler)

// WithClock sets the clock that says when a webhook was received; the default
// is time.Now.
func WithClock(now func() time.Time) Option { return func(h *handler) { h.now = now } }

// OnRefused is called with every request that is refused before it comes to next,
// with the status it is answered and why: the hook for logs. The error quotes
// nothing of the request.
func OnRefused(fn func(r *http.Request, status int, err error)) Option {
	return func(h *handler) { h.refused = fn }
}

// WithTimeout bounds how long the inbox may take for one webhook; the default is
// ten seconds, and zero is no bound. What takes longer is answered 500 and comes
// again, which does no harm; a provider that got no answer at all would do the
// same, later.
func WithTimeout(d time.Duration) Option { return func(h *handler) { h.timeout = d } }

// Why a request was refused that is no webhook at all, or could not be taken; see
// [OnRefused].
var (
	ErrPanicked  = errors.New("webhook: panicked while the webhook was taken in")
	ErrHandshake = errors.New("webhook: handshake without the right verify token")
	ErrMethod    = errors.New("webhook: neither GET nor POST")
)

type handler struct {
	inbox   Receiver
	p       Provider
	token   string // of the handshake; only Meta has one
	next    http.Handler
	now     func() time.Time
	timeout time.Duration
	refused func(*http.Request, int, error)
}

// Handler takes the webhooks of the Cloud API. GET is Meta's handshake; a POST
// is verified, parsed and given to the inbox, and then next is called with the
// raw body as it came and with what was learned in the context; see
// [LearnedFrom]. Without next the answer is 200.
//
// A body without the right signature is answered 401 and one that is no webhook
// 400, and nothing of them is applied. When the inbox fails the answer is 500 and
// next is not called: Meta sends the webhook again, for up to seven days. A body
// with items that cannot be read is none of these: the others count, and Meta
// sending it again would not make it readable.
//
// Meta wants an answer within a second or so: next should hand long work on.
func Handler(inbox Receiver, c CloudAPI, next http.Handler, opts ...Option) http.Handler {
	return newHandler(&handler{inbox: inbox, p: &c, token: c.VerifyToken, next: next}, opts)
}

// HandlerOf is [Handler] for the webhooks of another provider. There is no
// handshake: a GET is refused.
func HandlerOf(inbox Receiver, p Provider, next http.Handler, opts ...Option) http.Handler {
	return newHandler(&handler{inbox: inbox, p: p, next: next}, opts)
}

func newHandler(h *handler, opts []Option) http.Handler {
	h.now, h.timeout = time.Now, 10*time.Second
	for _, o := range opts {
		o(h)
	}
	return h
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		h.handshake(w, r)
	case http.MethodPost:
		h.post(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		h.refuse(w, r, http.StatusMethodNotAllowed, ErrMethod)
	}
}

func (h *handler) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	if h.refused != nil {
		h.refused(r, status, err)
	}
	http.Error(w, http.StatusText(status), status)
}

// handshake proves to Meta that the endpoint knows the token, by echoing the
// challenge. It goes out as plain text, so that no browser runs it.
func (h *handler) handshake(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	want, got := sha256.Sum256([]byte(h.token)), sha256.Sum256([]byte(q.Get("hub.verify_token")))
	right := subtle.ConstantTimeCompare(want[:], got[:]) == 1
	if h.token == "" || !right || q.Get("hub.mode") != "subscribe" {
		h.refuse(w, r, http.StatusForbidden, ErrHandshake)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, q.Get("hub.challenge")) // a caller who has gone asks again
}

func (h *handler) post(w http.ResponseWriter, r *http.Request) {
	received := h.now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.p.Limit()))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = ErrTooLarge
		}
		h.refuse(w, r, status(err), err)
		return
	}
	learned, code, err := h.take(r, body, received)
	if err != nil {
		h.refuse(w, r, code, err)
		return
	}
	if h.next == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	again := r.WithContext(context.WithValue(r.Context(), learnedKey{}, learned))
	again.Body = io.NopCloser(bytes.NewReader(body))
	again.ContentLength = int64(len(body))
	h.next.ServeHTTP(w, again)
}

// take opens a webhook and gives it to the inbox; code is what to answer where it
// fails. What it panics with may hold anything, so it is not told.
func (h *handler) take(r *http.Request, body []byte, received time.Time) (learned compliance.Learned, code int, err error) {
	defer func() {
		if recover() != nil {
			code, err = http.StatusInternalServerError, ErrPanicked
		}
	}()
	events, err := h.p.Open(r, body, received)
	if err != nil {
		return learned, status(err), err
	}
	ctx := r.Context()
	if h.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, h.timeout)
		defer cancel()
	}
	learned, err = h.inbox.Receive(ctx, events...)
	return learned, http.StatusInternalServerError, err
}

type learnedKey struct{}

// LearnedFrom returns what the webhook behind a request taught; ok is false
// outside of the next handler of [Handler].
func LearnedFrom(ctx context.Context) (l compliance.Learned, ok bool) {
	l, ok = ctx.Value(learnedKey{}).(compliance.Learned)
	return l, ok
}
