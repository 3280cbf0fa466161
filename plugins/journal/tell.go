package journal

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// tell adds a story as a chain, or rejects it with the reason why it is none.
func (f *chainFinder) tell(s *section, one story, whole bool) {
	chain, title := one.chain(), f.title(s)
	if instructs(title) {
		if whole && len(s.sections) == 0 && chain.Solution == "" && one.has(problem) {
			chain.Solution = title
		}
		title = "" // no part of the problem, and the context has it
	}
	told := chain.RootCause != "" && chain.Solution != "" && words(title) > 2
	if chain.Problem == "" && (told || s.unsigned.role&problem != 0 || f.troubles(s) && words(title) > 1) {
		chain.Problem, title = title, ""
	}
	if why := objection(s, chain); why != "" {
		f.reject(one.span, why)
		return
	}
	if whole && title != "" && !strings.HasPrefix(strings.ToLower(chain.Problem), strings.ToLower(title)) {
		chain.Problem = title + "\n\n" + chain.Problem
	}
	f.keep(s, one.span, sdk.Example{Chain: &chain})
}

// chain makes a chain of the parts of a story. If the problem asks why, the answer is the cause, and what the answer advises
// is the solution.
func (s story) chain() sdk.ReasoningChain {
	chain := sdk.ReasoningChain{
		Problem:   known(joined("\n\n", s.get(problem), s.get(impact))),
		RootCause: known(s.get(cause)),
		Reasoning: known(s.get(insight)),
		Solution:  known(s.get(solution)),
	}
	if begun := len(s.parts) > 0 && s.parts[0].role&impact != 0; !s.has(problem) && (len(s.lead) > 0 || !begun) {
		chain.Problem = known(gather(s.lead)) // an effect told later may be the fix's
	}
	if asksWhy(chain.Problem) && chain.RootCause == "" {
		answer, _ := unlabelled("", []block{{span: s.span, kind: paragraph, text: chain.Solution}}, cause)
		if answer.has(cause) {
			chain.RootCause, chain.Solution = answer.get(cause), answer.get(solution)
		}
	}
	return chain
}

// objection returns the reason why a chain is no example; it is empty for one that is.
func objection(s *section, chain sdk.ReasoningChain) string {
	switch {
	case s.within(unproven) && !s.within(solution):
		return "it was only planned, considered or tried"
	case onlyAsks(chain.Problem):
		return "the problem is only a question"
	case chain.Problem == "":
		return "a cause or a fix without a problem"
	case chain.RootCause == "" && chain.Solution == "":
		return "a problem without a cause or a fix"
	}
	return ""
}

// onlyAsks reports whether a text is nothing but one question, which asks neither why nor what.
func onlyAsks(text string) bool {
	return question().MatchString(text) && !asks().MatchString(text) && len(sentences(text)) == 1 && !strings.Contains(text, "```")
}

// title returns a section's heading without words that only name a part of a story or a day.
func (f *chainFinder) title(s *section) string {
	if s.depth <= 1 {
		return ""
	}
	title := strings.TrimLeft(trimSymbols(unnumbered(headingDate().ReplaceAllString(s.heading, ""))), "-–—:, ")
	if s.unsigned.role != 0 {
		title = s.unsigned.rest
	}
	if words(calendar().ReplaceAllString(title, "")) == 0 {
		return ""
	}
	return title
}

// calendar matches the words of a heading that only says when something was written.
var calendar = newForm(`(?i)\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|febr)uary|march|april|may|june|july|august|` +
	`(?:septem|octo|novem|decem)ber|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)|` +
	`day|week|sprint|session|part|entry|evening|morning|afternoon|night|am|pm|th|st|nd|rd)\b`)

// known returns a text, or nothing if it only says that nothing is known or stands for text to come.
func known(text string) string {
	switch normal(text) {
	case "", "none", "n a", "na", "tbd", "todo", "unknown", "not yet", "none yet", "pending", "open", "wip", "fixme",
		"to be determined", "see above", "see below", "same", "same as above", "ditto":
		return ""
	}
	if standsForText().MatchString(text) {
		return ""
	}
	return strings.TrimSpace(text)
}
