package journal

import "strings"

// A teller makes a story of sentences that have no labels.
type teller struct {
	story
	current role // the part that the sentence at hand tells
	named   bool // some sentence names its part
	hinted  bool // some sentence has a part of its own
}

// unlabelled makes a story of sentences, the first of which tells a given part. A title that says what to do is a part of the
// solution. named reports whether some sentence names its part or, in a story that does not begin with the problem, hints at
// it.
func unlabelled(title string, blocks []block, first role) (one story, named bool) {
	t := &teller{current: first}
	for _, b := range blocks {
		if b.kind != rule {
			t.block(b)
		}
	}
	if advises(title) && len(t.parts) > 0 {
		at := t.parts[0].span
		t.parts = append([]part{{span: at, role: solution, texts: []located{{at, title}}}}, t.parts...)
	} else if !t.hinted && first == problem {
		return story{}, false
	}
	return t.story, t.named || first != problem && t.hinted
}

func (t *teller) block(b block) {
	if b.kind != paragraph {
		if showsBoth(b) {
			t.current = solution
		}
		t.add(located{b.span, b.text})
		return
	}
	for _, sentence := range sentences(b.text) {
		if sentence != "" {
			t.sentence(b.span, sentence)
		}
	}
}

func (t *teller) sentence(at span, sentence string) {
	r, named := roleOfSentence(sentence)
	begins := len(t.parts) == 0 && t.current == problem
	if i := hintsCause().FindStringIndex(sentence); begins && r == cause && !named && i[0] > 0 {
		t.add(located{at, strings.TrimRight(sentence[:i[0]], ", ")})
		sentence = because(sentence[i[0]:])
	}
	if len(t.parts) == 0 && r == solution && !named && !advises(sentence) {
		r = 0 // what was done before anything is said of a problem belongs to the story's beginning
	}
	if r != 0 {
		t.current = r
	}
	t.named, t.hinted = t.named || named, t.hinted || r != 0
	t.add(located{at, sentence})
}

// add adds text to the part at hand.
func (t *teller) add(text located) {
	if n := len(t.parts); n > 0 && t.parts[n-1].role == t.current {
		t.parts[n-1].texts = append(t.parts[n-1].texts, text)
		t.parts[n-1].last = text.last
		return
	}
	t.parts = append(t.parts, part{span: text.span, role: t.current, texts: []located{text}})
}
