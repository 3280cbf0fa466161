// Package claude reads the session transcripts of Claude Code: one example for each human turn, with every call and
// result in order.
//
// A transcript is a JSONL file that grows while Claude Code works. Its records are not messages: one answer of the model
// is spread over several lines, most records of type user were written by the program, and some of what the human typed
// stands in no user record at all. A file therefore passes through stages:
//
//	unit.go          a session and the files of its sub-agents are read together
//	reader.go        a line holds one record or several, or is rejected
//	record.go        of a record only what matters is kept
//	classify.go      a table decides what a record is: prompt, command, notification, ...
//	split.go         the main conversation and those of sub-agents are parted
//	conversation.go  turns are rebuilt in file order
//	example.go       a turn becomes an example
//
// # Rules
//
// A turn begins with what a human asked - a prompt, or a slash command that the model worked on - and lasts until the
// next. What the program wrote meanwhile and the model answered, such as the news that a background task has ended, is a
// masked user message inside the turn. What a human typed while the model worked is a user message inside the turn.
// Parts of an answer are joined by message id over the whole file, and a result finds its call by id, wherever it stands.
//
// Compaction cuts a turn: what follows is an example of its own, whose context is the summary and whose first message
// repeats the request, because that is what the model still knew. An example thus never claims context that was gone.
// In the same way, what started a conversation without a human stands in the context, never in a user message.
//
// A call without a result is left out and counted. Synthetic answers and API errors are never the model's words.
package claude

import (
	"context"

	"github.com/ftprep/ftprep/sdk"
)

// Plugin reads the transcripts of Claude Code.
var Plugin = sdk.Plugin{
	Name:    "claude",
	Version: "0.1.0",
	Doc:     "Session transcripts of Claude Code.",
	Steps: []sdk.Step{
		sdk.NewSource("claude", "Reads session transcripts of Claude Code, one example for each human turn. "+
			"Point path at ~/.claude/projects, at a project's folder in it, or at single files.", newSource),
	},
}

type options struct {
	Subagents          bool `option:"subagents" doc:"Also reads the conversations of sub-agents, each turn an example labelled subagent." default:"true"`
	IncludeInterrupted bool `option:"include_interrupted" doc:"Also keeps turns that the user interrupted, labelled interrupted." default:"true"`
	IncludeRewound     bool `option:"include_rewound" doc:"Also keeps turns that the user went back on, labelled rewound." default:"true"`
	Thinking           bool `option:"thinking" doc:"Keeps the model's thinking, where the transcript has it." default:"true"`
}

type source struct{ options options }

func newSource(_ sdk.Setup, o options) (sdk.Source, error) { return &source{options: o}, nil }

// Read reads a session's file, then those of its sub-agents. A file that cannot be read is a rejected record.
func (s *source) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	reader := reader{emitter: emitter, seen: map[string]bool{}}
	for _, file := range unit.Files {
		emitter.File(file)
		records, err := reader.read(ctx, file)
		if err := emitter.RejectFile(err); err != nil {
			return err
		}
		for _, c := range split(records, agentOf(file.Name)) {
			if err := s.emit(file, c, emitter); err != nil {
				return err
			}
		}
	}
	return nil
}

// emit emits the turns of a conversation, and says why it leaves one out.
func (s *source) emit(file sdk.File, c *conversation, emitter *sdk.Emitter) error {
	c.build()
	for _, t := range c.turns {
		example := t.example(file, c.agent != "")
		if reason := s.unwanted(t, c, example); reason != "" {
			emitter.Ignore(reason, len(t.records))
			continue
		}
		if !s.options.Thinking {
			dropThinking(example.Messages)
		}
		if err := emitter.Example(example); err != nil {
			return err
		}
	}
	for kind, n := range c.ignored {
		emitter.Ignore(kind, n)
	}
	return nil
}

// unwanted says why a turn is no example; it is empty for one that is.
func (s *source) unwanted(t *turn, c *conversation, example *sdk.Example) string {
	switch {
	case c.internal || t.internal:
		return "internal agent"
	case !s.options.Subagents && c.agent != "":
		return "sub-agent"
	case !hasReply(example.Messages):
		return "turn without a reply"
	case !s.options.IncludeInterrupted && t.interrupted:
		return "interrupted turn"
	case !s.options.IncludeRewound && t.rewound:
		return "rewound turn"
	}
	return ""
}

func hasReply(messages []sdk.Message) bool {
	for _, message := range messages {
		if message.Role == sdk.Assistant {
			return true
		}
	}
	return false
}

func dropThinking(messages []sdk.Message) {
	for i := range messages {
		messages[i].Thinking = ""
	}
}
