package journal

import (
	"cmp"
	"errors"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// A snippet is a group of calls in a fence with the comment above them.
type snippet struct {
	span
	comment  string
	calls    []sdk.Call
	remarks  []string // the comment at the end of each call's line
	lines    []int
	rejected error
}

var (
	callLanguages = set("python py python3 javascript js typescript ts mcp tool tools call calls")
	controlFlow   = newForm(`^(?:if|elif|else|for|while|def|class|with|try|except|finally|async|return|assert|raise)\b`)
	// outcome matches the beginning of a comment that tells what a call returned instead of what it is for.
	outcome = newForm(`(?i)^(?:returns?|shows?|outputs?|prints?|now works|works|response|result|->|=>|→|=|now i|i |same|status|` +
		`example|e\.g|should|will|wait|note|todo|ratio|\W*$|\.\.\.|[\w]+=)`)
	alternative = newForm(`(?i)^(?:or\b|alternatively|alternative|option [b-z2-9]\b)`)
)

// fence reads code whose comments say what its calls are for. above is what the text before the fence says.
func (f *commandFinder) fence(s *section, b block, above string, failedAfter bool) {
	if f.json(s, b, above, failedAfter) || b.lang != "" && !callLanguages[b.lang] || len(sides(b)) > 0 {
		return
	}
	if f.tools.declared == nil && b.lang == "" && !s.within(command) {
		return
	}
	previous := ""
	for i, one := range merged(f.snippets(b)) {
		if f.walked[one.first] || len(one.calls) == 0 && one.rejected == nil {
			continue
		}
		if alternative().MatchString(one.comment) {
			one.comment = previous
		} else {
			previous = one.comment
		}
		switch {
		case failedAfter, failure().MatchString(one.comment), failure().MatchString(strings.Join(one.remarks, "\n")),
			failure().MatchString(above) && one.comment == "":
			f.ignore(one.first)
		case one.rejected != nil:
			f.reject(one.span, one.rejected.Error())
		case i > 0:
			f.snippet(s, one, "")
		default:
			f.snippet(s, one, above)
		}
	}
}

// json takes a fence that holds calls as JSON.
func (f *commandFinder) json(s *section, b block, above string, failed bool) bool {
	calls, err := f.tools.jsonCalls(b.code)
	unclear := errors.Is(err, errAmbiguous)
	known := err == nil || unclear
	for _, call := range calls {
		known = known && f.tools.knows(call.Tool)
	}
	switch {
	case !known:
		return false
	case failed:
		f.ignore(b.first)
	case unclear:
		f.reject(b.span, err.Error())
	default:
		f.emit(s, b.span, above, calls)
	}
	return true
}

// merged makes one snippet of a fence without comments, because what the text above says is about all of it.
func merged(all []snippet) []snippet {
	var one snippet
	for _, next := range all {
		switch {
		case next.comment != "":
			return all
		case next.first == 0:
			continue
		case one.first == 0:
			one = next
		default:
			one.last = next.last
			one.calls = append(one.calls, next.calls...)
			one.remarks = append(one.remarks, next.remarks...)
			one.lines = append(one.lines, next.lines...)
			one.rejected = cmp.Or(one.rejected, next.rejected)
		}
	}
	return []snippet{one}
}

// snippet emits a group of calls under its comment. Without one, it emits each call under the comment at the end of its line,
// and the others under what the text above the fence says.
func (f *commandFinder) snippet(s *section, one snippet, above string) {
	if intent := aim(one.comment); intent != "" {
		f.emit(s, one.span, intent, one.calls)
		return
	}
	var left []sdk.Call
	for i, call := range one.calls {
		at := span{one.lines[i], one.lines[i]}
		if intent := aim(one.remarks[i]); words(intent) > 1 && len(one.calls) > 1 || intent != "" && above == "" {
			f.emit(s, at, intent, []sdk.Call{call})
			continue
		}
		left = append(left, call)
	}
	if len(left) > 0 {
		f.emit(s, one.span, above, left)
	}
}

// aim returns a comment that says what a call is for; it is empty for one that tells what came of it.
func aim(comment string) string {
	comment = trimSymbols(comment)
	if outcome().MatchString(comment) {
		return ""
	}
	return comment
}

// snippets groups a fence's statements. Calls that depend on a condition or stand in a definition are left out.
func (f *commandFinder) snippets(b block) []snippet {
	var all []snippet
	var current snippet
	finish := func() {
		all = append(all, current)
		current = snippet{}
	}
	for _, st := range statements(b) {
		text := strings.TrimSpace(st.text)
		comment := commentLine().FindStringSubmatch(st.text)
		switch {
		case text == "":
			finish()
		case comment != nil && strings.HasPrefix(text, "#") || comment != nil && strings.HasPrefix(text, "//"):
			if len(current.calls) > 0 && !outcome().MatchString(comment[1]) {
				finish()
			}
			if current.comment == "" && len(current.calls) == 0 {
				current.comment = comment[1]
			}
		case st.text != strings.TrimLeft(st.text, " \t") || controlFlow().MatchString(text):
		default:
			f.statement(&current, st)
		}
	}
	finish()
	return all
}

// statement adds a statement to a snippet if it is a call.
func (f *commandFinder) statement(current *snippet, st located) {
	code, remark := cutRemark(st.text)
	call, err := f.tools.parse(code)
	if !f.tools.knows(call.Tool) {
		return
	}
	current.first = cmp.Or(current.first, st.first)
	current.last = st.last
	if err != nil {
		current.rejected = err
		return
	}
	current.calls = append(current.calls, call)
	current.remarks = append(current.remarks, remark)
	current.lines = append(current.lines, st.first)
}
