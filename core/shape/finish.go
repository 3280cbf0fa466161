package shape

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// cutUnfinished cuts a conversation back to the last message that is trained on, in which the model says or calls something:
// a trainer learns from nothing behind it.
func cutUnfinished(messages []sdk.Message) []sdk.Message {
	for len(messages) > 0 && !trainable(messages[len(messages)-1:]) {
		messages = messages[:len(messages)-1]
	}
	return messages
}

// acts reports whether the model says or calls something in a message.
func acts(m sdk.Message) bool {
	return m.Role == sdk.RoleAssistant && (len(m.Calls) > 0 || strings.TrimSpace(m.Text) != "")
}

// trainable reports whether a trainer learns anything from the messages.
func trainable(messages []sdk.Message) bool {
	for _, m := range messages {
		if acts(m) && !m.Masked {
			return true
		}
	}
	return false
}
