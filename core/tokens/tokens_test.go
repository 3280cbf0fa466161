package tokens

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// texts have the counts of the Python package tokenizers 0.23.3 (encode with add_special_tokens=False).
var texts = []struct {
	name, text          string
	qwen, cl100k, o200k int
}{
	{"empty", "", 0, 0, 0},
	{"words", "The quick brown fox can't jump over the lazy dog.", 12, 12, 11},
	{"capitals", "HTTPServer's WE'LL camelCaseName I'M", 11, 11, 11},
	{"digits", "In 2024 there were 1234567 of 89, x1y22", 26, 18, 18},
	{"spaces", "a  b   c\t\td    ", 8, 8, 8},
	{"line ends", "one\n\n\n  two\r\n\r\n three \n", 7, 7, 7},
	{"code", "func main() {\n\tfmt.Println(\"hi\") // ok\n}\n", 13, 13, 13},
	{"JSON", "{\"command\": \"CUT_LOOP oak 3\", \"n\": [1, 2.5, null]}", 24, 24, 23},
	{"paths", "https://example.org/a/b?c=d&e=f //\n/usr/lib", 14, 14, 15},
	{"accents, composed", "d\u00e9j\u00e0 vu \u00e5ngstr\u00f6m", 7, 8, 6},
	{"accents, decomposed", "de\u0301ja\u0300 vu a\u030angstro\u0308m", 7, 13, 11},
	{"forty marks", "a" + strings.Repeat("\u0301", 40) + "b", 41, 42, 42},
	{"Chinese", "今天天气很好，我们去公园吧。", 9, 17, 10},
	{"Japanese", "こんにちは、カタカナ", 6, 6, 6},
	{"Hindi", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e", 13, 13, 5},
	{"Arabic", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645", 5, 10, 4},
	{"mark, then capital", "\u0301A \u0301Ab", 5, 5, 5},
	{"title case and long s", "\u01c5a it'\u017f", 6, 7, 6},
	{"emoji", "ok \U0001f44d\U0001f3fd \U0001f468\U0000200d\U0001f469\U0000200d\U0001f467", 12, 18, 12},
	{"NUL", "a\x00\x00b", 4, 4, 3},
	{"other spaces", "a\u00a0\u00a0b\u3000c\u2028d", 9, 9, 8},
	{"replacement", "a\ufffd\ufffdb", 3, 3, 3},
	{"control tokens", "<|im_start|>user\nhi<|im_end|>\n<|endoftext|>", 7, 16, 16},
	{"tool call", "<tool_call>\n{}\n</tool_call>", 4, 9, 9},
	{"nearly control tokens", "<|im_ <tool_cal> <<|endoftext|>>", 11, 11, 11},
	{"128 KiB of one letter", strings.Repeat("a", 1<<17), 16384, 16384, 16384},
}

func open(t testing.TB, name string) *Tokenizer {
	t.Helper()
	tokenizer, err := Open(name)
	require.NoError(t, err)
	return tokenizer
}

func TestCount(t *testing.T) {
	qwen, cl100k, o200k := open(t, "qwen"), open(t, "cl100k"), open(t, "o200k")
	for range 2 { // the second time from memory
		for _, test := range texts {
			require.Equal(t, test.qwen, qwen.Count(test.text), "%s, qwen", test.name)
			require.Equal(t, test.cl100k, cl100k.Count(test.text), "%s, cl100k", test.name)
			require.Equal(t, test.o200k, o200k.Count(test.text), "%s, o200k", test.name)
		}
	}
}

// TestCountInvalid: a byte that is not UTF-8 counts as what JSON encoders write for it.
func TestCountInvalid(t *testing.T) {
	for _, name := range Names() {
		tokenizer := open(t, name)
		require.Equal(t, tokenizer.Count("a\ufffd\ufffdb\ufffd"), tokenizer.Count("a\xff\x80b\xe4"), name)
	}
}

func TestCountInParallel(t *testing.T) {
	tokenizer := open(t, "qwen")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, test := range texts {
				if got := tokenizer.Count(test.text); got != test.qwen {
					t.Errorf("%s: got %d, want %d", test.name, got, test.qwen)
				}
			}
		})
	}
	group.Wait()
}

func TestALongTextIsCountedOnce(t *testing.T) {
	tokenizer := open(t, "qwen")
	text := strings.Repeat("oak ", longText)
	want, split, splits := tokenizer.Count(text), tokenizer.split, 0
	tokenizer.split = func(section string) iter.Seq[string] {
		splits++
		return split(section)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if got := tokenizer.Count(strings.Clone(text)); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		})
	}
	group.Wait()
	require.Zero(t, splits)
	require.Equal(t, want+2, tokenizer.Count(text[:len(text)-1]+"d yew"), "it is another text")
	require.Equal(t, 1, splits)
}

func TestNames(t *testing.T) {
	require.Equal(t, []string{"cl100k", "o200k", "qwen"}, Names())
	_, err := Open("qwn")
	require.EqualError(t, err, `there is no tokenizer "qwn": use cl100k, o200k, qwen or the path of a tokenizer.json`)
}

// controls lists the control tokens that a tokenizer knows.
func controls(t *Tokenizer) []string {
	var contents []string
	for _, token := range slices.Concat(t.added.tokens, t.late.tokens) {
		contents = append(contents, token.Content)
	}
	return contents
}

func TestControlTokens(t *testing.T) {
	tokenizer := open(t, "qwen")
	require.Subset(t, controls(tokenizer), []string{"<|im_start|>", "<|im_end|>", "<|endoftext|>", "<tool_call>", "<think>"})
	for _, control := range controls(tokenizer) {
		require.Equal(t, 1, tokenizer.Count(control), control)
	}
}

func TestCut(t *testing.T) {
	tokenizer := open(t, "qwen")
	text := "one two three four five six seven eight nine ten"
	for _, test := range []struct {
		head, tail  int
		first, last string
		omitted     int
	}{
		{3, 2, "one two three", " nine ten", 5},
		{0, 1, "", " ten", 9},
		{1, 0, "one", "", 9},
		{5, 5, text, "", 0},
		{-1, 100, text, "", 0},
		{-1, -1, "", "", 10},
	} {
		first, last, omitted := tokenizer.Cut(text, test.head, test.tail)
		require.Equal(t, test.first, first)
		require.Equal(t, test.last, last)
		require.Equal(t, test.omitted, omitted)
	}
}

func TestCutLaws(t *testing.T) {
	for _, name := range Names() {
		tokenizer := open(t, name)
		checkCut(t, tokenizer, texts[len(texts)-1].text, 1000, 1000)
		for _, test := range texts[:len(texts)-1] {
			for _, sides := range [][2]int{{0, 0}, {1, 1}, {2, 5}, {7, 0}, {40, 40}} {
				checkCut(t, tokenizer, test.text, sides[0], sides[1])
			}
		}
	}
}

// checkCut checks what Cut promises.
func checkCut(t *testing.T, tokenizer *Tokenizer, text string, head, tail int) {
	t.Helper()
	first, last, omitted := tokenizer.Cut(text, head, tail)
	if omitted == 0 {
		require.Equal(t, text, first+last)
		require.LessOrEqual(t, tokenizer.Count(text), head+tail)
		return
	}
	require.True(t, strings.HasPrefix(text, first) && strings.HasSuffix(text, last) && len(first)+len(last) < len(text))
	require.LessOrEqual(t, tokenizer.Count(first), head)
	require.LessOrEqual(t, tokenizer.Count(last), tail)
	if utf8.ValidString(text) {
		require.True(t, utf8.ValidString(first) && utf8.ValidString(last))
	}
	places := tokenizer.places(text)
	from, ok := slices.BinarySearch(places, len(first))
	require.True(t, ok)
	to, ok := slices.BinarySearch(places, len(text)-len(last))
	require.True(t, ok)
	require.Greater(t, tokenizer.Count(text[:places[from+1]]), head)
	require.Greater(t, tokenizer.Count(text[places[to-1]:]), tail)
}

func FuzzCount(f *testing.F) {
	for _, test := range texts[:len(texts)-1] {
		f.Add(test.text, 2, 3)
	}
	f.Add("a\xff\x80\x80\x80\x80b", 1, 1)
	var tokenizers []*Tokenizer
	for _, name := range Names() {
		tokenizers = append(tokenizers, open(f, name))
	}
	f.Fuzz(func(t *testing.T, text string, head, tail int) {
		for _, tokenizer := range tokenizers {
			count := tokenizer.Count(text)
			require.Equal(t, count, tokenizer.Count(text))
			require.Equal(t, text == "", count == 0)
			// Each byte is at most a token; U+FFFD, for an invalid byte, has three, and no normal form is longer than that.
			require.LessOrEqual(t, count, 3*len(text))
			checkCut(t, tokenizer, text, max(head, 0)%50, max(tail, 0)%50)
		}
	})
}

func BenchmarkCount(b *testing.B) {
	var text strings.Builder
	for i := range 2000 {
		text.WriteString(texts[i%(len(texts)-1)].text)
	}
	for _, name := range Names() {
		b.Run(name, func(b *testing.B) {
			tokenizer := open(b, name)
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				tokenizer.count(text.String()) // which is not remembered
			}
		})
	}
}
