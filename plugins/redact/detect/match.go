package detect

import (
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// A form is a regular expression of this package that is compiled when it is first needed: each process of the program holds
// them all.
type form func() *regexp.Regexp

func newForm(expression string) form {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// matcher is a regular expression of a rule or of the user's that is compiled when it is first needed.
type matcher struct {
	source func() string
	once   sync.Once
	regex  *regexp.Regexp
}

func newMatcher(source string) *matcher { return &matcher{source: func() string { return source }} }

func (m *matcher) get() *regexp.Regexp {
	m.once.Do(func() { m.regex = regexp.MustCompile(m.source()) }) // it was parsed before
	return m.regex
}

// whole reports whether the expression matches all of a text.
func (m *matcher) whole(text string) bool {
	at := m.get().FindStringIndex(text)
	return at != nil && at[0] == 0 && at[1] == len(text)
}

func compileAll(option string, expressions []string) (all []*matcher, faults []error) {
	for _, expression := range expressions {
		if _, err := syntax.Parse(expression, syntax.Perl); err != nil {
			faults = append(faults, &ExpressionError{Option: option, Err: err})
		}
		all = append(all, newMatcher(expression))
	}
	return all, faults
}

// An ExpressionError says which of the options holds a wrong regular expression.
type ExpressionError struct {
	Option string
	Err    error
}

func (e *ExpressionError) Error() string { return fmt.Sprintf("%s: %v", e.Option, e.Err) }
func (e *ExpressionError) Unwrap() error { return e.Err }

// margin is how many bytes around the longest match are searched as well, so that \b and $ see what stands there.
const margin = 8

// anchored looks for a match that begins at a place.
func (r *rule) anchored(s *search, at int) int {
	if r.wordStart && withinWord(s.text, at) || !r.mayBegin(s.text[at:]) {
		return at
	}
	end := len(s.text)
	if r.reach != unbounded {
		end = min(end, at+r.reach+margin)
	}
	if m := r.matcher.get().FindStringSubmatchIndex(s.text[at:end]); m != nil {
		r.take(s, at, m)
	}
	return at
}

func (r *rule) mayBegin(text string) bool {
	for _, h := range r.heads {
		if len(text) >= len(h) && h.matches(text) {
			return true
		}
	}
	return false
}

func (h head) matches(text string) bool {
	for i := range h {
		if !h[i].has(text[i]) {
			return false
		}
	}
	return true
}

// around returns a check that looks for matches near a keyword of some length.
func (r *rule) around(keyword int) func(*search, int) int {
	return func(s *search, at int) int {
		from, to := 0, len(s.text)
		if r.reach != unbounded {
			from, to = max(0, at-r.reach-margin), min(to, at+keyword+r.reach+margin)
		}
		if s.done == nil {
			s.done = map[*rule]int{}
		}
		if s.done[r] >= to { // the surroundings of an earlier keyword reached as far
			return at
		}
		for _, m := range r.matcher.get().FindAllStringSubmatchIndex(s.text[from:to], -1) {
			r.take(s, from, m)
		}
		s.done[r] = to
		return at
	}
}

// take adds the secret of a match. m holds the offsets of its groups, counted from the place from.
func (r *rule) take(s *search, from int, m []int) {
	group := r.secretGroup(m)
	start, end := from+m[2*group], from+m[2*group+1]
	secret := s.text[start:end]
	if r.Entropy > 0 && entropy(secret) <= r.Entropy || public(secret) {
		return
	}
	if r.vague && (!digits(secret) && !random(secret) || sample(secret) || s.d.globalAllow.lets(s.text, from+m[0], from+m[1], secret)) {
		return
	}
	if r.allow.lets(s.text, from+m[0], from+m[1], secret) {
		return
	}
	s.add(Finding{Start: start, End: end, Kind: Secret, Rule: r.ID})
}

// secretGroup returns the number of the group that holds the secret of a match: the rule's, or the first that is not empty.
// It is 0, for all of the match, if there is none.
func (r *rule) secretGroup(m []int) int {
	for g := 1; g < len(m)/2; g++ {
		if m[2*g] >= 0 && m[2*g+1] > m[2*g] && (r.Group == 0 || r.Group == g) {
			return g
		}
	}
	return 0
}

// allowlist is what a rule lets stand.
type allowlist []allowance

type allowance struct {
	Allowlist
	regexes []*matcher
}

func newAllowlist(described []Allowlist) (list allowlist, faults []error) {
	for _, a := range described {
		regexes, wrong := compileAll("allowlist", a.Regexes)
		list, faults = append(list, allowance{Allowlist: a, regexes: regexes}), append(faults, wrong...)
	}
	return list, faults
}

// lets reports whether some entry lets a secret stand that was found in the match text[from:to].
func (l allowlist) lets(text string, from, to int, secret string) bool {
	for _, a := range l {
		if a.lets(text, from, to, secret) {
			return true
		}
	}
	return false
}

func (a *allowance) lets(text string, from, to int, secret string) bool {
	target := a.target(text, from, to, secret)
	matched := slices.ContainsFunc(a.regexes, func(m *matcher) bool { return m.get().MatchString(target) })
	stopped := slices.ContainsFunc(a.StopWords, func(stop string) bool { return strings.Contains(lower(secret), lower(stop)) })
	if strings.EqualFold(a.Condition, "AND") {
		return (len(a.regexes) == 0 || matched) && (len(a.StopWords) == 0 || stopped) && len(a.Paths) == 0 && (matched || stopped)
	}
	return matched || stopped
}

// target returns what the expressions look at.
func (a *allowance) target(text string, from, to int, secret string) string {
	switch a.Target {
	case "match":
		return text[from:to]
	case "line":
		start, end := strings.LastIndexByte(text[:from], '\n')+1, len(text)
		if rest := strings.IndexByte(text[to:], '\n'); rest >= 0 {
			end = to + rest
		}
		return text[start:end]
	}
	return secret
}

// entropy returns Shannon's entropy, in bits a byte.
func entropy(text string) float64 {
	var counts [256]int
	for i := range len(text) {
		counts[text[i]]++
	}
	sum := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(text))
			sum -= p * math.Log2(p)
		}
	}
	return sum
}
