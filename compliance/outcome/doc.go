// Package outcome says what an answer to a send means for the next one: whether
// the message may go again and when, whether the person, the template or the
// number has to rest, and what there is to mend.
//
//	error code, HTTP status, text ─▶ Table.Classify ─▶ Outcome{Class, Of, After, Effect, Do}
//
// The codes stand in one file, codes.json: dated and cited like the rules, for
// the Cloud API, for Twilio's equivalents, for Gupshup's, and for the bare shapes
// of HTTP. A code decides before a text and a text before an HTTP status, because
// the platform answers a rate limit with HTTP 400 and without Retry-After. The
// order of the platform's checks may change, so the same bad request can draw
// another code the next time: an Outcome is about the answer, not about the cause.
//
// What is not in the table is [Unknown]: a refusal that nobody here can read. It
// is no invitation to try again.
//
// # The table
//
// The wait is the first one, times the factor for each further one.
//
//	answer                                                      class         of        wait     teaches
//	0, 3, 10, 190, 131005, 200–299                              never         account   -        -
//	1, 2, 131000, 131016, 133004                                retry-after   message   10s × 4  -
//	131057                                                      retry-after   number    1m       -
//	4, 80007                                                    retry-after   account   1m × 4   -
//	100, "direct send"                                          never         account   -        direct-send-off
//	100, "must be a template message"                           never         message   -        -
//	33, 100, 131008, 131009, 131051, 135000                     never         message   -        -
//	131021                                                      never         message   -        -
//	368                                                         stop-number   account   -        account-barred
//	131031                                                      stop-number   account   -        account-barred
//	131042                                                      stop-number   account   -        account-barred
//	131037, 131045, 133005–133015                               stop-number   number    -        -
//	133016                                                      stop-number   number    72h      -
//	134011                                                      never         account   -        -
//	130403                                                      never         person    -        person-unreachable
//	130429                                                      retry-after   number    1s × 2   -
//	130472                                                      never         person    -        -
//	130497                                                      never         person    -        country-barred
//	131026                                                      never         person    -        person-unreachable
//	131047                                                      never         person    -        window-closed
//	131048                                                      stop-number   number    24h      number-slowed
//	131049                                                      cool-down     person    24h × 2  marketing-rest
//	131050                                                      never         person    -        marketing-stopped
//	131052, 131053                                              never         message   -        -
//	131055, 134100                                              never         template  -        template-ordinary-only
//	131056                                                      retry-after   person    4s × 4   pair-slowed
//	131061                                                      never         template  -        template-marketing-only
//	131062                                                      never         template  -        template-phone-only
//	131063                                                      never         account   -        marketing-elsewhere
//	131064                                                      retry-after   account   -        utility-capped
//	132000, 132001, 132005, 132012, 132018                      fix-template  template  -        -
//	132007                                                      fix-template  template  -        -
//	132015                                                      fix-template  template  -        template-paused
//	132016                                                      fix-template  template  -        template-disabled
//	132021                                                      fix-template  template  -        direct-name-taken
//	132068                                                      fix-template  template  -        -
//	132069                                                      retry-after   template  1h       -
//	134101                                                      retry-after   template  10m      -
//	134102                                                      never         template  -        template-ordinary-only
//	137000                                                      never         person    -        identity-changed
//	139200                                                      never         account   -        direct-send-barred
//	138000, 138013, 138015, 138018                              never         number    -        -
//	138001, 138003, 138006, 138017                              never         person    -        -
//	613, 138002, 138005                                         retry-after   number    10s × 4  -
//	138009, 138012                                              cool-down     person    24h      -
//	138014                                                      stop-number   number    168h     -
//	twilio 63016                                                never         person    -        window-closed
//	twilio 63049                                                cool-down     person    24h × 2  marketing-rest
//	twilio 63018                                                retry-after   number    1m × 4   -
//	twilio 63017                                                retry-after   account   1s × 2   -
//	twilio 63014                                                never         person    -        marketing-stopped
//	twilio 63050                                                never         person    -        marketing-stopped
//	twilio 63024                                                never         person    -        person-unreachable
//	twilio 63032                                                never         person    -        -
//	twilio 63062                                                never         account   -        -
//	twilio 63021                                                never         message   -        -
//	twilio 63040, 63041, 63042                                  fix-template  template  -        -
//	gupshup 1003                                                stop-number   account   -        -
//	gupshup 1004–1008                                           never         person    -        -
//	gupshup 1012                                                never         person    -        marketing-stopped
//	waguard 990001, 990003                                      never         message   -        -
//	waguard 990002                                              retry-after   message   1m × 2   -
//	HTTP 429                                                    retry-after   number    1s × 2   -
//	HTTP 408, 500, 502, 503, 504                                retry-after   message   10s × 4  -
//	HTTP 401, 403                                               never         account   -        -
//	HTTP 402                                                    stop-number   account   -        -
//	HTTP 400, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422  never         message   -        -
//
// In an app this is [github.com/waguard/waguard/compliance.Classify], which also
// reads a client's error; the Inbox uses the same table for answers and for
// failed statuses, and feeds what they say about people, templates and accounts
// back into the stores.
package outcome
