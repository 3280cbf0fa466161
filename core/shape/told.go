package shape

import (
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// told writes a chain or a correction as a question and its answer. It returns nil if that would teach nothing or the wrong
// thing: for an anti-pattern, whose words a model could only imitate; for a chain without a problem, or with neither cause
// nor solution; for a correction that lacks the bad or the good code.
func told(e *sdk.Example) []sdk.Message {
	switch {
	case e.Chain != nil:
		return toldChain(e.Chain, e.Context)
	case e.Correction != nil:
		return toldCorrection(e.Correction, e.Context)
	}
	return nil
}

// untold is why an example is refused that [told] cannot write as a conversation.
const untold = "it cannot be told as a conversation: a chain needs a cause or a fix, a correction both versions"

func toldChain(c *sdk.ReasoningChain, context string) []sdk.Message {
	if blank(c.Problem) || blank(c.RootCause) && blank(c.Solution) {
		return nil
	}
	return []sdk.Message{
		{Role: sdk.RoleUser, Text: paragraphs(titled("Problem", c.Problem), titled("Context", context))},
		{Role: sdk.RoleAssistant, Text: paragraphs(titled("Root cause", c.RootCause), c.Reasoning, titled("Fix", c.Solution))},
	}
}

func toldCorrection(c *sdk.CodeCorrection, context string) []sdk.Message {
	if blank(c.BadCode) || blank(c.GoodCode) {
		return nil
	}
	return []sdk.Message{
		{Role: sdk.RoleUser, Text: paragraphs("What is wrong with this code, and how is it done right?", fenced(c.Language, c.BadCode), titled("Context", context))},
		{Role: sdk.RoleAssistant, Text: paragraphs(c.BadReason, c.GoodReason, "The right way:\n\n"+fenced(c.Language, c.GoodCode))},
	}
}

// answers returns the good and the bad version as answers that a model could give; one without code is empty. Neither says
// why it is good or bad: no model would say so of its bad code, and if only the good answer did, training would reward the
// explanation instead of the code.
func answers(c *sdk.CodeCorrection) (good, bad string) {
	if !blank(c.GoodCode) {
		good = fenced(c.Language, c.GoodCode)
	}
	if !blank(c.BadCode) {
		bad = fenced(c.Language, c.BadCode)
	}
	return good, bad
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// block matches text that begins with something other than prose: a code fence, a list, a heading, a quotation, a table.
var block = regexp.MustCompile("^(```|~~~|[-*+] |[0-9]+[.)] |[#>|])")

// titled puts a title before a text, on a line of its own if the text does not begin with prose.
func titled(title, text string) string {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return ""
	case block.MatchString(text):
		return title + ":\n\n" + text
	}
	return title + ": " + text
}

// fenced puts code between fences longer than any in it.
func fenced(language, code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.Trim(code, "\n") + "\n" + fence
}

// paragraphs joins the texts that are not blank, with an empty line between them.
func paragraphs(texts ...string) string {
	var filled []string
	for _, text := range texts {
		if !blank(text) {
			filled = append(filled, strings.TrimSpace(text))
		}
	}
	return strings.Join(filled, "\n\n")
}
