package main

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// A record is a line of a rollout file.
type record struct {
	Timestamp time.Time `json:"timestamp"`
	Type      string    `json:"type"`
	Payload   struct {
		Type       string `json:"type"`
		ID         string `json:"id"`          // of the session
		CLIVersion string `json:"cli_version"` // of the program
		Model      string `json:"model"`       // of a turn_context
		Role       string `json:"role"`
		Content    []text `json:"content"`
		Summary    []text `json:"summary"` // of reasoning
		Name       string `json:"name"`    // of a function_call
		Arguments  string `json:"arguments"`
		CallID     string `json:"call_id"`
		Output     output `json:"output"`
	} `json:"payload"`
}

type text struct {
	Text string `json:"text"`
}

// An output is a text, or an object that holds one, depending on the version of the program.
type output string

func (o *output) UnmarshalJSON(data []byte) error {
	var inner struct {
		Content string `json:"content"`
	}
	if json.Unmarshal(data, (*string)(o)) == nil {
		return nil
	}
	err := json.Unmarshal(data, &inner)
	*o = output(inner.Content)
	return err
}

// A session makes turns of the records of one file.
type session struct {
	source  source
	emitter *sdk.Emitter
	meta    sdk.Provenance
	turn    *sdk.Example // nil before the first request
	thought string
}

func (s *session) line(line sdk.Line) error {
	var r record
	if err := json.Unmarshal(line.Text, &r); err != nil {
		return s.emitter.Reject(sdk.Reject{Line: line.Number, Cause: "not a record in JSON"})
	}
	p := &r.Payload
	kind := r.Type
	if kind == "response_item" {
		kind = p.Type
	}
	switch {
	case kind == "message" && p.Role == string(sdk.RoleUser) && !written(p.Content):
		return s.request(line, r)
	case kind == "message" && p.Role == string(sdk.RoleAssistant) && s.turn != nil:
		s.add(line, sdk.Message{Role: sdk.RoleAssistant, Text: join(p.Content)})
	case kind == "reasoning" && s.turn != nil:
		if s.source.Thinking {
			s.thought += join(p.Summary)
		}
		s.count(line)
	case kind == "function_call" && s.turn != nil:
		server, tool := sdk.SplitName(p.Name)
		call := sdk.Call{ID: p.CallID, Server: server, Tool: tool, Arguments: json.RawMessage(p.Arguments)}
		s.add(line, sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{call}})
	case kind == "function_call_output" && s.turn != nil:
		s.add(line, sdk.Message{Role: sdk.RoleTool, CallID: p.CallID, Text: string(p.Output)})
	case kind == "session_meta":
		s.meta.Session, s.meta.ProducerVersion = p.ID, p.CLIVersion
		s.emitter.Ignore("session", 1)
	case kind == "turn_context":
		s.meta.Model = p.Model
		s.emitter.Ignore("settings of a turn", 1)
	default:
		s.emitter.Ignore("other record", 1)
	}
	return nil
}

// request emits the turn before and begins another.
func (s *session) request(line sdk.Line, r record) error {
	if err := s.end(); err != nil {
		return err
	}
	s.turn = &sdk.Example{Provenance: s.meta}
	s.turn.Provenance.Time, s.turn.Provenance.FirstLine = r.Timestamp, line.Number
	s.add(line, sdk.Message{Role: sdk.RoleUser, Text: join(r.Payload.Content)})
	return nil
}

// add adds a message to the turn. Calls with nothing between them become one message.
func (s *session) add(line sdk.Line, message sdk.Message) {
	s.count(line)
	if message.Role == sdk.RoleAssistant {
		message.Thinking, s.thought = s.thought, ""
	}
	if last := len(s.turn.Messages) - 1; message.Role == sdk.RoleAssistant && s.turn.Messages[last].Role == sdk.RoleAssistant && message.Text == "" {
		s.turn.Messages[last].Calls = append(s.turn.Messages[last].Calls, message.Calls...)
		s.turn.Messages[last].Thinking += message.Thinking
		return
	}
	s.turn.Messages = append(s.turn.Messages, message)
}

func (s *session) count(line sdk.Line) {
	s.turn.Provenance.Records++
	s.turn.Provenance.LastLine = line.Number
}

// end emits the current turn, if there is one.
func (s *session) end() error {
	turn := s.turn
	s.turn, s.thought = nil, ""
	if turn == nil {
		return nil
	}
	return s.emitter.Example(turn)
}

// written reports whether the program, not the user, wrote a user message: the program puts such messages into tags.
func written(content []text) bool {
	text := strings.TrimSpace(join(content))
	return text == "" || strings.HasPrefix(text, "<environment_context>") || strings.HasPrefix(text, "<user_instructions>")
}

func join(parts []text) string {
	var all []string
	for _, part := range parts {
		if part.Text != "" {
			all = append(all, part.Text)
		}
	}
	return strings.Join(all, "\n")
}
