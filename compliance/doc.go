// Package compliance decides whether a WhatsApp message may leave, before it
// leaves, and says why, what to do and when.
//
//	app's code          Sender                                               stores
//	message  ─────────▶ 1 stamp     one instant, one id, one rule sheet
//	                    2 look up   consent · window · template · account · pace ◀ reads
//	                    3 describe  rendered text, its words read, place
//	                    4 judge     pure: Case → Decision
//	                    5 enter     a flight, on the consent version judged ─ writes
//	                    6 spend     of the pair rate, the caps, the limit ─── writes
//	                    7 record    the Decision into the journal    ──────── writes
//	                    8 deliver   only on Allow: the app's own client
//	receipt  ◀───────── 9 settle    leave the flight, journal the outcome ─── writes
//
//	webhook  ─────────▶ Inbox       events → apply  ─ writes ledger, windows, links, catalog, account, pace
//
// # Flights
//
// A flight is entered with the version of the person's consent that was judged,
// after judging: a message that is held needs no write, and one that goes fails
// to enter when consent moved meanwhile. Then everything is looked up and judged
// again, three times at most, and is Undecided after that. So when
// [optin.Ledger.Revoke] or [Inbox.Receive] has returned, a message that has not
// been judged with the stop in view cannot enter, and those entered before are
// in the receipt of the stop.
//
// # Pace
//
// A message that may leave spends what it uses up (package pace) before it is
// recorded, as a whole or not at all. Where somebody else was quicker, so that there
// is no room any more, its flight is left and it is judged again, and the gate says
// what there is no room of, and until when. What does not leave is given back; what
// the client failed to send may have gone, and is not; what the platform refused, at
// once or in a webhook later, is. The messages of one DoAll spend one after another,
// and give everything back when one of them is held. Repeats under a [Message] Key
// are charged once. Check looks and spends nothing.
//
// The store of it is needed, like the others. Were it left out, the pair rate would
// be a blocking rule that nobody judges, and such a rule is no yes.
//
// # Verdicts
//
// A blocking rule that is broken is Deny, whatever else is unknown. Otherwise a
// blocking rule in force that could not be judged is Undecided. Otherwise Allow.
// Nothing that could not be found out is taken for a yes: the zero [Verdict] is
// Undecided, the zero [Kind] of a message refuses, and the zero [Fact] is
// unknown. A [Decision] is evidence of what was judged, never a permission to
// send later.
//
// # Doors
//
// [Wrap] guards a client's send function and keeps its signature. [Sender.Do]
// takes a closure and fits every client. Both are a few lines over
// [Sender.DoAll]. [Sender.Check] asks without sending; [Sender.Explain] also
// lists what became of every rule.
//
// # Outcomes
//
// What the platform answers to a send, and what it tells later of one that failed,
// is classed by one table (package outcome): never again, again after a while, leave
// this person out, mend the template, stop this number. The Inbox writes down what
// each code teaches, a Sender feeds it the answers of its own sends, and [Classify]
// tells an app what to do with an error in its hands.
//
// # Templates
//
// The catalog is told by listings ([Inbox.Catalog] with package template/graph), by
// webhooks, and by what Meta answers to a creation ([Inbox.Submitted]). What Meta
// decides of a category is kept beside what the words look like, what the app does
// ([Inbox.Did], and each send) beside both; [Sender.Advice] says what follows: the
// archive, quotas, appeals, drift, the ladder of misuse. Where a closed window holds a
// free-form message, the finding names the approved template that could say it.
//
// # Rules
//
// The rules are data (package policy): each with editions, severities and
// citations. What decides them are gates. A gate says for each of its rules what
// became of it, and [New] refuses a book in which a built rule has no gate. An
// app adds rules with [policy.Book.With], decides them with a [Gate] of its own,
// raises or waives what it must, and sees all of that in every Decision.
//
// # People
//
// A person is a set of handles. Webhooks and answers to sends show which belong
// together, and the app tells what else it knows with [Linked] and [Parted]; a
// change of number or id comes as [Moved]. Each is journalled by digests when it
// changes who is taken for one person. Look-ups go over every handle known, and
// the stricter consent wins; [optin.Ledger.Explain] tells how it came about.
//
// # Inbound goods
//
// What a customer asks for that the policy bars is told in [Learned], so that the
// app moves the talk elsewhere ([Redirect]); nothing is held for it.
//
// # Accounts
//
// What the platform says of an account, a number or a portfolio is kept as news
// ([AccountNews]) and read anew for every message by [AccountAt]: news late, twice
// and in any order make no difference. Each track of an account stands in one
// state, clear at first; in each track the first row that fits the news is how
// they are read, and a state that no row starts from stays. Said again, a state
// lasts to the later end. A reinstatement without a type clears every track but
// connection and health; one with a type also clears the notices, restrictions and
// answers of that type or cause.
//
//	track        from                                                    news                                                              to
//	account      clear to-be-disabled                                    disabling                                                         to-be-disabled
//	             to-be-disabled                                          its end                                                           disabled
//	             any                                                     disabled                                                          disabled
//	utility      clear warned served                                     warned UTILITY_TEMPLATE_ABUSE                                     warned
//	             clear warned served capped                              warned UTILITY_TEMPLATE_ABUSE_RATE_LIMIT                          capped
//	             clear warned served capped                              restricted RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING                capped
//	             used-up                                                 restricted RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING                used-up
//	             clear warned served capped used-up                      number-barred 131064                                              used-up
//	             clear warned capped used-up suspended                   restricted RESTRICTED_UTILITY_TEMPLATES                           suspended
//	             served suspended-again                                  restricted RESTRICTED_UTILITY_TEMPLATES                           suspended-again
//	             used-up                                                 its end                                                           capped
//	             capped                                                  its end                                                           clear
//	             suspended suspended-again                               its end                                                           served
//	             capped used-up                                          reinstated RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING                clear
//	             suspended suspended-again                               reinstated RESTRICTED_UTILITY_TEMPLATES                           served
//	direct-send  clear warned served                                     warned DIRECT_SEND_*_WARN                                         warned
//	             clear warned served                                     warned DIRECT_SEND_*_STRIKE_1                                     warned
//	             clear warned served                                     warned DIRECT_SEND_*_STRIKE_2                                     warned
//	             clear warned served capped                              warned DIRECT_SEND_*_RATE_LIMIT                                   capped
//	             any                                                     warned DIRECT_SEND_*_OFFBOARD                                     offboarded
//	             clear warned served capped                              restricted RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES *_RATE_LIMIT  capped
//	             used-up                                                 restricted RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES *_RATE_LIMIT  used-up
//	             clear warned served capped used-up struck struck-again  restricted RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES *_STRIKE_2    struck-again
//	             any                                                     restricted RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES *_OFFBOARD    offboarded
//	             clear warned served capped used-up struck               restricted RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES *             struck
//	             capped used-up                                          number-barred 131064                                              used-up
//	             clear warned served capped used-up                      number-barred 139200                                              struck
//	             used-up                                                 its end                                                           capped
//	             capped                                                  its end                                                           clear
//	             struck struck-again                                     its end                                                           served
//	             capped used-up                                          reinstated DIRECT_SEND_*_RATE_LIMIT                               clear
//	             capped used-up struck struck-again offboarded           reinstated RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES               served
//	notice       any                                                     warned                                                            noted
//	restriction  any                                                     restricted                                                        restricted
//	             restricted                                              its end                                                           clear
//	review       any                                                     reviewed REJECTED                                                 rejected
//	             any                                                     reviewed APPROVED                                                 approved
//	             clear approved deferred pending                         reviewed PENDING                                                  pending
//	             clear approved deferred pending                         reviewed DEFERRED                                                 deferred
//	answer       any                                                     number-barred                                                     barred
//	connection   any                                                     connection CONNECTED                                              clear
//	             any                                                     connection FLAGGED                                                clear
//	             any                                                     connection RESTRICTED                                             restricted
//	             any                                                     connection                                                        cut-off
//	health       any                                                     health AVAILABLE                                                  clear
//	             any                                                     health LIMITED                                                    limited
//	             any                                                     health                                                            blocked
//
// The gate weighs what a state means for the message at hand. A track or state
// that is not here weighs nothing, and restrictions nobody here knows are read as
// ones on everything.
//
//	track        state                                                            replies  templates  utility  direct  direct utility  calls
//	account      disabled                                                         block    block      block    block   block           block
//	account      to-be-disabled                                                   warn     warn       warn     warn    warn            warn
//	notice       noted                                                            warn     warn       warn     warn    warn            warn
//	review       rejected                                                         block    block      block    block   block           block
//	restriction  restricted RESTRICTED_BIZ_INITIATED_MESSAGING                    -        block      block    block   block           -
//	restriction  restricted RESTRICTED_CUSTOMER_INITIATED_MESSAGING               block    -          -        -       -               -
//	restriction  restricted RESTRICTED_BUSINESS_INITIATED_CALLING                 -        -          -        -       -               block
//	restriction  restricted RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING   -        -          -        -       -               block
//	restriction  restricted RESTRICTED_ADD_PHONE_NUMBER_ACTION                    -        -          -        -       -               -
//	restriction  restricted RESTRICTED_USER_INITIATED_CALLING                     -        -          -        -       -               -
//	restriction  restricted RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN  -        -          -        -       -               -
//	restriction  restricted 130497                                                block    block      block    block   block           block
//	restriction  restricted DIRECT_SEND_OFF                                       -        -          -        block   block           -
//	restriction  restricted 131048                                                -        block      block    block   block           -
//	restriction  restricted 131063                                                -        -          -        -       -               -
//	restriction  restricted 131062                                                -        -          -        -       -               -
//	restriction  restricted 131061                                                -        -          -        -       -               -
//	restriction  restricted 134102                                                -        -          -        -       -               -
//	restriction  restricted 132021                                                -        -          -        -       -               -
//	restriction  restricted                                                       block    block      block    block   block           block
//	utility      capped                                                           -        -          warn     -       warn            -
//	utility      used-up suspended suspended-again                                -        -          block    -       block           -
//	direct-send  capped                                                           -        -          -        -       warn            -
//	direct-send  used-up struck struck-again offboarded                           -        -          -        -       block           -
//	answer       barred                                                           block    block      block    block   block           block
//	connection   restricted                                                       warn     block      block    block   block           warn
//	connection   cut-off                                                          block    block      block    block   block           block
//	health       limited                                                          warn     warn       warn     warn    warn            warn
//	health       blocked                                                          block    block      block    block   block           block
//
// Quality ([Account.Quality]), the messaging limit ([Account.Limit]) and business
// verification ([Account.Verification]) have no states: the newest news count.
// Some have no webhook; [Inbox.Numbers] takes in what the Graph API answers.
// News of a portfolio are noted for all accounts the [Business] lists in it.
//
// # Calls
//
// A call is a [Message] of kind Call, and [Sender.Do] places it like it sends any
// other. It needs a permission that the customer gives in WhatsApp, which is
// worked out with what is used up of calls and requests by [window.CallsAt]; the
// table of its states is drawn there. What teaches it: the events [CallAnswer],
// [Called], [CallPermission] and [Sent], the codes in answers and failed statuses
// (138006, 138009, 138012, 138014, 138017), and what was placed and sent through
// the Sender itself, counted once it was delivered. A request for permission is a
// message with CallRequest set, or a template that asks.
//
// # Prices
//
// An allowed message tells in [Decision.Price] which class it is charged in, by
// the platform's rules of that day: information for whoever sends, and never a
// reason to hold a message or to let it go. Within the free entry point everything
// is free. Otherwise the first line that fits decides:
//
//	from        message                    window  price
//	2026-10-01  free-form                  open    charged (service), UNCONFIRMED
//	2026-10-01  utility                    open    charged (utility-in-window)
//	2025-07-01  utility                    open    free (utility-in-window)
//	2025-07-01  utility                    any     charged (template)
//	2025-07-01  marketing, authentication  any     charged (template)
//	2024-11-01  free-form                  open    free (service)
//	            free-form                  open    per-conversation (conversation)
//	            utility                    any     per-conversation (conversation)
//	            marketing, authentication  any     per-conversation (conversation)
package compliance
