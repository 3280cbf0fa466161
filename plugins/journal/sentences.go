package journal

import (
	"slices"
	"strings"
)

// Sentences have roles too: people who write without labels still say "it turned out that" and "the fix was". In a chapter
// about lessons or problems, a hint is enough; elsewhere only a sentence that names its role counts.
var (
	namesCause = begins(
		`(?:and |but )?(?:it|this|that|in the end it) (?:turned out|turns out|(?:only )?happen(?:s|ed) because|came from)`,
		`(?:it|this|that) was (?:caused by|due to|because)`,
		`(?:and |but )?(?:the|its) (?:real |actual |root |underlying )*(?:cause|reason|culprit) (?:was|is|were)\b`,
		`turn(?:s|ed) out`, `caused by`,
	)
	namesFix = begins(
		`(?:and |so )?(?:the|our|my) (?:real |actual |proper |quick |final )?(?:fix|solution|remedy|workaround|cure|answer) (?:was|is|were)\b`,
		`(?:and |so )?(?:i|we) (?:fixed|solved|resolved|worked around) (?:it|this|that|them)\b`,
		`(?:fixed|solved|resolved) (?:it |this )?by\b`, `what (?:helped|fixed it|worked) (?:was|is)\b`,
	)
	hintsCause = newForm(`(?i)\bbecause\b|\bdue to\b|\bcaused by\b|,\s+(?:since|as (?:it|they|the))\s`)
	hintsFix   = begins(
		`now,? (?:the|we|i|it|they|every|all|there)\b`, `from now on\b`, `instead,`, `so (?:now|we now|i now)\b`,
		`\S+(?: \S+)? (?:is|are|now) now\b`, `(?:we|i|they|it|the \w+) now\b`,
		`(?:i|we) (?:\w+ly )?\w+(?:ed|ept|ut|ent|ote|ook|ade)\b`,
		`(?:added|bumped|cached|changed|configured|deleted|disabled|downgraded|dropped|enabled|extracted|fixed|increased|introduced|`+
			`limited|lowered|made|merged|moved|pinned|put|raised|reduced|removed|renamed|replaced|reverted|rewrote|rolled back|set|split|`+
			`swapped|switched|updated|upgraded|wrapped|wrote)\s`, `.* now\W*$`,
	)
	// noFix matches the beginning of what hintsFix would take for something done about a problem.
	noFix = begins(`(?:i|we) (?:\w+ly )?(?:assumed|believed|copied|debugged|expected|failed|forgot|guessed|happened|hoped|ignored|` +
		`learned|looked|missed|need|needed|noticed|observed|restarted|seemed|spent|tried|turned|used to|waited|wanted|wasted)\b`)
	whyFirst = newForm(`(?i)^\W*why\b`)
	whyPast  = newForm(`(?i)^\W*why (?:did|was|were|had)`) // about what happened, not about how a thing is made
	asks     = newForm(`(?i)\bwh(?:y|at)\b`)
	question = newForm(`\?\s*\W*$`)
)

func asksWhy(text string) bool { return question().MatchString(text) && whyFirst().MatchString(text) }

// imperatives are words that open a sentence that says what to do.
var imperatives = set(`add alert always assert back batch bind build cache call catch change check choose clear clip close come commit
	compare configure confirm convert copy create debounce declare define delete deploy disable document drop enable
	enforce ensure escape exclude export fail fetch filter flush follow force freeze get give go guard handle hash
	hold ignore increase initialise initialize inject insert install invalidate isolate keep kill know leave let
	limit load lock log look lower make mark measure merge mock monitor mount move normalise normalize open override
	parse pass pause pay pick pin poll prefer press prevent profile publish pull push put query quote raise read
	rebuild record reduce register reload remember remove rename replace require reset restart restore retry return
	reuse revert review rotate round run save scan schedule send separate serialise serialize set shut skip sort
	split start stop store strip switch take tell test throw treat trim tune turn unlock update upgrade use validate
	verify wait walk warm withdraw wrap write`)

var finite = set("is was were are has had did does can could would will goes came went keeps")

// advises reports whether a sentence tells the reader to do something.
func advises(sentence string) bool {
	list := strings.Fields(strings.ToLower(trimSymbols(unmarked(sentence))))
	return len(list) > 1 && imperatives[strings.Trim(list[0], ",")] && !finite[list[1]] && !question().MatchString(sentence)
}

// instructs reports whether a heading tells the reader what to do or not to do. Many imperatives are also nouns, so a heading
// with a colon or a finite verb does not tell the reader what to do.
func instructs(heading string) bool {
	isFinite := func(word string) bool { return finite[word] }
	return forbids(heading) || advises(heading) && !strings.Contains(heading, ": ") &&
		!slices.ContainsFunc(strings.Fields(strings.ToLower(heading)), isFinite)
}

// roleOfSentence returns the part of a story that a sentence tells; named reports whether the sentence says so explicitly.
func roleOfSentence(sentence string) (r role, named bool) {
	switch {
	case namesFix().MatchString(sentence):
		return solution, true
	case namesCause().MatchString(sentence):
		return cause, true
	case hintsCause().MatchString(sentence):
		return cause, false
	case advises(sentence), hintsFix().MatchString(sentence) && !noFix().MatchString(sentence):
		return solution, false
	}
	return 0, false
}
