package sdk

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCheck makes a valid example invalid in many ways.
func TestCheck(t *testing.T) {
	whole := func() *Example {
		quality := 1.0
		return &Example{
			Quality: &quality, Signals: []Signal{{Name: "loops", Score: 0}, {Name: "unscored", Score: math.NaN()}}, GameState: json.RawMessage(`[]`),
			Messages: []Message{
				{Role: RoleSystem, Text: "a bot"}, {Role: RoleUser, Text: "go"},
				{
					Role:     RoleAssistant,
					Calls:    []Call{{ID: "1", Tool: "walk", Arguments: json.RawMessage(`{}`)}, {ID: "2", Tool: "look", Arguments: json.RawMessage(`{}`)}},
					Rejected: &Answer{Calls: []Call{{ID: "1", Tool: "run", Arguments: json.RawMessage(`{}`)}}},
				},
				{Role: RoleTool, CallID: "2", Text: "a wall"}, {Role: RoleTool, CallID: "1", Text: "done"},
			},
		}
	}
	require.NoError(t, whole().Check())
	detail := "the example has messages and also a chain, a correction or an anti-pattern: emit two examples"
	for name, c := range map[string]struct {
		change func(*Example)
		want   string
	}{
		"nothing":              {func(e *Example) { e.Messages = nil }, "the example has neither messages nor a chain, a correction or an anti-pattern"},
		"chain":                {func(e *Example) { e.Chain = &ReasoningChain{} }, detail},
		"correction":           {func(e *Example) { e.Correction = &CodeCorrection{} }, detail},
		"anti-pattern":         {func(e *Example) { e.Negative = &AntiPattern{} }, detail},
		"late":                 {func(e *Example) { e.Provenance.Time = time.UnixMilli(1 << 60) }, "the time 36536598-01-28T21:54:06Z has a year that RFC 3339 cannot write; perhaps milliseconds were taken for seconds"},
		"role":                 {func(e *Example) { e.Messages[1].Role = "human" }, `a message has the role "human", which is not system, user, assistant or tool`},
		"no role":              {func(e *Example) { e.Messages[1].Role = "" }, `a message has the role "", which is not system, user, assistant or tool`},
		"no tool":              {func(e *Example) { e.Messages[2].Calls[0].Tool = "" }, `the call "1" names no tool`},
		"no id":                {func(e *Example) { e.Messages[2].Calls[0].ID = "" }, `a call of "walk" has no id`},
		"one id twice":         {func(e *Example) { e.Messages[2].Calls[1].ID = "1" }, `two calls have the id "1"`},
		"arguments":            {func(e *Example) { e.Messages[2].Calls[1].Arguments = json.RawMessage(`[]`) }, `the arguments of a call of "look" are not a JSON object`},
		"half an argument":     {func(e *Example) { e.Messages[2].Calls[1].Arguments = json.RawMessage(`{"to": }`) }, `the arguments of a call of "look" are not a JSON object`},
		"a result of nothing":  {func(e *Example) { e.Messages[3].CallID = "" }, `a result answers the call "", but no call before it has that id`},
		"a result of another":  {func(e *Example) { e.Messages[3].CallID = "9" }, `a result answers the call "9", but no call before it has that id`},
		"a result, then calls": {func(e *Example) { e.Messages[2], e.Messages[3] = e.Messages[3], e.Messages[2] }, `a result answers the call "2", but no call before it has that id`},
		"a rejected question":  {func(e *Example) { e.Messages[1].Rejected = &Answer{Text: "stay"} }, `a message with the role "user" has a rejected answer; only messages of the assistant can have one`},
		"rejected silence":     {func(e *Example) { e.Messages[2].Rejected = &Answer{Text: " ", Thinking: "hm"} }, "a rejected answer has neither text nor calls"},
		"a rejected call":      {func(e *Example) { e.Messages[2].Rejected = &Answer{Calls: []Call{{ID: "1"}}} }, `a rejected answer: the call "1" names no tool`},
		"quality":              {func(e *Example) { *e.Quality = 1.5 }, "the quality 1.5 is not between 0 and 1"},
		"no quality":           {func(e *Example) { *e.Quality = math.NaN() }, "the quality NaN is not between 0 and 1"},
		"score":                {func(e *Example) { e.Signals[0].Score = -1 }, `the score -1 of the signal "loops" is not between 0 and 1`},
		"split":                {func(e *Example) { e.Split = "a/b" }, `the split "a/b" is not a name of lower-case letters, digits and _ with at most 32 characters`},
		"game state":           {func(e *Example) { e.GameState = json.RawMessage(`{`) }, "the game state is not valid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			e := whole()
			c.change(e)
			require.EqualError(t, e.Check(), c.want)
		})
	}
}
