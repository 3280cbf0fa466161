// Package claude reads the session transcripts of Claude Code: one example for each human turn, with every call and
// result in order.
//
// A transcript is a JSONL file that grows while Claude Code works. Its records are not messages: one answer of the model
// is spread over several lines, most records of type user were written by the program, and some of what the human typed
// is in no user record at all. A file therefore passes through stages:
//
//	unit.go          groups a session with the files of its sub-agents
//	unpack.go        unpacks a compressed file
//	search.go        skips a file without a selected call
//	lines.go         joins the lines of an object that a tool has spread over several
//	reader.go        reads one or several records from a line, or rejects it
//	record.go        keeps of a record only what is needed to find it again
//	classify.go      decides what a record is: prompt, command, notification, ... (kinds.go lists the kinds)
//	origin.go        tells what a human wrote from what a timer, another agent or the program did
//	split.go         separates the main conversation from those of sub-agents
//	conversation.go  rebuilds turns (turn.go) of steps (step.go) in file order, without what retract.go leaves out;
//	                 following.go tells what the model answered, lineage.go where the human went back, and
//	                 programs.go separates what two programs wrote
//	queue.go         finds the place of what was typed while the model worked
//	session.go       joins turns, or puts earlier ones before them
//	example.go       reads again what a turn says (window.go) and makes an example of it, with its labels (labels.go)
//
// Only an index of a file's records and one turn are in memory.
//
// # Rules
//
// A turn begins with a human request and lasts until the next one. A request is a prompt, a slash command that the model
// worked on, or a shell command that it answered when nothing else had been asked. What the program wrote meanwhile and the
// model answered, such as the news that a background task has ended, is a masked user message inside the turn. What a human
// typed while the model worked is a user message inside the turn.
// Parts of an answer are joined by the ids of message and request over the whole file. A result is matched to its call by
// id, wherever it stands. A call that has the id of an earlier one gets a new id.
//
// Compaction cuts a turn: what follows is an example of its own, whose context is the summary and whose first message
// repeats the request, because that is what the model still knew. An example thus never claims context that was gone.
// In the same way, what started a conversation without a human goes into the context, never into a user message.
//
// A call without a result is left out and counted. If a turn ends with nothing but such calls, the text that announced them
// is masked, because it would teach the model to announce calls and stop. Synthetic answers and API errors are never the
// model's words.
//
// # Labels
//
// A turn is labelled interrupted, rewound (the user went back on it), continued (it begins where a compaction cut it, or
// without a request) or unfinished. It is labelled rejected if the user kept one of its calls from being made, denied if the
// program did, and cancelled if a failure beside the call or the end of the work did. Other labels tell how the model broke
// a task down: planned if it wrote a plan for approval (ExitPlanMode) or carries one out, todo_list if it keeps a list
// (TodoWrite, TaskCreate, TaskUpdate), delegated if sub-agents do parts (Task, Agent).
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
	Doc:     "Reads session transcripts of Claude Code.",
	Steps: []sdk.Step{
		sdk.NewSource("claude", "Reads session transcripts of Claude Code, one example for each human turn. "+
			"Point path at ~/.claude/projects, at a project's folder in it, or at single files; .jsonl.gz and .jsonl.zst are read, too.", newSource),
	},
}

type options struct {
	Projects           []string `option:"projects" doc:"Reads only sessions of these projects: globs that match the working directory, its last element, or the project's folder below path."`
	ExceptProjects     []string `option:"except_projects" doc:"Leaves out sessions of these projects and their sub-agents, by the same globs."`
	Per                string   `option:"per" doc:"What one example holds: a turn, or a session, which is all turns up to a compaction." default:"turn" one_of:"turn,session"`
	History            int      `option:"history" doc:"Puts earlier turns before each turn, shown but not trained on: as many as fit into this number of tokens (of four bytes each). Formats that cannot mask messages refuse such examples." default:"0" min:"0"`
	Commands           string   `option:"commands" doc:"What a slash command becomes as a user message: typed is the line as typed, expanded the text that the command stands for." default:"typed" one_of:"typed,expanded"`
	Injected           bool     `option:"injected" doc:"Also shows what else the program told the model, such as the text of a skill, as user messages that are not trained on." default:"false"`
	Subagents          bool     `option:"subagents" doc:"Also reads the conversations of sub-agents, each turn an example labelled subagent." default:"true"`
	IncludeInterrupted bool     `option:"include_interrupted" doc:"Also keeps turns that the user interrupted, labelled interrupted." default:"true"`
	IncludeRewound     bool     `option:"include_rewound" doc:"Also keeps turns that the user took back, labelled rewound." default:"true"`
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
		return nil, &sdk.OptionError{Option: "history", Reason: `a session already holds its earlier turns: use history only with per = "turn"`}
	}
	if o.Projects != nil && len(o.Projects) == 0 {
		return nil, &sdk.OptionError{Option: "projects", Reason: "the list is empty, so no session would be read; leave it out, or make it null, to read all"}
	}
	return &source{
		options: o, selection: setup.Selection, search: newSearch(setup.Selection), decoder: sdk.NewLineDecoder(decodePart),
		windows: sync.Pool{New: func() any { return &window{} }},
	}, nil
}

// Read reads a session's file, then those of its sub-agents. A file that cannot be read counts as a rejected record.
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

// content is an open file that can be read in order and at any place.
type content interface {
	io.Reader
	io.ReaderAt
}

// parse reads a file once for its records, then reads again what the wanted turns say. If a place cannot be read, what
// stands before it is not lost.
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

// wanted reports whether the arguments and results of a tool's calls will be part of an example.
func (s *source) wanted(tool string) bool {
	return s.selection == nil || s.selection.KeepTurn || s.selection.Match(tool)
}

// emit emits the turns of a conversation as examples and counts, by reason, the records of those it leaves out.
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

// taught returns the turns that may become examples. If a turn that began with a compaction is left out, the next one
// counts as beginning with it.
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

// unwanted returns the reason why a turn cannot be an example, whatever it says; it is empty if the turn may be one.
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
