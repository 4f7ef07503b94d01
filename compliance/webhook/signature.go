package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// SignatureHeader carries Meta's signature of a webhook body.
const SignatureHeader = "X-Hub-Signature-256"

// Why a signature was not accepted.
var (
	ErrNoSecret  = errors.New("webhook: no app secret is set")
	ErrUnsigned  = errors.New("webhook: the body is not signed")
	ErrSignature = errors.New("webhook: the signature does not fit the body")
)

// Verify checks the value of the header X-Hub-Signature-256, "sha256=" and the
// hex HMAC-SHA256 of the raw body under the app secret, in constant time (Meta,
// "Create a webhook endpoint"). Anything else than a fitting signature is an
// error: ErrNoSecret, ErrUnsigned or ErrSignature. The body has to be the bytes
// as they came: what was decoded and encoded again has another signature.
func Verify(secret, body []byte, header string) error {
	return verify([][]byte{secret}, body, header)
}

// verify accepts a signature by any of several secrets, so that the app secret
// can be changed while webhooks come in. All are tried: how long it takes does
// not tell which one fits.
func verify(secrets [][]byte, body []byte, header string) error {
	if header == "" {
		return ErrUnsigned
	}
	given, err := hex.DecodeString(strings.TrimPrefix(header, "sha256="))
	if err != nil || !strings.HasPrefix(header, "sha256=") || len(given) != sha256.Size {
		return ErrSignature
	}
	known, fits := false, false
	var sum [sha256.Size]byte
	for _, s := range secrets {
		if len(s) == 0 {
			continue // an empty key would let anybody sign
		}
		known = true
		h := hmac.New(sha256.New, s)
		h.Write(body)
		if hmac.Equal(h.Sum(sum[:0]), given) {
			fits = true
		}
	}
	switch {
	case !known:
		return ErrNoSecret
	case !fits:
		return ErrSignature
	}
	return nil
}
