package compliance

import (
	"context"
	"errors"
	"fmt"
)

// Wrap guards any typed send function: the result has the same signature, and
// calls send only for what may leave. describe says what a request is (one
// Message, or several when one call sends to several people); ack, which may be
// nil, reads the platform's answer, also beside an error of the client, when Res
// may be its zero value. An error of the client comes back untouched; a message
// that is held comes back as a *[Refusal]. A request that describe cannot read
// is judged as a message that is none: held as undecided, and found in the
// journal.
func Wrap[Req, Res any](s *Sender, describe func(Req) ([]Message, error),
	send func(context.Context, Req) (Res, error), ack func(Res) Ack) func(context.Context, Req) (Res, error) {
	return func(ctx context.Context, req Req) (res Res, err error) {
		ms, unread := describe(req)
		if unread != nil {
			ms = []Message{{Malformed: causeOf(unread)}}
		}
		_, err = s.DoAll(ctx, ms, func(ctx context.Context) (Ack, error) {
			var err error
			res, err = send(ctx, req)
			if ack == nil {
				return Ack{}, err
			}
			return ack(res), err // a refusal of the platform teaches too
		})
		var failed *DeliveryError
		if errors.As(err, &failed) {
			return res, failed.Err
		}
		if err != nil && unread != nil {
			err = fmt.Errorf("compliance: request not understood: %w", errors.Join(err, unread))
		}
		return res, err
	}
}
