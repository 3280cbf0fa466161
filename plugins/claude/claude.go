// Package claude reads the session transcripts of Claude Code: one example for each human turn, with every call and
// result in order.
//
// A transcript is a JSONL file that grows while Claude Code works. Its records are not messages: one answer of the model
// is spread over several lines, most records of type user were written by the program, and some of what the human typed
// stands in no user record at all. A file therefore passes through stages:
//
//	unit.go          a session and the files of its sub-agents are read together
//	unpack.go        a compressed file is unpacked
//	search.go        a file without a selected call is not parsed
//	reader.go        a line holds one record or several, or is rejected
//	record.go        of a record only what finds it again is kept
//	classify.go      it is decided what a record is: prompt, command, notification, ... (the kinds stand in kinds.go)
//	origin.go        what a human wrote is told from what a timer, another agent or the program did
//	split.go         the main conversation and those of sub-agents are parted
//	conversation.go  turns (turn.go) of steps (step.go) are rebuilt in file order, without what retract.go leaves out;
//	                 following.go and lineage.go tell what was answered, and where the human went back; parallel.go
//	                 parts what two programs wrote
//	queue.go         what was typed while the model worked finds its place
//	session.go       turns are joined, or have earlier ones put before them
//	example.go       what a turn says is read again (window.go) and becomes an example with its labels (labels.go)
//
// In memory are an index of a file's records and one turn.
//
// # Rules
//
// A turn begins with what a human asked - a prompt, a slash command that the model worked on, or a command in a shell that it
// answered where nothing else was asked - and lasts until the next. What the program wrote meanwhile and the model answered,
// such as the news that a background task has ended, is a masked user message inside the turn. What a human typed while the
// model worked is a user message inside the turn.
// Parts of an answer are joined by the ids of message and request over the whole file, and a result finds its call by id, wherever
// it stands. A call whose id an earlier one had gets another.
//
// Compaction cuts a turn: what follows is an example of its own, whose context is the summary and whose first message
// repeats the request, because that is what the model still knew. An example thus never claims context that was gone.
// In the same way, what started a conversation without a human stands in the context, never in a user message.
//
// A call without a result is left out and counted; where a turn ends on such calls only, what announced them is masked, for
// it would teach to announce and stop. Synthetic answers and API errors are never the model's words.
//
// # Labels
//
// A turn is labelled interrupted, rewound (the user went back on it), continued (it begins where a compaction cut it) or
// unfinished; and by its calls rejected, denied or cancelled where the user, the program, or a failure beside it or the end
// of the work kept one from being made. How the model broke a task down is labelled, too: planned where it wrote a plan for
// approval (ExitPlanMode) or carries one out, todo_list where it keeps one (TodoWrite, TaskCreate, TaskUpdate), delegated
// where sub-agents do parts (Task, Agent).
// Calls that depend on results of earlier ones make a multi_step example, and every call has a phase: it observes, acts,
// or verifies what was done; see [sdk.Phase].
package claude

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// Plugin reads the transcripts of Claude Code.
var Plugin = sdk.Plugin{
	Name:    "claude",
	Version: "0.1.0",
	Doc:     "Session transcripts of Claude Code.",
	Steps: []sdk.Step{
		sdk.NewSource("claude", "Reads session transcripts of Claude Code, one example for each human turn. "+
			"Point path at ~/.claude/projects, at a project's folder in it, or at single files; .jsonl.gz and .jsonl.zst are read, too.", newSource),
	},
}

type options struct {
	Projects           []string `option:"projects" doc:"Reads only sessions of these projects: globs that match the folder worked in, its last element, or the project's folder below path."`
	ExceptProjects     []string `option:"except_projects" doc:"Reads no sessions of these projects, by the same globs: neither they nor their sub-agents."`
	Per                string   `option:"per" doc:"What an example is: a turn, or a session: all turns up to a compaction as one." default:"turn" one_of:"turn,session"`
	History            int      `option:"history" doc:"Puts earlier turns before each turn, shown but not trained on: as many as fit this number of tokens (of four bytes). Formats that cannot mask messages refuse such examples." default:"0" min:"0"`
	Commands           string   `option:"commands" doc:"What the user says by a slash command: the line as typed, or expanded, the text that the command stands for." default:"typed" one_of:"typed,expanded"`
	Injected           bool     `option:"injected" doc:"Also shows what the program told the model besides, such as the text of a skill, as user messages that are not trained on." default:"false"`
	Subagents          bool     `option:"subagents" doc:"Also reads the conversations of sub-agents, each turn an example labelled subagent." default:"true"`
	IncludeInterrupted bool     `option:"include_interrupted" doc:"Also keeps turns that the user interrupted, labelled interrupted." default:"true"`
	IncludeRewound     bool     `option:"include_rewound" doc:"Also keeps turns that the user went back on, labelled rewound." default:"true"`
	Thinking           bool     `option:"thinking" doc:"Keeps the model's thinking, where the transcript has it." default:"true"`
}

type source struct {
	options   options
	selection *sdk.Selection
	search    *search // nil: every file is read
	decoder   *sdk.LineDecoder[part]
	windows   sync.Pool
}

func newSource(setup sdk.Setup, o options) (sdk.Source, error) {
	if o.Per == "session" && o.History > 0 {
		return nil, &sdk.OptionError{Option: "history", Reason: `a session holds its earlier turns already: use history with per = "turn"`}
	}
	if o.Projects != nil && len(o.Projects) == 0 {
		return nil, &sdk.OptionError{Option: "projects", Reason: "the list is empty, so no session would be read; leave it out, or make it null, to read all"}
	}
	return &source{
		options: o, selection: setup.Selection, search: newSearch(setup.Selection), decoder: sdk.NewLineDecoder(decodePart),
		windows: sync.Pool{New: func() any { return &window{} }},
	}, nil
}

// Read reads a session's file, then those of its sub-agents. A file that cannot be read is a rejected record.
func (s *source) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	for _, file := range unit.Files {
		emitter.File(file)
		if err := emitter.RejectFile(s.read(ctx, unit.Files[0], file, emitter)); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) read(ctx context.Context, session, file sdk.File, emitter *sdk.Emitter) error {
	alive := func() error { return emitter.Progress(0) }
	f, fault := open(ctx, file, alive)
	if f == nil {
		return fault
	}
	defer f.Close()
	if s.search != nil {
		found, lines, err := s.search.find(ctx, f, alive)
		if err != nil {
			return err
		}
		if !found {
			emitter.Records(lines)
			emitter.Unread(lines)
			return cmp.Or(emitter.Progress(file.Size), fault)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	return cmp.Or(s.parse(ctx, session, file, f, emitter), fault)
}

// content is what an open file can do.
type content interface {
	io.Reader
	io.ReaderAt
}

// parse reads a file once for its records, and again what the turns say that are wanted. What stands before a place that
// cannot be read is not lost.
func (s *source) parse(ctx context.Context, session, file sdk.File, content content, emitter *sdk.Emitter) error {
	split := newSplitter(agentOf(file.Name))
	readErr := newReader(file, emitter, split.add).read(ctx, content, s.decoder)
	var fault *fs.PathError
	if readErr != nil && !errors.As(readErr, &fault) {
		return readErr
	}
	window := s.windows.Get().(*window)
	defer s.windows.Put(window)
	window.open(content)
	w := &writer{file: file, conversation: conversationOf(session), window: window, thinking: s.options.Thinking, wanted: s.wanted}
	for _, c := range split.conversations {
		if err := s.emit(c, w, emitter); err != nil {
			return err
		}
	}
	return readErr
}

// wanted reports whether what is said by calls of a tool will be part of an example.
func (s *source) wanted(tool string) bool {
	return s.selection == nil || s.selection.KeepTurn || s.selection.Match(tool)
}

// emit emits the turns of a conversation, and says why it leaves one out.
func (s *source) emit(c *conversation, w *writer, emitter *sdk.Emitter) error {
	c.read, c.expand, c.show = w.blocks, s.options.Commands == "expanded", s.options.Injected
	c.build()
	w.subagent = c.agent != ""
	for kind, n := range c.ignored {
		emitter.Ignore(kind, n)
	}
	turns := s.taught(c, emitter)
	if s.options.Per == "session" {
		turns = join(turns)
	}
	for i, t := range turns {
		if kind := s.selection.LeavesOut(t.began(), t.calls); kind != "" {
			emitter.Ignore(kind, len(t.records))
		} else if err := s.emitTurn(turns, i, w, emitter); err != nil {
			return err
		}
	}
	return nil
}

// taught are the turns of which there may be examples. Where one is left out that began with a compaction, the next one
// does.
func (s *source) taught(c *conversation, emitter *sdk.Emitter) []*turn {
	var turns []*turn
	var left *turn
	for _, t := range c.turns {
		if reason := s.unwanted(t, c); reason != "" {
			emitter.Ignore(reason, len(t.records))
			if t.compacted {
				left = t
			}
			continue
		}
		if left != nil && !t.compacted {
			t.compacted, t.summary = true, left.context
		}
		left = nil
		turns = append(turns, t)
	}
	return turns
}

// unwanted says why a turn is no example, whatever it says; it is empty for one that may be.
func (s *source) unwanted(t *turn, c *conversation) string {
	switch {
	case c.internal || t.internal:
		return "internal agent"
	case !s.options.Subagents && c.agent != "":
		return "sub-agent"
	case !s.options.IncludeInterrupted && t.interrupted:
		return "interrupted turn"
	case !s.options.IncludeRewound && t.rewound:
		return "rewound turn"
	}
	return ""
}

func (s *source) emitTurn(turns []*turn, i int, w *writer, emitter *sdk.Emitter) error {
	t := turns[i]
	example, err := w.example(t)
	if err == nil && !hasReply(example.Messages) {
		emitter.Ignore("turn without a reply", len(t.records))
		return nil
	}
	if err == nil {
		err = w.history(example, turns, i, s.options.History)
	}
	if err != nil {
		emitter.Ignore("record of a turn that could not be read again", len(t.records)-1)
		return emitter.Reject(sdk.Reject{File: w.file.Name, Line: t.opening.line, Cause: err.Error()})
	}
	example.Identity.Conversation = w.conversation()
	return emitter.Example(example)
}

func hasReply(messages []sdk.Message) bool {
	for _, message := range messages {
		if message.Role == sdk.RoleAssistant {
			return true
		}
	}
	return false
}
