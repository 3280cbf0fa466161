package sdk

// CutUnfinished cuts a conversation back to the last message that is trained on, in which the model says or calls something:
// a trainer learns from nothing behind it. It reports whether anything is left.
func (e *Example) CutUnfinished() bool {
	for last := len(e.Messages) - 1; last >= 0; last-- {
		if message := e.Messages[last]; message.acts() && !message.Masked {
			break
		}
		e.Messages = e.Messages[:last]
	}
	return len(e.Messages) > 0
}

// acts reports whether the model says or calls something in the message.
func (m Message) acts() bool {
	return m.Role == Assistant && (len(m.Calls) > 0 || !blank(m.Text))
}
