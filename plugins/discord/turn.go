package discord

import (
	"cmp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// A turn is a request with its other records, in the order of the log.
type turn struct {
	request record
	records []*record
	broken  bool // a call of it could not be read
}

// size returns how many records the turn is made of.
func (t *turn) size() int { return 1 + len(t.records) }

// worthless returns the reason why nothing can be learnt from the turn; it is empty if something can.
func (t *turn) worthless() string {
	switch {
	case strings.TrimSpace(string(t.request.Message)) == "":
		return "request without words"
	case t.broken:
		return "request with an unreadable call"
	case len(t.messages()) == 1:
		return "request without an answer"
	}
	return ""
}

func (t *turn) example(negatives bool) *sdk.Example {
	r := t.request
	e := &sdk.Example{
		Source:     "discord",
		TaskType:   string(r.TaskType),
		System:     string(r.System),
		Messages:   t.messages(),
		Signals:    t.signals(),
		Provenance: t.provenance(),
	}
	if len(r.GameState) > 0 && string(r.GameState) != "null" {
		e.GameState = r.GameState
	}
	if r.Timestamp != "" { // the id alone is unique within a day only
		e.Identity = sdk.Identity{Opening: string(r.RequestID + "@" + r.Timestamp)}
	}
	if e.Messages[len(e.Messages)-1].Role == sdk.RoleTool {
		e.Labels = []string{sdk.LabelUnfinished}
	}
	if negatives {
		t.negate(e)
	}
	anonymize(e, r)
	return e
}

func (t *turn) provenance() sdk.Provenance {
	p := sdk.Provenance{
		FirstLine: t.request.line,
		LastLine:  t.request.line,
		RecordIDs: []string{string(t.request.RequestID)},
		Time:      t.request.time(),
		Model:     string(t.request.Model),
		Records:   t.size(),
	}
	for _, r := range t.records {
		p.LastLine = r.line
		p.Model = cmp.Or(string(r.Model), p.Model)
	}
	return p
}

// messages returns what was said and done, in order.
func (t *turn) messages() []sdk.Message {
	c := conversation{id: string(t.request.RequestID)}
	c.messages = []sdk.Message{{Role: sdk.RoleUser, Text: strings.TrimSpace(string(t.request.Message))}}
	for _, r := range t.records {
		switch r.Type {
		case "response":
			c.say(strings.TrimSpace(string(r.Response)))
		case "tool_call":
			c.call(r)
		}
	}
	return c.messages
}
