package sdk

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Check returns an error if the example is not valid, so that it cannot be sent. A source's [Emitter] calls it.
func (e *Example) Check() error {
	switch {
	case len(e.Messages) == 0 && !e.Detailed():
		return errors.New("the example has neither messages nor a chain, a correction or an anti-pattern")
	case len(e.Messages) > 0 && e.Detailed():
		return errors.New("the example has messages and also a chain, a correction or an anti-pattern: emit two examples")
	case len(e.GameState) > 0 && !isJSON(e.GameState):
		return errors.New("the game state is not valid JSON")
	}
	if began := e.Provenance.Time.UTC(); began.Year() < 0 || began.Year() > 9999 {
		return fmt.Errorf("the time %s has a year that RFC 3339 cannot write; perhaps milliseconds were taken for seconds", began.Format(time.RFC3339))
	}
	if err := errors.Join(checkSplit(e.Split), e.checkScores()); err != nil {
		return err
	}
	return e.checkMessages()
}

// checkSplit returns an error unless a split's name can be part of a file's name on every system and be told from the
// rest of it.
func checkSplit(name string) error {
	other := func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	if len(name) > mostSplitBytes || strings.ContainsFunc(name, other) {
		return fmt.Errorf("the split %.80q is not a name of lower-case letters, digits and _ with at most %d characters", name, mostSplitBytes)
	}
	return nil
}

// mostSplitBytes is how long the name of a split may be, in bytes.
const mostSplitBytes = 32

func (e *Example) checkScores() error {
	if q := e.Quality; q != nil && (math.IsNaN(*q) || outOfRange(*q)) {
		return fmt.Errorf("the quality %v is not between 0 and 1", *q)
	}
	for _, signal := range e.Signals {
		if outOfRange(signal.Score) {
			return fmt.Errorf("the score %v of the signal %q is not between 0 and 1", signal.Score, signal.Name)
		}
	}
	return nil
}

// outOfRange reports whether a score is not between 0 and 1. It is false for NaN: a signal need not have a score.
func outOfRange(score float64) bool { return score < 0 || score > 1 }

// checkMessages checks the messages in order, for a result must come after its call.
func (e *Example) checkMessages() error {
	called := map[string]bool{}
	for i := range e.Messages {
		message := &e.Messages[i]
		switch message.Role {
		case RoleSystem, RoleUser, RoleAssistant:
		case RoleTool:
			if !called[message.CallID] {
				return fmt.Errorf("a result answers the call %q, but no call before it has that id", message.CallID)
			}
		default:
			return fmt.Errorf("a message has the role %q, which is not system, user, assistant or tool", message.Role)
		}
		if err := message.checkRejected(); err != nil {
			return err
		}
		for _, call := range message.Calls {
			if err := call.check(); err != nil {
				return err
			}
			if called[call.ID] {
				return fmt.Errorf("two calls have the id %q", call.ID)
			}
			called[call.ID] = true
		}
	}
	return nil
}

// checkRejected checks the answer that the message is a correction of.
func (m *Message) checkRejected() error {
	switch a := m.Rejected; {
	case a == nil:
		return nil
	case m.Role != RoleAssistant:
		return fmt.Errorf("a message with the role %q has a rejected answer; only messages of the assistant can have one", m.Role)
	case len(a.Calls) == 0 && strings.TrimSpace(a.Text) == "":
		return errors.New("a rejected answer has neither text nor calls")
	}
	for _, call := range m.Rejected.Calls {
		if err := call.check(); err != nil {
			return fmt.Errorf("a rejected answer: %w", err)
		}
	}
	return nil
}

func (c Call) check() error {
	switch {
	case c.Tool == "":
		return fmt.Errorf("the call %q names no tool", c.ID)
	case c.ID == "":
		return fmt.Errorf("a call of %q has no id", c.Tool)
	case !bytes.HasPrefix(bytes.TrimSpace(c.Arguments), []byte("{")) || !isJSON(c.Arguments):
		return fmt.Errorf("the arguments of a call of %q are not a JSON object", c.Tool)
	}
	return nil
}

// isJSON reports what json.Valid reports, in half the time.
func isJSON(text []byte) bool {
	return jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}
