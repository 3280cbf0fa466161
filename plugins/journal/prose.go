package journal

import (
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// hole stands for the call while a sentence is matched.
const hole = "\x01"

const recommends = `(?:always |just |first |then |instead,? |please |periodically |immediately |simply )*(?:use|run|call|try|invoke|execute|issue|check|do|send)\s+(?:the |with )?`

// sentencePatterns are the ways in which a sentence says what a call is for; the first group is the purpose.
var sentencePatterns = []*regexp.Regexp{
	regexp.MustCompile(`^` + hole + `\s*(?:[-–—:→]+|=>|->)\s+(.+)$`),
	regexp.MustCompile(`(?i)^to (.+?),\s*` + recommends + hole),
	regexp.MustCompile(`(?i)^(?:if|when|whenever|once) (.+?),\s*` + recommends + hole),
	regexp.MustCompile(`(?i)^` + recommends + hole + `(?: tool| command| call)?\s+to (.+)$`),
	regexp.MustCompile(`(?i)^` + recommends + hole + `(?: tool| command| call)?\s+((?:for|after|before|when|if|whenever) .+)$`),
	regexp.MustCompile(`^` + hole + `\s+to (.+)$`),
	regexp.MustCompile(`^([A-Z][^` + hole + `]+?)\s*(?::|→|[-–—]+)\s+` + hole + `(?:\s*[-–—(].*)?$`),
	regexp.MustCompile(`^([A-Z][^` + hole + `]+?)\s+(?:with|using|via|by calling|by running|through)\s+` + hole + `$`),
}

// narrated opens a sentence that tells what happened instead of what to do.
var narrated = regexp.MustCompile(`^(?i:` + "`" + `|(?:i|we|he|she|it|they|this|that|the|a|an|my|our|\w+ed|got|went|saw|was|had|claude|user)\s)`)

// prose looks for sentences that recommend one call.
func (f *commandFinder) prose(s *section, p piece) {
	text := p.text
	if p.label != "" {
		text = p.rest
		if p.role == 0 {
			text = p.label + ": " + p.rest
		}
	}
	for _, sentence := range sentences(text) {
		codes := codeSpan.FindAllStringSubmatchIndex(sentence, -1)
		var call sdk.Call
		var parsed error
		var at []int
		calls := 0
		for _, one := range codes {
			code := sentence[one[2]:one[3]]
			if !strings.Contains(code, "(") {
				continue
			}
			if c, err := f.tools.parse(code); f.tools.knows(c.Tool) {
				call, parsed, at = c, err, one
				calls++
			}
		}
		if calls != 1 {
			continue
		}
		f.sentence(s, p, sentence[:at[0]]+hole+sentence[at[1]:], call, parsed)
	}
}

func (f *commandFinder) sentence(s *section, p piece, sentence string, call sdk.Call, parsed error) {
	purpose, pattern := purposeOf(unmarked(sentence))
	at := p.span
	switch {
	case purpose == "", f.taken[p.first]:
		return
	case pattern != 2 && failure.MatchString(sentence):
		f.ignore(p.first)
	case parsed != nil:
		f.refuse(at, parsed.Error())
	default:
		f.emit(s, at, purpose, []sdk.Call{call})
	}
}

// purposeOf matches a sentence and says which pattern it fits.
func purposeOf(sentence string) (string, int) {
	sentence = strings.TrimRight(trimSymbols(sentence), ".! ")
	for i, pattern := range sentencePatterns {
		at := pattern.FindStringSubmatch(sentence)
		if at == nil {
			continue
		}
		purpose := strings.ReplaceAll(at[1], hole, "")
		if i >= 6 && (narrated.MatchString(purpose) || roleOf(purpose) != 0 || words(purpose) < 2) {
			continue
		}
		return purpose, i
	}
	return "", 0
}
