package journal

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// commands finds commands with what they are for: in tables of commands, in walkthroughs of command, why and result, in code
// whose comments say what its calls do, and in sentences that recommend a call. What the journal says failed, and what stands
// among problems, attempts and bad code, is no good example.
func commands(d *document, tools toolbox, u codeLines) []finding {
	f := &commandFinder{finder: finder{document: d}, tools: tools, used: u, walked: map[int]bool{}}
	for _, s := range d.root.all() {
		tables(s.blocks, func(t block) { f.table(s, t) })
		if s.within(antipattern|bad|unproven) && !s.within(good|solution) || s.within(problem|impact) && s.title.role&(solution|command) == 0 {
			continue
		}
		f.heading(s)
		f.walkthrough(s, sectionParts(s))
		f.scope(s, s.blocks)
	}
	return f.found
}

type commandFinder struct {
	finder
	tools  toolbox
	used   codeLines
	walked map[int]bool // lines whose calls a walkthrough has taken
}

// scope looks at blocks that stand together, and at the items of their lists.
func (f *commandFinder) scope(s *section, blocks []block) {
	all := pieces(blocks)
	f.walkthrough(s, parts(all, 0))
	around := role(0)
	for i, p := range all {
		if p.label != "" {
			around = p.role
		}
		if i > 0 && all[i-1].label == "" && all[i-1].block.kind != paragraph && around&(impact|result) != 0 {
			around = 0
		}
		if around&(problem|cause|impact|bad|unproven) != 0 && around&(solution|purpose|command) == 0 {
			continue
		}
		switch {
		case p.block.kind == fence && p.label == "" && !f.used.has(p.block.first):
			f.fence(s, p.block, lead(s, all[:i]), failsAfter(all[i+1:]))
		case p.block.kind == list && p.label == "":
			for _, it := range p.block.items {
				f.scope(s, it.blocks)
			}
		case p.block.kind == paragraph:
			f.prose(s, p, failsAfter(all[i+1:]))
		case p.block.kind == quote:
			f.scope(s, p.block.blocks)
		}
	}
}

// failure matches words by which a journal says that something did not work.
var failure = newForm(`(?i)\b(?:fail(?:s|ed|ing|ure)?|broken|(?:did|does|do|could|would|was|is)(?: not|n['’]t)|cannot|can['’]t|` +
	`won['’]t|no effect|no change|nothing happen(?:s|ed)|timed out|times out|wrong|crash(?:es|ed)?|unsuccessful|still no|attempt(?:ed)?|` +
	`tried|errors? out|stuck|deprecated|not work(?:ing)?|never|useless|no [\w" ]+ found)\b|❌|✗|✘`)

// failsAfter reports whether the result that follows says that the call failed.
func failsAfter(later []piece) bool {
	return len(later) > 0 && (later[0].role&(result|impact) != 0 && failure().MatchString(later[0].rest) ||
		strings.HasPrefix(strings.TrimSpace(later[0].text), "❌"))
}

var codeSpan = newForm("`+([^`]+)`+")

func inlineCodes(text string) []string {
	var codes []string
	for _, at := range codeSpan().FindAllStringSubmatch(text, -1) {
		codes = append(codes, strings.TrimSpace(at[1]))
	}
	return codes
}

// one emits the first of several codes that is a call, or rejects them with the reason why none is.
func (f *commandFinder) one(s *section, at span, codes []string, intent string) {
	var reason error
	for _, code := range codes {
		call, err := f.tools.parse(code)
		if err == nil && !f.tools.knows(call.Tool) && !snakeCase().MatchString(call.Tool) {
			err = errUnknown
		}
		if err == nil {
			f.emit(s, at, intent, []sdk.Call{call})
			return
		}
		reason = cmp.Or(reason, err)
	}
	f.reject(at, fmt.Sprintf("%q: %v", codes[0], reason))
}

// emit makes an example of an intent and the calls that serve it.
func (f *commandFinder) emit(s *section, at span, intent string, calls []sdk.Call) {
	intent = f.intent(s, intent)
	if intent == "" {
		f.reject(at, "the purpose of the call is not stated")
		return
	}
	for i := range calls {
		calls[i].ID = fmt.Sprintf("call_%d", i+1)
	}
	f.keep(s, at, sdk.Example{Messages: []sdk.Message{
		{Role: sdk.RoleUser, Text: intent},
		{Role: sdk.RoleAssistant, Calls: calls},
	}})
}

func (f *commandFinder) ignore(line int) {
	f.found = append(f.found, finding{span: span{line, line}, ignored: "call that failed"})
}
