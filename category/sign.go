package category

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/waguard/waguard/internal/text"
)

// A sign is a kind of thing templates say, whatever the language: that there is
// a discount, that a parcel is on its way. Each language's cue file lists how it
// is said. The side is what the sign speaks for; 0 is none by itself.
type sign struct {
	name string
	side Category
}

// signs are in a fixed order, because the model counts them. New ones go to the
// end and need a new model.
var signs = []sign{
	// Promotion, after the objectives Meta lists for marketing: sales,
	// awareness, retargeting, app promotion, relationship.
	{"discount", Marketing}, {"price", Marketing}, {"coupon", Marketing}, {"sale", Marketing}, {"free", Marketing},
	{"reward", Marketing}, {"loyalty", Marketing}, {"urgency", Marketing}, {"buy", Marketing}, {"explore", Marketing},
	{"cart", Marketing}, {"renew", Marketing}, {"upgrade", Marketing}, {"recommend", Marketing}, {"credit", Marketing},
	{"app", Marketing}, {"feature", Marketing}, {"refer", Marketing}, {"birthday", Marketing}, {"festival", Marketing},
	{"launch", Marketing}, {"invite", Marketing}, {"winback", Marketing}, {"appreciate", Marketing}, {"donate", Marketing},
	{"goodwill", Marketing}, {"contest", Marketing}, {"booknext", Marketing}, {"newsletter", Marketing}, {"optout-hint", Marketing},
	// What belongs to one person's order, account or request, and what is
	// essential to know.
	{"order", Utility}, {"shipped", Utility}, {"delivered", Utility}, {"pickup", Utility}, {"delay", Utility},
	{"refund", Utility}, {"payment", Utility}, {"invoice", Utility}, {"due", Utility}, {"balance", Utility},
	{"card", Utility}, {"transaction", Utility}, {"fraud", Utility}, {"appointment", Utility}, {"reminder", Utility},
	{"reschedule", Utility}, {"booking", Utility}, {"ticket", Utility}, {"request", Utility}, {"optin", Utility},
	{"optout", Utility}, {"document", Utility}, {"account", Utility}, {"survey", Utility}, {"outage", Utility},
	{"recall", Utility}, {"weather", Utility}, {"policy", Utility}, {"hiring", Utility}, {"school", Utility}, {"cancelled", Utility},
	// A one-time code.
	{"code", Authentication}, {"noshare", Authentication}, {"expires", Authentication},
	{"money", Unknown}, {"rate", Marketing},
	// The rows the Screen uses, which are the coarsest.
	{"price-row", Marketing}, {"urge-row", Marketing}, {"winback-row", Marketing}, {"greet-row", Marketing},
	// What tells the categories apart only together with the rest.
	{"codeword", Unknown}, {"signin", Unknown}, {"done", Utility},
	// How a code is handed in and what for, and what other things have codes.
	{"enter", Unknown}, {"identity", Unknown}, {"door", Unknown},
	// Turns of phrase, and what is usually spoken of: each says little alone.
	{"bridge", Marketing}, {"tempt", Marketing}, {"funnel", Marketing},
	{"needed", Utility}, {"status", Utility}, {"alert", Utility},
	{"matter", Utility}, {"goods", Marketing}, {"vacancy", Marketing}, {"plea", Marketing},
}

// cueList is one language's words: those of promotion the Screen looks for, the
// harmless phrases some of them stand in ("job offer"), and the signs.
type cueList struct {
	Language string              `json:"language"`
	Price    []string            `json:"price"`
	Urge     []string            `json:"urge"`
	WinBack  []string            `json:"win_back"`
	Greet    []string            `json:"greet"`
	Harmless []string            `json:"harmless"`
	Signs    map[string][]string `json:"signs"`
}

// loadCues reads every language's cue file, strictly, in the order of their names.
func loadCues() ([]cueList, error) {
	files, err := fs.Glob(cueFiles, "cues/*.json")
	if err != nil {
		return nil, err
	}
	lists := make([]cueList, len(files))
	for i, name := range files {
		raw, err := cueFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&lists[i]); err != nil {
			return nil, fmt.Errorf("category: %s: %w", name, err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("category: %s: more than one value", name)
		}
	}
	return lists, nil
}

const (
	harmlessSign = -1
	signDiscount = 0
	signCode     = 61
	signNoShare  = 62
	signShipped  = 31
	signPickup   = 33
	signMoney    = 64
	signCodeword = 70
	signSignIn   = 71
	signEnter    = 73
	signIdentity = 74
	signDoor     = 75
	firstTurn    = 76 // from here on turns of phrase
)

// A lexicon finds the signs of all languages in one pass.
type lexicon struct {
	phrases   *text.Phrases
	sign      []int16 // of each phrase; harmlessSign excuses what it covers
	language  []uint8 // of each phrase, a place in languages
	languages []string
	english   uint8
}

func newLexicon() (*lexicon, error) {
	lists, err := loadCues()
	if err != nil {
		return nil, err
	}
	number := map[string]int{}
	for i, s := range signs {
		number[s.name] = i
	}
	l := &lexicon{}
	var phrases []string
	for k, list := range lists {
		l.languages = append(l.languages, list.Language)
		if list.Language == "en" {
			l.english = uint8(k)
		}
		add := func(s int, words []string) {
			for _, w := range words {
				phrases = append(phrases, w)
				l.sign = append(l.sign, int16(s))
				l.language = append(l.language, uint8(k))
			}
		}
		add(harmlessSign, list.Harmless)
		rows := map[string][]string{"price-row": list.Price, "urge-row": list.Urge, "winback-row": list.WinBack, "greet-row": list.Greet}
		for name := range list.Signs {
			if n, ok := number[name]; !ok || rows[signs[n].name] != nil {
				return nil, fmt.Errorf("category: cues of %s: no sign %q", list.Language, name)
			}
		}
		for n, s := range signs { // in their order, so that every process numbers the phrases alike
			add(n, list.Signs[s.name])
			add(n, rows[s.name])
		}
	}
	if l.phrases, err = text.Compile(phrases); err != nil {
		return nil, fmt.Errorf("category: %w", err)
	}
	return l, nil
}

// anyLanguage stands for no known language: all of them count.
const anyLanguage = 255

// languageOf is the place of a language tag in languages, by its first subtag.
func (l *lexicon) languageOf(tag string) uint8 {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	i := slices.IndexFunc(l.languages, func(s string) bool { return strings.EqualFold(s, tag) })
	if i < 0 {
		return anyLanguage
	}
	return uint8(i)
}
