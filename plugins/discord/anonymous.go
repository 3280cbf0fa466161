package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ftprep/ftprep/sdk"
)

// mention is Discord's markup for a user.
var mention = regexp.MustCompile(`<@!?\d+>`)

// anonymize removes the user who made the request, and mentions of any user, from an example's texts.
func anonymize(e *sdk.Example, request record) {
	clean := func(s string) string {
		s = mention.ReplaceAllString(s, "@user")
		for _, name := range []text{request.DisplayName, request.Username} {
			if len(name) > 2 { // shorter ones are found everywhere
				s = replaceWord(s, string(name), "user")
			}
		}
		if len(request.UserID) > 5 { // short numbers are amounts; a number has to stay one, for the sake of JSON
			s = replaceWord(s, string(request.UserID), "0")
		}
		return s
	}
	e.System, e.Context, e.GameState = clean(e.System), clean(e.Context), []byte(clean(string(e.GameState)))
	for i := range e.Messages {
		message := &e.Messages[i]
		message.Text = clean(message.Text)
		for j := range message.Calls {
			message.Calls[j].Arguments = []byte(clean(string(message.Calls[j].Arguments)))
		}
	}
	for i := range e.Signals {
		e.Signals[i].Evidence = clean(e.Signals[i].Evidence)
	}
	if e.Negative != nil {
		e.Negative.Pattern, e.Negative.Reason = clean(e.Negative.Pattern), clean(e.Negative.Reason)
	}
}

// replaceWord replaces a word wherever it stands alone, in upper or lower case, except as the name of a JSON member.
func replaceWord(s, word, by string) string {
	var b strings.Builder
	written := 0
	for _, at := range regexp.MustCompile(`(?i)`+regexp.QuoteMeta(word)).FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after, _ := utf8.DecodeRuneInString(s[at[1]:])
		if wordRune(before) || wordRune(after) || strings.HasPrefix(s[at[1]:], `":`) {
			continue
		}
		b.WriteString(s[written:at[0]] + by)
		written = at[1]
	}
	return b.String() + s[written:]
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
