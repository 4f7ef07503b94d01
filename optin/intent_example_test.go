package optin_test

import (
	"fmt"

	"github.com/waguard/waguard/optin"
)

func ExampleIntentReader_Read() {
	r, err := optin.NewReader()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{
		"Hi, please stop sending these, thanks",
		"não quero mais promoções",
		"no me interesa",
		"stop, the driver is not coming",
		"bitte meldet mich wieder an",
	} {
		in := r.Read(text, "")
		fmt.Println(in.Level, in.Scope, "-", in.Why)
	}
	// Output:
	// certain all - asks to stop the messages
	// certain marketing - does not want the messages
	// likely all - a phrase that is probably a stop
	// none  - nothing about stopping messages
	// start all - asks for messages again
}

func ExampleIntentReader_ReadButton() {
	r, err := optin.NewReader()
	if err != nil {
		fmt.Println(err)
		return
	}
	in := r.ReadButton("STOP-PROMOS", "Stop promotions", "en")
	fmt.Println(in.Level, in.Scope)
	// Output: certain marketing
}

func ExampleNewReader() {
	r, err := optin.NewReader(optin.IntentLanguages("en", "es"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Languages(), r.Read("BAJA", "es").Level)
	// Output: [en es] certain
}
