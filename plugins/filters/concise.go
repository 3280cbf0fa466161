package filters

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// How many words the model may say without being long-winded.
const (
	wordsPerTurn = 150
	wordsPerCall = 30
)

// concise measures how much the model talks for what it does.
func concise(e *sdk.Example) (sdk.Signal, bool) {
	said, spoke := 0, false
	for _, message := range e.Messages {
		if message.Role == sdk.RoleAssistant && !message.Masked {
			said, spoke = said+len(strings.Fields(message.Text)), true
		}
	}
	calls := len(trained(e))
	allowed := wordsPerTurn + wordsPerCall*calls
	evidence := number(said, "word") + ", " + number(calls, "call")
	return sdk.Signal{Name: "concise", Score: share(allowed, max(said, allowed)), Evidence: evidence}, spoke
}
