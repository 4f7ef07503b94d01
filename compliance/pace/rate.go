package pace

import "time"

// A Rate lets messages through one Interval apart, and Burst of them at once by
// borrowing from the time to come: the generic cell rate algorithm. The zero Rate
// limits nothing.
//
// For the pair of a business number and a person the platform's numbers are 6
// seconds and 45 (Meta, About the platform, edition of December 2025). Its example,
// that 20 messages at once cost a wait of about two minutes, can be read as a
// bucket that is paid back, which is what this is, or as a ban on any further
// message until it is.
type Rate struct {
	Interval time.Duration
	Burst    int
	// Retry is how many times longer each wait is than the one before, when the
	// platform answers time and again that it was too fast: 4^X seconds, X from 0.
	Retry int
}

func (r Rate) none() bool { return r.Interval <= 0 || r.Burst <= 0 }

// charge is the arithmetic, the only place of it: due is when everything charged
// so far will have been paid back, and a message that takes an interval makes it
// later.
func charge(due, at, interval int64) int64 { return max(due, at) + interval }

// backoff is the wait after answers that it was too fast.
func (r Rate) backoff() Backoff {
	return Backoff{First: time.Second, Growth: r.Retry, Longest: pushLife / 3, Forget: pushLife / 2}
}

// opens is the instant from which one more message has room.
func (r Rate) opens(due int64) int64 {
	return due - int64(r.Burst-1)*r.Interval.Microseconds()
}

// full is the due of a bucket that has room again at an instant, and not before.
func (r Rate) full(opens int64) int64 {
	return opens + int64(r.Burst-1)*r.Interval.Microseconds()
}

// A Cap is a number of messages in any stretch of time of a length. Unlike a Rate
// it never borrows: of a moving Period no more than Messages are in it.
type Cap struct {
	Messages int
	Period   time.Duration
}
