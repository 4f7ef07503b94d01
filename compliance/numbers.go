package compliance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// Account works out what stands against a line now, for whoever wants to see it.
// An account nobody ever told anything about is not Known.
func (s *Sender) Account(ctx context.Context, l party.Line) (Account, error) {
	news, err := s.stores.Account.News(ctx, s.whole(l))
	if err != nil {
		return Account{}, fmt.Errorf("compliance: account: %w", err)
	}
	return AccountAt(news, s.now().UTC()), nil
}

// ParseTier reads a messaging limit as the platform writes it: TIER_250, TIER_2K,
// TIER_UNLIMITED, which is -1. A limit of nobody is none.
func ParseTier(word string) (people int, ok bool) {
	word, ok = strings.CutPrefix(strings.ToUpper(word), "TIER_")
	if !ok {
		return 0, false
	}
	if word == "UNLIMITED" {
		return -1, true
	}
	times := 1
	if digits, thousands := strings.CutSuffix(word, "K"); thousands {
		word, times = digits, 1_000
	} else if digits, millions := strings.CutSuffix(word, "M"); millions {
		word, times = digits, 1_000_000
	}
	n, err := strconv.ParseInt(word, 10, 32)
	return int(n) * times, err == nil && n > 0
}

// graphNumber is what the Graph API tells of a phone number (Business Messaging
// OpenAPI v23.0): the fields that say how it stands.
type graphNumber struct {
	ID      string `json:"id"`
	Quality string `json:"quality_rating"`
	Status  string `json:"status"`
	Limit   string `json:"whatsapp_business_manager_messaging_limit"`
	Health  struct {
		CanSend string `json:"can_send_message"`
	} `json:"health_status"`
}

// maxNumbers bounds one answer of the Graph API, in bytes.
const maxNumbers = 8 << 20

// Numbers takes in what the Graph API answered for the phone numbers of an account
// (fields id, quality_rating, status, health_status and
// whatsapp_business_manager_messaging_limit; the listing, or one number), as of an
// instant. Quality has no webhook of its own: an app that wants it known asks now
// and then. Only what changed is noted, so asking often costs nothing that stays.
// An answer that cannot be read is an error, and nothing of it is taken.
func (in *Inbox) Numbers(ctx context.Context, account string, at time.Time, answer []byte) error {
	numbers, err := readNumbers(answer)
	if err != nil {
		return err
	}
	at = at.UTC()
	var events []Event
	for _, n := range numbers {
		line := party.Line{Account: account, Number: n.ID}
		known, err := in.s.stores.Account.News(ctx, line)
		if err != nil {
			return fmt.Errorf("compliance: numbers: %w", err)
		}
		for _, news := range n.news(line, AccountAt(known, at)) {
			news.At = at
			news.ID = "graph:" + account + ":" + n.ID + ":" + string(news.Kind) + ":" + at.Format(time.RFC3339Nano)
			if news.Kind == Limit { // the portfolio's: once for all its numbers
				news.ID = "graph:" + account + ":limit:" + at.Format(time.RFC3339Nano)
			}
			events = append(events, news)
		}
	}
	if len(events) == 0 {
		return nil
	}
	_, err = in.ReceiveAt(ctx, at, events...)
	return err
}

func readNumbers(answer []byte) ([]graphNumber, error) {
	if len(answer) > maxNumbers {
		return nil, fmt.Errorf("compliance: numbers: %d bytes are more than %d", len(answer), maxNumbers)
	}
	var list struct {
		Data []graphNumber `json:"data"`
		graphNumber
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			return nil, fmt.Errorf("compliance: numbers: %s is a JSON %s", typ.Field, typ.Value)
		}
		return nil, errors.New("compliance: numbers: the answer is no JSON")
	}
	if list.Data == nil {
		list.Data = []graphNumber{list.graphNumber}
	}
	for i, n := range list.Data {
		if n.ID == "" {
			return nil, fmt.Errorf("compliance: numbers: number %d has no id", i)
		}
		if _, ok := ParseTier(n.Limit); n.Limit != "" && !ok {
			return nil, fmt.Errorf("compliance: numbers: the limit of number %d is no tier", i)
		}
	}
	return list.Data, nil
}

// news is what an answer tells that was not known.
func (n *graphNumber) news(line party.Line, known Account) (all []AccountNews) {
	add := func(kind NewsKind, typ string) {
		all = append(all, AccountNews{Line: line, Kind: kind, Type: strings.ToUpper(typ)})
	}
	if q := strings.ToUpper(n.Quality); q != "" {
		if r, heard := known.Quality(line.Number); !heard || r.Grade != q && !(q == "NA" && r.Grade == "UNKNOWN") {
			add(Quality, q)
		}
	}
	for _, c := range []struct {
		track Track
		kind  NewsKind
		word  string
		clear []string
	}{{TrackConnection, Connection, n.Status, in("CONNECTED", "FLAGGED")}, {TrackHealth, Health, n.Health.CanSend, in("AVAILABLE")}} {
		if c.word == "" {
			continue
		}
		stood := ""
		for _, s := range known.States {
			if s.Track == c.track && s.Number == line.Number {
				stood = s.Type
			}
		}
		if word := strings.ToUpper(c.word); word != stood && !(stood == "" && slices.Contains(c.clear, word)) {
			add(c.kind, word)
		}
	}
	if people, ok := ParseTier(n.Limit); ok {
		if tier, heard := known.Limit(); !heard || tier.People != people {
			add(Limit, "")
			all[len(all)-1].Count = people
		}
	}
	return all
}
