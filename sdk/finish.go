package sdk

// CutUnfinished cuts a conversation back to the last message in which the model says or calls something, for a trainer
// learns from nothing behind it. It reports whether anything is left to train on.
func (e *Example) CutUnfinished() bool {
	for len(e.Messages) > 0 && !e.Messages[len(e.Messages)-1].acts() {
		e.Messages = e.Messages[:len(e.Messages)-1]
	}
	for _, message := range e.Messages {
		if message.acts() && !message.Masked {
			return true
		}
	}
	return false
}

// acts reports whether the model says or calls something in the message.
func (m Message) acts() bool {
	return m.Role == Assistant && (len(m.Calls) > 0 || !blank(m.Text))
}
