// Package detect finds secrets and personal data in text.
//
// One sweep over the text looks for the beginnings that matter: what begins a rule's secret (ghp_, AKIA, -----BEGIN), a
// name that says secret (password, api_key), a URL, a run of digits, a home folder. At each such place a check decides,
// exactly and without regard to where the text was cut, what is to be replaced there. Regular expressions are Go's, which
// never back-track, and each is compiled when its beginning is first met. The rules for secrets of a known form are those
// of gitleaks; see rules.go for the ones added. A name alone proves nothing: see value.go for how values are judged.
package detect

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
)

// Kind says what a finding is.
type Kind string

// The kinds. All but Secret, Name, Blocked and Canary are personal data that is recognized by its form.
const (
	Secret   Kind = "secret"
	Email    Kind = "email"
	Phone    Kind = "phone"
	Card     Kind = "card"
	IBAN     Kind = "iban"
	National Kind = "national-id" // of persons, such as a social security number
	IP       Kind = "ip"          // public addresses only
	Home     Kind = "home"        // the user's name in the path of a home folder
	Discord  Kind = "discord"     // ids of users and mentions
	Author   Kind = "author"      // names beside an address in git's output
	Name     Kind = "name"        // listed by the user
	Blocked  Kind = "blocked"     // likewise
	Canary   Kind = "canary"      // must never appear
)

// Kinds lists the kinds that can be chosen.
func Kinds() []Kind {
	return []Kind{Secret, Email, Phone, Card, IBAN, National, IP, Home, Discord, Author, Name}
}

// A Finding is a place in a text that is to be replaced.
type Finding struct {
	Start, End int // bytes
	Kind       Kind
	Rule       string // of a secret: which one; of a canary: its number among them
	Number     bool   // it stands where only a number can, so another number must replace it
}

// Options say what is looked for. The zero value looks for every kind, by the rules of gitleaks and the built-in ones.
type Options struct {
	Kinds    []Kind   // nil: all
	Rules    []byte   // a gitleaks configuration (TOML) in place of gitleaks' own; nil: its own
	Extra    []Rule   // in addition to those
	Allow    []string // regular expressions (RE2): a value that one matches whole stays
	Block    []string // regular expressions (RE2): what one matches is replaced
	Names    []string // of people; whole words, in any case
	Canaries []string // must never appear
}

// A Detector finds what its options say. It is safe for several goroutines.
type Detector struct {
	kinds       map[Kind]bool
	allow       []*matcher
	block       []*matcher
	listed      map[rune][]word // words that the sweep does not see, by their first letter
	least       int             // how long a text must be to hold something
	sweep       *sweep
	globalAllow allowlist
	whole       []*rule // rules whose matches need not hold a keyword

	searches sync.Pool // of *search
}

// New makes a detector. The error names every rule and expression that is wrong.
func New(o Options) (*Detector, error) {
	d, faults := build(o)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return d, nil
}

// build makes a detector with the options that are right, and lists what is wrong with the others.
func build(o Options) (*Detector, []error) {
	d := &Detector{kinds: map[Kind]bool{Blocked: true, Canary: true}, listed: map[rune][]word{}, least: shortest, sweep: newSweep()}
	kinds := o.Kinds
	if kinds == nil {
		kinds = Kinds()
	}
	for _, kind := range kinds {
		d.kinds[kind] = true
	}
	var faults, wrong []error
	d.allow, faults = compileAll("allow", o.Allow)
	d.block, wrong = compileAll("block", o.Block)
	faults = append(faults, wrong...)
	if len(d.block) > 0 {
		d.least = 1
	}
	if d.kinds[Secret] {
		faults = append(faults, d.addRules(o)...)
		d.addNames()
		d.addHeaders()
		d.addManifests()
	}
	d.addPersonal()
	d.addWords(o.Names, Name)
	d.addWords(o.Canaries, Canary)
	return d, faults
}

// Check lists everything that is wrong with options, such as a [RuleError] or [ExpressionError].
func Check(o Options) []error {
	if o.Rules == nil && len(o.Extra)+len(o.Allow)+len(o.Block) == 0 {
		return nil
	}
	if o.Rules == nil {
		o.Rules = []byte{} // gitleaks' own need no check
	}
	_, faults := build(o)
	return faults
}

// Find finds everything in a text, in order; findings do not overlap.
func (d *Detector) Find(text string) []Finding {
	return d.find(text, true)
}

// FindValue is Find for the value of a field whose name may say what it is, such as an argument of a call.
func (d *Detector) FindValue(name, value string) []Finding {
	found := d.find(value, true)
	if len(found) == 0 && name != "" && d.kinds[Secret] && (len(value) < shortText || strings.IndexByte(value, ' ') < 0) {
		if speaks(name) != silent && d.secretValue(name, value, field) && !d.allowed(value) && !placeholder(value, 0, len(value)) {
			found = []Finding{{Start: 0, End: len(value), Kind: Secret, Rule: ruleOf(name)}}
		}
	}
	return found
}

func (d *Detector) find(text string, decode bool) []Finding {
	if len(text) < d.least {
		return nil
	}
	if strings.IndexByte(text, escapeByte) >= 0 {
		return d.findColored(text, decode)
	}
	found := d.search(text, decode)
	if hasQuotes(text) {
		found = settle(append(found, d.findEscaped(text, decode)...))
	}
	return found
}

func (d *Detector) search(text string, decode bool) []Finding {
	s, _ := d.searches.Get().(*search) // most texts are short
	if s == nil {
		s = &search{}
	}
	*s = search{d: d, text: text, decode: decode}
	s.run()
	found := s.found
	*s = search{}
	d.searches.Put(s)
	return settle(found)
}

// search is one search through a text.
type search struct {
	d         *Detector
	text      string
	decode    bool // look into encoded text
	found     []Finding
	done      map[*rule]int  // up to where a rule with keywords has searched
	cookied   int            // up to where cookies were looked for
	objected  map[string]int // up to where members of an object were looked at, by rule
	tabled    int            // up to where the cells of tables were looked at
	tableHead int            // where the head of the last of these tables begins
	judged    judgement
	foundEnds map[int]bool // where the first findings end, as many as were noted
	noted     int
}

func (s *search) run() {
	s.d.sweep.over(s)
	if s.d.kinds[Email] || s.d.kinds[Home] {
		s.ats()
	}
	if s.decode {
		s.encoded()
	}
	s.listed()
	for _, r := range s.d.whole {
		r.around(0)(s, 0)
	}
	s.blocks()
}

// shortText is the length from which on a value with blanks is too long to be one secret.
const shortText = 100

// shortest is how long a text must be to be searched for more than what the user lists: the sweep looks at three bytes.
const shortest = 3

// add takes a finding and reports whether it did. It takes none of an unwanted kind or in a placeholder and, but for
// canaries, none whose value the user allows. A secret that ends a line may go on in the next one.
func (s *search) add(f Finding) bool {
	if f.Start >= f.End || !s.d.kinds[f.Kind] || placeholder(s.text, f.Start, f.End) {
		return false
	}
	if f.Kind != Canary && s.d.allowed(s.text[f.Start:f.End]) {
		return false
	}
	if f.Kind == Secret && f.End < len(s.text) && s.text[f.End] == '\n' {
		f.End = s.wrapped(f.End)
	}
	s.found = append(s.found, f)
	return true
}

func (d *Detector) allowed(value string) bool {
	for _, m := range d.allow {
		if m.whole(value) {
			return true
		}
	}
	return false
}

func (s *search) blocks() {
	for _, m := range s.d.block {
		for _, at := range m.get().FindAllStringIndex(s.text, -1) {
			s.add(Finding{Start: at[0], End: at[1], Kind: Blocked})
		}
	}
}

// settle sorts findings and joins those that overlap: the first and longest of them says what it is.
func settle(found []Finding) []Finding {
	if len(found) < 2 {
		return found
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(rank(a), rank(b)))
	})
	settled := found[:1]
	for _, f := range found[1:] {
		last := &settled[len(settled)-1]
		if f.Start >= last.End {
			settled = append(settled, f)
		} else if f.End > last.End {
			last.End = f.End
		}
	}
	return settled
}

// rank orders findings at the same place: a rule of a known form says more than a name.
func rank(f Finding) int {
	switch {
	case f.Kind == Canary:
		return 0
	case f.Kind == Secret && !named(f.Rule):
		return 1
	case f.Kind == Secret:
		return 2
	}
	return 3
}
