package detect

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/stretchr/testify/require"
	"github.com/zricethezav/gitleaks/v8/config"
)

// For every rule, what matches its expression is found wherever in a text it stands: the beginnings that the sweep waits for,
// the windows and the lazily compiled expressions lose nothing.
func TestEveryRuleFindsWhatItsExpressionMatches(t *testing.T) {
	var c configuration
	require.NoError(t, toml.Unmarshal([]byte(config.DefaultConfig), &c))
	require.Greater(t, len(c.Rules), 200)
	d := newDetector(t, Options{})
	filler := strings.Repeat("The quick brown fox = jumps: over \"the\" lazy dog, 42 times.\n", 40)
	lot := rand.New(rand.NewPCG(1, 2))
	for _, r := range append(c.Rules, ownRules...) {
		if replacedRules[r.ID] || r.Regex == "" {
			continue
		}
		tree, err := syntax.Parse(r.Regex, syntax.Perl)
		require.NoError(t, err)
		regex := regexp.MustCompile(r.Regex)
		tried, lost := 0, ""
		for range 200 {
			var b strings.Builder
			generate(&b, tree, lot)
			at := lot.IntN(len(filler))
			keyword := ""
			if len(r.Keywords) > 0 && !strings.Contains(strings.ToLower(b.String()), strings.ToLower(r.Keywords[0])) {
				keyword = r.Keywords[0] + "\n"
			}
			text := filler[:at] + "\n" + keyword + b.String() + "\n" + filler[at:]
			m := regex.FindStringSubmatch(b.String() + "\n")
			if m == nil || isNoSecret(d, r, m) {
				continue
			}
			tried++
			if !covered(d.Find(text), at, at+len(b.String())+len(keyword)+2) {
				lost = b.String()
			}
			if tried == 10 {
				break
			}
		}
		require.Positive(t, tried, "no text for rule %s", r.ID)
		require.Empty(t, lost, "rule %s", r.ID)
	}
}

// An expression as it was written, less a leading \b, says the same as its tree.
func TestSourceOfAShape(t *testing.T) {
	var c configuration
	require.NoError(t, toml.Unmarshal([]byte(config.DefaultConfig), &c))
	others := []Rule{{Regex: `(?i)\bab|\bac`}, {Regex: `\bab|ac`}, {Regex: `\b\bab`}, {Regex: `x?\bab`}, {Regex: `\b(?:a?b)`}, {Regex: `\ba?b`}, {Regex: `\b{2}ab`}}
	written := 0
	for _, r := range slices.Concat(c.Rules, ownRules, others) {
		s, err := shapeOf(withLooseEnd(r))
		require.NoError(t, err)
		if s.source == "" {
			continue
		}
		written++
		tree, err := syntax.Parse(s.source, syntax.Perl)
		require.NoError(t, err)
		require.Equal(t, s.tree.String(), tree.String(), r.Regex)
	}
	require.Greater(t, written, 200)
}

// isNoSecret reports whether a match is rightly no secret: what it holds has too little variety, or is allowed or public.
func isNoSecret(d *Detector, r Rule, m []string) bool {
	value := m[0]
	for g, group := range m {
		if g > 0 && group != "" && (r.Group == 0 || r.Group == g) {
			value = group
			break
		}
	}
	allow, _ := newAllowlist(r.Allowlists)
	if r.Entropy > 0 && entropy(value) <= r.Entropy || public(value) || allow.lets(value, 0, len(value), value) {
		return true
	}
	s, _ := shapeOf(r.Regex)
	list, _ := s.starts(r.Keywords)
	vague := s.vague || slices.ContainsFunc(list, head.short)
	return vague && (!digits(value) && !random(value) || sample(value) || d.globalAllow.lets(value, 0, len(value), value))
}

func covered(found []Finding, from, to int) bool {
	for _, f := range found {
		if f.Start < to && f.End > from {
			return true
		}
	}
	return false
}

// generate writes a text that an expression matches.
func generate(b *strings.Builder, t *syntax.Regexp, lot *rand.Rand) {
	switch t.Op {
	case syntax.OpLiteral:
		b.WriteString(string(t.Rune))
	case syntax.OpCharClass:
		var letters []rune
		for i := 0; i < len(t.Rune); i += 2 {
			for c := t.Rune[i]; c <= t.Rune[i+1] && c < 0x7f; c++ {
				if c >= ' ' {
					letters = append(letters, c)
				}
			}
		}
		if len(letters) > 0 {
			b.WriteRune(letters[lot.IntN(len(letters))])
		} else {
			b.WriteByte('\n')
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte(byte('a' + lot.IntN(26)))
	case syntax.OpCapture:
		generate(b, t.Sub[0], lot)
	case syntax.OpConcat:
		for _, sub := range t.Sub {
			generate(b, sub, lot)
		}
	case syntax.OpAlternate:
		generate(b, t.Sub[lot.IntN(len(t.Sub))], lot)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := t.Min, t.Max
		switch t.Op {
		case syntax.OpStar:
			least, most = 0, 8
		case syntax.OpPlus:
			least, most = 1, 12
		case syntax.OpQuest:
			least, most = 0, 1
		}
		if most < 0 || most > least+8 {
			most = least + 8
		}
		for range least + lot.IntN(most-least+1) {
			generate(b, t.Sub[0], lot)
		}
	}
}
