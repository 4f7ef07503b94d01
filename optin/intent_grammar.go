package optin

// A grammar reads the items of one message. It is the same for every
// language: what differs is in the word lists.
type grammar struct {
	items    []item
	negAfter bool
	denied   bool // a stop was denied or asked not to happen
}

const (
	object = isMsg | isMkt | isOffer | isTopic
	ads    = isMkt | isOffer
)

// message weighs the clauses of a message against each other.
func (g *grammar) message() finding {
	if len(g.items) == 0 {
		return finding{level: IntentNone}
	}
	if f := g.whole(); f.level != 0 {
		return f
	}
	var best finding
	best.level = IntentNone
	restart := -1
	lastStop := -1
	g.each(sepComma, func(lo, hi int) {
		if g.quoted(lo, hi) {
			return
		}
		f := g.clause(lo, hi)
		if f.level == IntentStart {
			restart = f.lo
		} else if f.level >= IntentLikely {
			lastStop = lo
		}
		best = stronger(best, f)
	})
	if best.level < IntentCertain {
		g.each(sepStop, func(lo, hi int) {
			if g.hasComma(lo, hi) && !g.quoted(lo, hi) {
				f := g.clause(lo, hi)
				if f.level == IntentStart && restart < 0 && lastStop < 0 {
					restart = f.lo
				}
				best = stronger(best, f)
			}
		})
	}
	if best.level < IntentCertain {
		best = stronger(best, g.apart())
	}
	if best.level < IntentLikely {
		best = stronger(best, g.threat())
	}
	if best.level >= IntentLikely && g.has(isJoke) && !g.has(object|isCut|isList|isWrite|isSend) {
		best.level, best.scope = IntentAsk, ""
	}
	if restart >= 0 && lastStop < restart {
		return finding{level: IntentStart, why: whyRestart, lo: restart, hi: restart + 1, topic: -1}
	}
	if best.level == IntentNone && g.denied {
		best.why = whyKeep
	}
	return best
}

// threat reads "one more message and I will report you": what is threatened
// follows from being written to, and nothing else is spoken of.
func (g *grammar) threat() finding {
	t := g.tally(0, len(g.items))
	if t.roles&isThreat == 0 || t.roles&(isOther|isHow|isGot|isThird) != 0 || t.unknown > 4 {
		return finding{}
	}
	threats := 0
	for i := range g.items {
		if g.items[i].roles&isThreat != 0 {
			threats++
		}
	}
	if threats < 2 && t.roles&(isMsg|isWrite|isSend|isMkt|isVerb) == 0 {
		return finding{}
	}
	for i := range g.items {
		if g.items[i].roles&isThreat != 0 {
			scope, _ := g.scope(0, len(g.items), t)
			return finding{level: IntentLikely, scope: scope, why: whyThreat, lo: i, hi: i + 1, topic: -1}
		}
	}
	return finding{}
}

func stronger(a, b finding) finding {
	la, lb := a.level, b.level
	if la == IntentStart {
		la = IntentNone
	}
	if lb == IntentStart {
		lb = IntentNone
	}
	if lb > la || lb == la && lb > IntentNone && b.scope == ScopeAll && a.scope != ScopeAll && a.scope != "" {
		return b
	}
	return a
}

// each calls f with the bounds of every clause; from is the weakest break
// that ends one.
func (g *grammar) each(from uint8, f func(lo, hi int)) {
	lo := 0
	for i := 1; i <= len(g.items); i++ {
		if i == len(g.items) || g.items[i].sep >= from || from == sepComma && g.items[i].roles&isBreak != 0 && g.items[i].roles&^(isBreak|isFill) == 0 {
			if lo < i {
				f(lo, i)
			}
			lo = i
		}
	}
}

func (g *grammar) hasComma(lo, hi int) bool {
	for i := lo + 1; i < hi; i++ {
		if g.items[i].sep == sepComma || g.items[i].roles&isBreak != 0 {
			return true
		}
	}
	return false
}

// whole reads a message that consists of a stop or start word and of nothing
// that says anything else.
func (g *grammar) whole() finding {
	const soft = isFill | isMe | isThis | isMore | isAnd | isBreak | isExcuse | isLikely | isWeak | isAlone | isCut | isSure | isAll
	alone, weak, start := -1, -1, -1
	last := 0
	for i := range g.items {
		it := &g.items[i]
		switch {
		case it.roles&isStart != 0:
			start = i
		case it.roles&isAlone != 0:
			if alone < 0 {
				alone = i
			}
			last = i
		case it.roles&isWeak != 0:
			if weak < 0 {
				weak = i
			}
		case it.roles&(isNo|isWant) != 0 && alone >= 0 && it.roles&(object|isOther|isHow|isWhy|isInstr|isKeep) == 0:
		case it.roles&soft != 0 && it.roles&(isKeep|isOther|isNeg|isWhy|isHow|isInstr|isSure|isRestart|isAsk|isCut) == 0:
		default:
			return finding{}
		}
	}
	asked := g.items[len(g.items)-1].asked
	switch {
	case start >= 0 && alone < 0 && weak < 0:
		if asked {
			return finding{}
		}
		return finding{level: IntentStart, why: whyStart, lo: start, hi: start + 1, topic: -1}
	case start >= 0:
		return finding{level: IntentAsk, why: whyAskPhrase, lo: 0, hi: len(g.items), topic: -1}
	case alone >= 0 && asked && last == alone:
		return finding{level: IntentAsk, why: whyAloneAsked, lo: alone, hi: last + 1, topic: -1}
	case alone >= 0:
		return finding{level: IntentCertain, scope: ScopeAll, why: whyAlone, lo: alone, hi: last + 1, topic: -1}
	case weak >= 0 && !asked:
		return finding{level: IntentLikely, scope: ScopeAll, why: whyLikely, lo: weak, hi: weak + 1, topic: -1}
	}
	return finding{}
}

// apart reads a stop word that stands in a clause of its own beside clauses
// about something else.
func (g *grammar) apart() finding {
	if g.denied {
		return finding{}
	}
	at, reason, other, unknown := -1, false, false, 0
	first, last := false, false
	g.each(sepComma, func(lo, hi int) {
		stop := -1
		rest := false
		for i := lo; i < hi; i++ {
			r := g.items[i].roles
			switch {
			case r&isAlone != 0:
				stop = i
			case r&(isFill|isMe|isMore|isBreak|isAnd|isThis) != 0 && r&(isOther|isNeg|isHow|isWhy|isKeep) == 0:
			default:
				rest = true
			}
		}
		if stop >= 0 && !rest && !g.items[hi-1].asked {
			at = stop
			first = first || lo == 0
			last = last || hi == len(g.items)
			return
		}
		for i := lo; i < hi; i++ {
			r := g.items[i].roles
			switch {
			case r&isOther != 0:
				other = true
			case r&(isExcuse|isLikely|isNo|object|isWrite) != 0:
				reason = true
			case r == 0:
				unknown++
			}
		}
	})
	if at < 0 {
		return finding{}
	}
	f := finding{scope: ScopeAll, lo: at, hi: at + 1, topic: -1}
	switch {
	case reason && !other:
		f.level, f.why = IntentCertain, whyAloneReason
	case reason:
		f.level, f.why = IntentLikely, whyAloneReason
	case other && !(last && g.items[at].roles&isFirm != 0 && g.items[at].sep == sepStop):
		return finding{}
	case first || last:
		f.level, f.why = IntentLikely, whyAloneOther
	default:
		f.level, f.why = IntentAsk, whyAloneOther
	}
	return f
}

// A tally is what a clause holds.
type tally struct {
	roles   role
	unknown int
	asked   bool
}

func (g *grammar) tally(lo, hi int) tally {
	var t tally
	for i := lo; i < hi; i++ {
		t.roles |= g.items[i].roles
		if g.items[i].roles == 0 {
			t.unknown++
		}
	}
	t.asked = g.items[hi-1].asked
	return t
}

// clause reads items[lo:hi] and returns its strongest finding.
func (g *grammar) clause(lo, hi int) finding {
	g.unkeep(lo, hi)
	t := g.tally(lo, hi)
	best := finding{level: IntentNone, topic: -1}
	if t.roles&(isVerb|isCut|isSure|isLikely|isNeg|isNo|isRemove|isRestart|isAsk|isWeak|isAlone|isKeep|isCall|isAgain|isStart) == 0 {
		return best
	}
	if t.roles&isKeep != 0 {
		g.denied = true
	}
	if k := g.again(lo, hi, t); k >= 0 {
		return finding{level: IntentStart, why: whyRestart, lo: k, hi: k + 1, topic: -1}
	}
	take := func(level IntentLevel, why string, at int) {
		if level > IntentAsk && g.spoken(lo, hi, at) {
			level, why = IntentAsk, whyAskPhrase
		}
		if level <= best.level {
			return
		}
		best.level, best.why, best.lo, best.hi = level, why, at, at+1
		best.scope, best.topic = g.scope(lo, hi, t)
	}
	for k := lo; k < hi; k++ {
		r := g.items[k].roles
		if r == 0 {
			continue
		}
		if r&isRestart != 0 {
			if g.negated(lo, hi, k) {
				take(IntentLikely, whyNegVague, k)
			} else if (!t.asked || t.roles&isHow == 0) && t.roles&(isOther|isGot) == 0 && !g.has(isOther) {
				return finding{level: IntentStart, why: whyRestart, lo: k, hi: k + 1, topic: -1}
			}
		}
		if r&isSure != 0 {
			switch {
			case g.negated(lo, hi, k):
				g.denied = true
			case g.told(lo, k):
			case r&isSend != 0 && t.roles&isOther != 0 && t.roles&object == 0: // "do not send the parcel"
			case t.roles&isWhy != 0:
				take(IntentAsk, whyCutAsked, k)
			case t.roles&isWhen != 0 && t.roles&(isMore|isAll|isRemove) == 0:
				take(IntentAsk, whyWhen, k)
			case t.roles&isOther != 0 && t.roles&(isMe|isMore|isList|isMkt) == 0: // "do not message the driver"
				take(IntentAsk, whyNegVague, k)
			default:
				take(IntentCertain, whySure, k)
			}
		}
		if r&isCut != 0 {
			g.cut(lo, hi, k, t, take)
		}
		if r&isRemove != 0 {
			g.remove(lo, hi, k, t, take)
		}
		if t.roles&isKeep != 0 {
			continue // the rest may be what is kept
		}
		if r&isVerb != 0 {
			g.verb(lo, hi, k, t, take)
		}
		if r&(isSend|isWrite|isWant) != 0 && g.forbidden(lo, hi, k) {
			g.notSent(lo, hi, k, t, take)
		}
		if r&isNo != 0 {
			g.no(lo, hi, k, t, take)
		}
		if r&isCall != 0 && t.roles&isOther == 0 && (g.forbidden(lo, hi, k) || g.stopped(lo, hi, k)) {
			if g.invited() {
				continue
			} else if t.roles&isWhen != 0 {
				take(IntentAsk, whyWhen, k)
			} else if t.unknown <= 3 {
				take(IntentLikely, whyCall, k)
			}
		}
		if r&isLikely != 0 && (k == lo || g.items[k].sep != sepNone || g.items[k-1].roles&isNeg == 0) {
			switch {
			case (t.unknown <= 1 || t.unknown <= 3 && t.roles&(object|isThreat|isWrite|isList|isSend) != 0) && t.roles&(isOther|isWhy) == 0:
				take(IntentLikely, whyLikely, k)
			case t.roles&isOther == 0:
				take(IntentAsk, whyAskPhrase, k)
			}
		}
		if r&isWeak != 0 && t.unknown == 0 && t.roles&(isOther|isNeg|isHow|isWhy|isKeep) == 0 && !t.asked {
			take(IntentLikely, whyLikely, k)
		}
		if r&isAsk != 0 && !g.negated(lo, hi, k) {
			take(IntentAsk, whyAskPhrase, k)
		}
	}
	g.refused(lo, hi, t, take)
	return best
}

// unkeep turns a wish to go on that is denied into what it is: "I do not want
// to go on receiving", "don't keep sending".
func (g *grammar) unkeep(lo, hi int) {
	for k := lo + 1; k < hi; k++ {
		if g.items[k].roles&isKeep == 0 || g.items[k].sep != sepNone {
			continue
		}
		for i := k - 1; i >= max(lo, k-2); i-- {
			if r := g.items[i].roles; r&(isNeg|isNo) != 0 && r&(isKeep|isMore) == 0 {
				g.items[k].roles = isWant | isWrite | isMore
				break
			}
			if g.items[i].sep != sepNone || g.items[i].roles&^(isFill|isMe|isWant) != 0 {
				break
			}
		}
	}
}

// spoken reports whether what stands at k is said of, or by, somebody else: he
// told me to stop, unsubscribe my colleague.
func (g *grammar) spoken(lo, hi, k int) bool {
	if g.items[k].roles&(isCut|isRemove|isWrite|isSend) == 0 {
		hi = k
	}
	for i := lo; i < hi; i++ {
		if g.items[i].roles&isThird != 0 {
			return true
		}
	}
	return false
}

// refused reads a kind of message named and denied with nothing around it: "not
// the ads", "advertising no".
func (g *grammar) refused(lo, hi int, t tally, take func(IntentLevel, string, int)) {
	const elsewhere = isOther | isGot | isWhy | isHow | isWhen | isKeep | isInstr | isChannel | isSend | isWant | isWrite | isVerb | isAgain
	if t.asked || t.roles&(isNeg|isNo) == 0 || t.roles&(object) == 0 {
		return
	}
	first, last, n := -1, -1, 0
	for i := lo; i < hi; i++ {
		if r := g.items[i].roles; r == 0 || r&(isNeg|isNo|object|elsewhere) != 0 {
			first, last, n = last, i, n+1
		}
	}
	if n < 2 {
		return
	}
	a, b := g.items[first].roles, g.items[last].roles
	deny := func(r role) bool { return r&(isNeg|isNo) != 0 && r&(object|isSend|isWrite|isVerb|isKeep) == 0 }
	named := func(r role) bool { return r&object != 0 && r&(isVerb|isSend|isKeep|isOther) == 0 }
	switch {
	case n == 2 && (deny(a) && named(b) || named(a) && deny(b)):
		if (a|b)&(isMkt|isOffer|isTopic) != 0 {
			take(IntentCertain, whyRefused, last)
		} else {
			take(IntentLikely, whyRefused, last)
		}
	case named(a) && a&isMkt != 0 && deny(b) && t.roles&(isOther|isGot|isWhy|isHow|isKeep) == 0:
		take(IntentLikely, whyRefused, last)
	}
}

// again finds a wish to receive messages, or to be on the list, again.
func (g *grammar) again(lo, hi int, t tally) int {
	const against = isNeg | isNo | isVerb | isCut | isSure | isKeep | isOther | isGot | isLikely | isWhy | isAlone | isWhen | isThreat
	if t.roles&(isAgain|isStart) == 0 || t.roles&against != 0 || t.unknown > 2 {
		return -1
	}
	switch {
	case t.roles&isAgain == 0: // "start the messages"
		if t.roles&(isMsg|isMkt) == 0 || t.asked || t.unknown > 1 {
			return -1
		}
	case t.roles&(isWant|isSend|isWrite|isStart) != 0 && t.roles&(object|isWrite) != 0, t.roles&isList != 0 && t.roles&isMe != 0:
	default:
		return -1
	}
	for i := lo; i < hi; i++ {
		if g.items[i].roles&(isAgain|isStart) != 0 {
			return i
		}
	}
	return -1
}

func (g *grammar) cut(lo, hi, k int, t tally, take func(IntentLevel, string, int)) {
	switch {
	case g.negated(lo, hi, k):
		g.denied = true
	case g.told(lo, k):
	case t.roles&isWhy != 0:
		take(IntentAsk, whyCutAsked, k)
	case t.roles&isChannel != 0 && t.roles&(isMkt|isMsg) == 0, t.roles&isOther != 0 && t.roles&(object|isList) == 0:
		take(IntentAsk, whyCutOther, k)
	case t.roles&isHow != 0:
		take(IntentLikely, whyCutAsked, k)
	default:
		take(IntentCertain, whyCut, k)
	}
}

func (g *grammar) verb(lo, hi, k int, t tally, take func(IntentLevel, string, int)) {
	if g.negated(lo, hi, k) {
		g.denied = true
		return
	}
	if g.told(lo, k) || t.roles&isWhy != 0 {
		return
	}
	r := g.items[k].roles
	near := r
	for i := max(lo, k-5); i < min(hi, k+7); i++ {
		near |= g.items[i].roles
	}
	certain := IntentCertain
	if t.roles&isHow != 0 {
		certain = IntentLikely
	}
	switch {
	case near&object != 0 || near&isWrite != 0:
		if t.roles&isOther != 0 && near&(object&^isOffer) == 0 && near&isMe == 0 {
			take(IntentAsk, whyVerbVague, k)
			return
		}
		if t.roles&isWhen != 0 {
			take(IntentAsk, whyWhen, k)
			return
		}
		if t.roles&isChannel != 0 && near&isMkt == 0 {
			take(IntentAsk, whyCutOther, k)
			return
		}
		take(certain, whyVerb, k)
	case t.roles&isOther != 0:
	case near&isSend != 0:
		rest := t.unknown
		switch {
		case rest == 0 || t.roles&isThis != 0 && rest <= 1 || t.roles&isFreq != 0:
			take(certain, whyVerb, k)
		case rest <= 2:
			take(IntentLikely, whyNegVague, k)
		}
	case near&isFreq != 0 && t.unknown >= 1:
		take(certain, whyVerb, k)
	case near&isThis != 0 && t.unknown <= 1 && t.roles&isHow == 0:
		if r&isAlone != 0 && t.unknown == 0 {
			take(certain, whyVerb, k)
		} else {
			take(IntentLikely, whyVerbVague, k)
		}
	case t.asked && t.unknown == 0 && hi-lo > 1 && t.roles&(isNeg|isWhen|isSend|isGot) == 0: // "can you please stop?"
		take(IntentLikely, whyVerbVague, k)
	case t.unknown == 0 && t.roles&(isHow|isNeg|isWhen|isSend|isGot) == 0 && !t.asked && r&isAlone == 0:
		take(IntentLikely, whyVerbVague, k)
	case t.roles&isExcuse != 0 && t.roles&(isHow|isWhen|isGot) == 0 && t.unknown <= 4: // "how many times must I say stop"
		take(IntentLikely, whyAloneReason, k)
	}
}

func (g *grammar) remove(lo, hi, k int, t tally, take func(IntentLevel, string, int)) {
	if g.negated(lo, hi, k) {
		g.denied = g.denied || t.roles&isList != 0
		return
	}
	if t.roles&isWhy != 0 || t.roles&isOther != 0 && t.roles&isList == 0 {
		return
	}
	certain := IntentCertain
	if t.roles&isHow != 0 {
		certain = IntentLikely
	}
	switch {
	case t.roles&isList != 0 && (t.roles&isMe != 0 || t.unknown <= 1) && t.roles&isOther == 0:
		take(certain, whyRemove, k)
	case t.roles&isList != 0 && t.roles&isMe != 0:
		take(IntentLikely, whyRemove, k)
	case t.roles&isMe != 0 && t.unknown == 0:
		take(certain, whyRemove, k)
	}
}

// notSent reads a forbidden sending, writing or receiving at k.
func (g *grammar) notSent(lo, hi, k int, t tally, take func(IntentLevel, string, int)) {
	r := g.items[k].roles
	near := r
	for i := max(lo, k-5); i < min(hi, k+6); i++ {
		near |= g.items[i].roles
	}
	if t.roles&isHow != 0 && t.roles&(isWhy|isGot|isOther|isWhen) == 0 && near&(object|isWrite) != 0 && near&(isMore|isThis|isMe) != 0 {
		take(IntentLikely, whyCutAsked, k) // "how do I not get these any more"
		return
	}
	if t.roles&(isWhy|isHow|isGot) != 0 || t.asked && r&isWant == 0 && near&isNeg != 0 && near&(isMe|object) == 0 {
		return
	}
	why := whyNegSend
	if r&isWant != 0 {
		why = whyNotWanted
	}
	switch {
	case t.roles&isWhen != 0:
		if near&(object|isWrite) != 0 && t.roles&isOther == 0 {
			take(IntentAsk, whyWhen, k)
		}
	case t.roles&isOther != 0 && near&(object&^isOffer) == 0:
	case t.roles&isChannel != 0 && near&isMkt == 0:
		take(IntentAsk, whyCutOther, k)
	case near&(isMsg|isMkt|isTopic) != 0:
		switch {
		case t.roles&isOther != 0 && near&isMkt == 0 && t.roles&(isMe|isMore) == 0: // "do not message the driver"
			take(IntentAsk, whyNegVague, k)
		case t.roles&isOther != 0 && near&isMkt == 0:
			take(IntentLikely, why, k)
		default:
			take(IntentCertain, why, k)
		}
	case near&isOffer != 0 && (r&isWant == 0 || t.unknown <= 3):
		take(IntentCertain, why, k)
	case r&isWrite != 0 && (near&isMe != 0 || near&isMore != 0 || t.unknown == 0):
		if near&(isMe|isMore) == 0 && t.unknown == 0 && hi-lo < 2 && r&isNeg == 0 {
			take(IntentLikely, why, k)
		} else {
			take(IntentCertain, why, k)
		}
	case r&isSend != 0 && t.unknown == 0 && near&(isMore|isThis|isAll|isFreq|isMe) != 0:
		take(IntentCertain, why, k)
	case r&isSend != 0 && t.unknown == 0:
		take(IntentLikely, whyNegVague, k)
	case r&isSend != 0 && near&isFreq != 0:
		take(IntentCertain, why, k)
	case r&isSend != 0 && near&isMore != 0 && near&isMe != 0 && t.unknown <= 2:
		take(IntentLikely, whyNegVague, k)
	case r&isWant != 0 && near&isThis != 0 && near&isMore != 0 && t.unknown == 0:
		take(IntentCertain, why, k)
	case r&isWant != 0 && near&isMore != 0 && t.unknown == 0:
		take(IntentLikely, whyNegVague, k)
	case r&isWant != 0 && near&isThis != 0 && near&isMore != 0 && t.unknown <= 1:
		take(IntentLikely, whyNegVague, k)
	}
}

func (g *grammar) no(lo, hi, k int, t tally, take func(IntentLevel, string, int)) {
	if t.roles&(isGot|isWhy|isHow|isKeep) != 0 {
		return
	}
	near, beside := g.items[k].roles, role(0)
	for i := max(lo, k-5); i < min(hi, k+5); i++ {
		near |= g.items[i].roles
		if i != k {
			beside |= g.items[i].roles
		}
	}
	if near&object == 0 && near&isChannel != 0 && t.unknown == 0 {
		take(IntentAsk, whyCutOther, k)
		return
	}
	if near&object == 0 {
		if (near&isMore != 0 && near&isThis != 0 || g.items[k].hi-g.items[k].lo > 1 && near&isWant != 0 && near&isMe != 0 && near&isMore != 0) && t.unknown == 0 && t.roles&isOther == 0 {
			take(IntentLikely, whyNegVague, k)
		}
		return
	}
	if t.roles&isOther != 0 && near&isMkt == 0 || t.roles&isCall != 0 && near&(ads|isTopic) == 0 && t.roles&isAnd == 0 {
		return
	}
	if t.roles&isWhen != 0 {
		take(IntentAsk, whyWhen, k)
		return
	}
	firm := (near&(isMore|isMe|isWant|isSend) | beside&isThis) != 0
	soft := near&(isMsg|isMkt|isTopic) == 0 // offers alone are also asked for
	switch {
	case t.asked && !firm:
	case soft && !firm && (t.unknown > 0 || hi-lo > 4):
	case t.unknown <= 2 || firm && t.unknown <= 4:
		take(IntentCertain, whyNotWanted, k)
	case t.unknown <= 4:
		take(IntentLikely, whyNotWanted, k)
	}
}

func (g *grammar) has(r role) bool {
	for i := range g.items {
		if g.items[i].roles&r != 0 {
			return true
		}
	}
	return false
}

// scope says how much a stop in this clause ends.
func (g *grammar) scope(lo, hi int, t tally) (IntentScope, int) {
	joined := t.roles&isMsg != 0 && t.roles&isAnd != 0
	switch {
	case t.roles&ads != 0 && !(joined && t.roles&isAll != 0):
		return ScopeMarketing, -1
	case t.roles&(object|isWrite|isList) == 0 && g.has(ads) && !g.has(isMsg):
		return ScopeMarketing, -1 // "your offers ... stop sending them"
	case t.roles&isTopic != 0:
		for i := lo; i < hi; i++ {
			if g.items[i].roles&isTopic != 0 {
				return ScopeTopic, i
			}
		}
	case t.roles&isFreq != 0 && t.roles&isMsg == 0:
		for i := lo; i < hi; i++ {
			if g.items[i].roles == 0 {
				return ScopeTopic, i
			}
		}
	}
	return ScopeAll, -1
}

// negated reports whether the word at k is denied: a negation before it in the
// same breath, or, where the language puts it there, right after it.
func (g *grammar) negated(lo, hi, k int) bool {
	if g.items[k].roles&isKeep != 0 {
		return true
	}
	for i, d := k, 0; i > lo && d < 4; d++ {
		if g.items[i].sep != sepNone || g.items[i].roles&isAnd != 0 {
			return false
		}
		i--
		r := g.items[i].roles
		if r&(isNeg|isKeep) != 0 && r&(isSend|isWrite|isVerb) == 0 {
			return true
		}
		if r&isNo != 0 && r&isWant != 0 {
			return true
		}
		if r&(object|isAnd|isBreak|isAlone) != 0 {
			return false
		}
	}
	if g.negAfter {
		for i := k + 1; i < min(hi, k+3); i++ {
			if g.items[i].sep != sepNone {
				return false
			}
			if r := g.items[i].roles; r&isKeep != 0 || r&isNeg != 0 && r&(isSend|isWrite|isMore) == 0 {
				return true
			}
			if g.items[i].roles&(isSend|isWrite|object|isMore) != 0 {
				return false
			}
		}
	}
	return false
}

// forbidden reports whether the sending, writing or wanting at k is denied.
func (g *grammar) forbidden(lo, hi, k int) bool {
	if g.items[k].roles&isNeg != 0 {
		return true
	}
	for i, d := k, 0; i > lo && d < 5; d++ {
		if g.items[i].sep != sepNone {
			break
		}
		i--
		r := g.items[i].roles
		if r&(isNeg|isNo) != 0 {
			return true
		}
		if r&(isVerb|isBreak|isCut) != 0 {
			break
		}
	}
	if g.negAfter {
		for i := k + 1; i < min(hi, k+5); i++ {
			if g.items[i].sep != sepNone {
				return false
			}
			r := g.items[i].roles
			if r&isNeg != 0 {
				return true
			}
			if r&(isVerb|isBreak|isCut|isAnd) != 0 {
				return false
			}
		}
	}
	return false
}

// stopped reports whether a stop verb governs the word at k.
func (g *grammar) stopped(lo, hi, k int) bool {
	for i := max(lo, k-3); i < min(hi, k+4); i++ {
		if g.items[i].roles&isVerb != 0 && !g.negated(lo, hi, i) {
			return true
		}
	}
	return false
}

// invited reports whether the message asks to be written to: who says "don't
// call, text me" is not stopping messages.
func (g *grammar) invited() bool {
	for i := range g.items {
		if g.items[i].roles&(isSend|isWrite) != 0 && g.items[i].roles&isNeg == 0 && !g.forbidden(0, len(g.items), i) && !g.stopped(0, len(g.items), i) {
			return true
		}
	}
	return false
}

// quoted reports whether the sentence that holds items[lo:hi] is an
// instruction to answer a stop word. "To get no more messages, reply STOP" is
// two clauses and one instruction.
func (g *grammar) quoted(lo, hi int) bool {
	for lo > 0 && g.items[lo].sep < sepStop {
		lo--
	}
	for hi < len(g.items) && g.items[hi].sep < sepStop {
		hi++
	}
	return g.quotes(lo, hi)
}

// quotes reports whether the clause is an instruction to answer a stop word,
// as businesses write it under their messages.
func (g *grammar) quotes(lo, hi int) bool {
	for i := lo; i+1 < hi; i++ {
		if g.items[i].roles&isInstr == 0 || g.items[i].roles&isNeg != 0 || i > lo && g.items[i-1].roles&(isNeg|isVerb) != 0 {
			continue
		}
		for j := i + 1; j < min(hi, i+3); j++ {
			if g.items[j].roles&isAlone != 0 && g.items[j].roles&(isWrite|isMore|isNo|isNeg) == 0 {
				return true
			}
		}
	}
	return false
}

// told reports whether the word at k is quoted: reply STOP, type BAJA.
func (g *grammar) told(lo, k int) bool {
	for i := k - 1; i >= max(lo, k-3); i-- {
		if g.items[i].roles&isInstr != 0 {
			return true
		}
	}
	return false
}
