package echo_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/echo"
	"github.com/waguard/waguard/compliance/party"
)

var (
	asha  = []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}}
	ben   = []party.Handle{{Scheme: party.Phone, Value: "+447700900456"}}
	linda = []party.Handle{{Scheme: party.User, Value: "GB.1"}, {Scheme: party.Phone, Value: "+447700900789"}}
)

const story = "My mother fell down the stairs on Tuesday and the blue walker you sold us broke in two."

func index(t testing.TB, opts ...echo.Option) *echo.Index {
	t.Helper()
	x, err := echo.New(opts...)
	require.NoError(t, err)
	return x
}

func TestWordsOfOneCustomerToAnother(t *testing.T) {
	x := index(t)
	x.Heard(asha, story)
	for _, c := range []struct {
		why, words string
		found      bool
	}{
		{"as they were written", story, true},
		{"within other words", "Another customer told us: my mother fell down the stairs on Tuesday and the blue walker you sold us broke in two. Sorry!", true},
		{"in capitals and without stops", "MY MOTHER FELL DOWN THE STAIRS ON TUESDAY AND THE BLUE WALKER", true},
		{"with emoji between them", "My mother 😢 fell down the stairs 😱😱 on Tuesday $ and % the blue 💙 walker", true},
		{"a few words of them", "The blue walker you sold us", false},
		{"told in other words", "Somebody's mum had a fall last week and her walking frame snapped.", false},
		{"nothing of them", "Your order 4711 has shipped and will arrive on Friday between nine and noon.", false},
	} {
		_, found := x.Check(ben, c.words)
		require.Equal(t, c.found, found, c.why)
		_, found = x.Check(asha, c.words)
		require.False(t, found, "%s: to the one who wrote them", c.why)
	}
	span, _ := x.Check(ben, "They say: "+story)
	require.Equal(t, "My mother fell down the stairs on Tuesday", ("They say: " + story)[span[0]:span[1]])
}

func TestNobodysWords(t *testing.T) {
	const usual = "Hello, when will my order arrive please, I ordered it more than a week ago?"
	x := index(t)
	x.Heard(asha, usual)
	x.Heard(ben, usual)
	_, found := x.Check(linda, usual)
	require.False(t, found, "what two people write is nobody's")

	const own = "Thank you for writing to Example Shop, our opening hours are nine to five on weekdays."
	x.Said(own)
	x.Heard(asha, "You wrote: "+own)
	_, found = x.Check(ben, own)
	require.False(t, found, "what the business said first, and is quoted, is its own")

	x.Heard(asha, story)
	x.Said("You wrote: " + story)
	_, found = x.Check(ben, story)
	require.True(t, found, "quoting somebody to themselves makes their words nobody else's")
}

func TestHandlesOfOnePerson(t *testing.T) {
	x := index(t)
	x.Heard(linda[:1], story)
	_, found := x.Check(linda, story)
	require.False(t, found, "heard under the id, sent to both")
	_, found = x.Check(linda[1:], story)
	require.True(t, found, "nobody said that the number is theirs")
	x.Forget(linda)
	_, found = x.Check(ben, story)
	require.False(t, found, "forgotten")

	x = index(t)
	x.Heard(linda, story)
	x.Heard([]party.Handle{linda[1]}, story)
	x.Heard([]party.Handle{linda[1], linda[0]}, story)
	_, found = x.Check(ben, story)
	require.True(t, found, "one person, however the handles are listed, and whichever of them come")
	x = index(t)
	x.Heard(linda[:1], story)
	x.Heard(linda, story)
	_, found = x.Check(ben, story)
	require.True(t, found, "known by an id first, and by the number later")

	x = index(t)
	x.Heard(nil, story)
	_, found = x.Check(ben, story)
	require.False(t, found, "words of nobody are nobody's")
}

func TestOtherScripts(t *testing.T) {
	for lang, words := range map[string]string{
		"zh": "我妈妈星期二从楼梯上摔下来了，你们卖给我们的蓝色助行器断成了两截。",
		"th": "แม่ของฉันตกบันไดเมื่อวันอังคารและวอล์คเกอร์สีน้ำเงินที่คุณขายให้หักเป็นสองท่อน",
		"hi": "मेरी माँ मंगलवार को सीढ़ियों से गिर गईं और आपका नीला वॉकर दो टुकड़ों में टूट गया।",
		"ar": "سقطت أمي من الدرج يوم الثلاثاء وانكسرت المشاية الزرقاء التي بعتموها لنا إلى نصفين",
	} {
		x := index(t)
		x.Heard(asha, words)
		_, found := x.Check(ben, "» "+words)
		require.True(t, found, lang)
	}
}

// The oldest runs go first, and memory does not grow.
func TestSize(t *testing.T) {
	x := index(t, echo.WithSize(20))
	x.Heard(asha, story)
	for i := range 5 {
		x.Heard(ben, strings.Repeat("w"+strconv.Itoa(i)+" ", 4)+"one two three four five six seven eight nine ten "+strconv.Itoa(i))
	}
	_, found := x.Check(ben, story)
	require.False(t, found, "long ago, and forgotten")
	_, err := echo.New(echo.WithSize(0))
	require.ErrorContains(t, err, "notices nothing")
}

func TestConcurrent(t *testing.T) {
	x := index(t, echo.WithSize(1000))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for k := range 50 {
				words := fmt.Sprintf("%s number %d of %d", story, k, i)
				x.Heard(asha, words)
				x.Said("An answer to it, long enough to be looked at, and one of many, number " + strconv.Itoa(k))
				x.Check(ben, words)
			}
		})
	}
	all.Wait()
	_, found := x.Check(ben, story)
	require.True(t, found)
}

func BenchmarkCheck(b *testing.B) {
	x := index(b)
	x.Heard(asha, story)
	const words = "Your order 4711 has shipped and will arrive on Friday between nine and noon; the driver calls half an hour before."
	b.ReportAllocs()
	b.SetBytes(int64(len(words)))
	for b.Loop() {
		if _, found := x.Check(ben, words); found {
			b.Fatal("found")
		}
	}
}

// BenchmarkCheckHostile reads texts that are full of what is no word.
func BenchmarkCheckHostile(b *testing.B) {
	x := index(b)
	for _, size := range []int{1 << 10, 4 << 10, 16 << 10} {
		words := strings.Repeat("$", size-48) + " one two three four five six seven eight nine"
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(words)))
			for b.Loop() {
				x.Check(ben, words)
			}
		})
	}
}

func ExampleIndex() {
	x, err := echo.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	x.Heard(asha, story)
	_, found := x.Check(ben, "A customer wrote: "+story)
	fmt.Println("to somebody else:", found)
	_, found = x.Check(asha, "You wrote: "+story)
	fmt.Println("to the one who wrote it:", found)
	// Output:
	// to somebody else: true
	// to the one who wrote it: false
}
