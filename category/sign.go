package category

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

const (
	harmlessSign = -1
	signDiscount = 0
	signSurvey   = 53
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
