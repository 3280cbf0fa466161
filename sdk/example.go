package sdk

import (
	"encoding/json"
	"strings"
	"time"
)

// Type says what an example teaches.
type Type string

// The example types; a conversation's type is derived from its calls where the source leaves it open.
const (
	TypeDirectExecution Type = "direct_execution" // an intent and the calls that serve it, none depending on another's result
	TypeMultiStep       Type = "multi_step"       // calls that depend on the results of earlier ones
	TypeReasoningChain  Type = "reasoning_chain"  // problem, root cause, fix
	TypeCodeCorrection  Type = "code_correction"  // bad code and good code
	TypeNegative        Type = "negative"         // what not to do
)

// Types lists every example type, in the order in which reports show them.
func Types() []Type {
	return []Type{TypeDirectExecution, TypeMultiStep, TypeReasoningChain, TypeCodeCorrection, TypeNegative}
}

const (
	taskConversation  = "conversation" // no tool was called
	taskMultiStep     = "multi_step"
	taskSimpleCommand = "simple_command"
)

// Labels that the host and the built-in formats understand.
const (
	LabelUnfinished = "unfinished" // the turn ends on a result or an interruption
	LabelBranch     = "branch"     // a diverged copy of a conversation that another example holds
)

// An Example is one training example. A source has to fill in Messages or one of the details
// (Chain, Correction, Negative), not both; everything else has a default. One that does not hold is rejected with its cause:
// roles are those there are, every call has a tool, an id of its own and a JSON object, every result follows its call, and
// scores are between 0 and 1.
//
// Long texts of an example that a filter or a format gets share one piece of memory with those of other examples. They stay
// as they are; a step that keeps one for long keeps a copy (strings.Clone), so as not to keep all of them. Examples share their
// toolsets as well: a filter sets another instead of changing one.
type Example struct {
	ID         string   // hash of content, identity and source file: renaming a log changes it; set by the SDK, never changed by filters
	Identity   Identity // tells copies of one conversation from different ones
	Source     string   // what kind of log it comes from, such as "journal"; default: the plugin's name
	SourceFile string   // relative to the source's path; default: the file that [Emitter.File] named last, else the unit's first
	Type       Type
	TaskType   string // simple_command, loop_command, status_query, client_management, multi_step or conversation
	System     string // system prompt
	Context    string // what the reader must know besides the messages: title, date, headings
	GameState  json.RawMessage
	Messages   []Message // complete and in order
	Toolset    *Toolset  // the tools that the model could call, where the log says so; for a format, those that the output offers

	Chain      *ReasoningChain // at most one of the three details is set
	Correction *CodeCorrection
	Negative   *AntiPattern

	// Of an example made for a format that holds preferences or judgements, never of a source's.
	Rejected *Message // a worse message in the place of the last one
	Good     *bool    // whether the last message is good

	Tags       []string
	Labels     []string
	Signals    []Signal
	Quality    *float64 // 0..1; nil when nothing scored the example
	Split      string   // the part of the dataset that it belongs to: [SplitTrain], [SplitEval] or another; lower-case letters, digits and _
	Provenance Provenance
}

// The splits whose meaning formats know. Examples without a split are there to train on.
const (
	SplitTrain = "train"
	SplitEval  = "eval"
)

// Role says who speaks a message.
type Role string

// The roles.
const (
	RoleSystem    Role = "system"
	RoleUser      Role = "user"
	RoleAssistant Role = "assistant" // the model
	RoleTool      Role = "tool"      // the result of a call
)

// A Message is one message of a conversation.
type Message struct {
	Role     Role
	Text     string
	Thinking string
	Calls    []Call
	CallID   string // role tool: the call that this message answers
	IsError  bool   // role tool: the call failed
	Masked   bool   // shown to the model but never trained on (weight 0 in records)
	// Role assistant, where somebody corrected the message: what the model said, which is worse. The host makes pairs and
	// judgements of the two. It is no part of the conversation, and no format gets it but one that holds details.
	Rejected *Answer
}

// An Answer is what the model says in one message.
type Answer struct {
	Text     string
	Thinking string
	Calls    []Call // they have no results
}

// A Phase is what a call does for its turn.
type Phase string

// The phases. Where a source leaves them open they are derived: a call of a tool that only looks (see [Observes]) is an
// observation, and a verification once the turn has acted; any other call acts. A command line in a shell looks when each
// of its commands is one that reads, lists, compares, tests or builds, and nothing is written into a file.
const (
	PhaseObserve Phase = "observe"
	PhaseAct     Phase = "act"
	PhaseVerify  Phase = "verify"
)

// A Call is one tool call inside an assistant message.
type Call struct {
	ID        string
	Server    string // the MCP server, where known
	Tool      string // without the mcp__SERVER__ prefix
	Phase     Phase
	Arguments json.RawMessage // an object, exactly as written: key order and number literals are training data
}

// FullName is the name under which a model sees the tool: mcp__SERVER__TOOL, or the bare tool.
func (c Call) FullName() string {
	if c.Server == "" {
		return c.Tool
	}
	return "mcp__" + c.Server + "__" + c.Tool
}

// SplitName is the inverse of FullName: it splits at the first double underscore after the prefix. A name without a tool
// behind it is no server's.
func SplitName(fullName string) (server, tool string) {
	if rest, ok := strings.CutPrefix(fullName, "mcp__"); ok {
		if server, tool, ok := strings.Cut(rest, "__"); ok && tool != "" {
			return server, tool
		}
	}
	return "", fullName
}

// A ReasoningChain leads from a problem over its root cause to the fix.
type ReasoningChain struct {
	Problem   string
	RootCause string
	Reasoning string // what else explains it
	Solution  string // empty where the log knows none
}

// A CodeCorrection holds a wrong and a right version of the same code.
type CodeCorrection struct {
	Language   string // of the code fence, where given
	BadCode    string
	BadReason  string
	GoodCode   string
	GoodReason string
}

// An AntiPattern is something not to do.
type AntiPattern struct {
	Pattern string
	Reason  string
}

// Provenance says where an example comes from. A source fills in what its log tells.
type Provenance struct {
	Plugin          string // set by the SDK, as are the next two
	PluginVersion   string
	Unit            string // its id
	File            string // relative to the source's path, with slashes; default: the example's SourceFile
	FirstLine       int    // 1-based; 0 where unknown
	LastLine        int
	Session         string
	RecordIDs       []string
	Time            time.Time // when the turn began; zero where unknown
	ProducerVersion string    // of the program that wrote the log
	Model           string
	Parent          string         // the example that a filter made this one from
	Records         int            // how many records of the log the example is made of; at least 1
	Removed         map[string]int // what selection took out, by kind
}

// An Identity tells copies of one conversation, met in several files, from different conversations.
// Copies share their opening. Of these the one with the most answered calls is kept, of equal ones the longer, then the
// earlier; one with calls or words of its own stays as well, as a branch. What is masked does not count.
type Identity struct {
	Opening string   // names the record that opens the example, such as its uuid, or a hash of it; empty: the example has no copies
	Calls   []string // the ids of its answered calls, in order; default: [Example.Answered]

	// Alias is the opening record's own name, where Opening is that of the record which it is a copy of: what is copied from
	// this copy in turn may know it by that name alone.
	Alias string

	// Conversation names what the example is a part of, and is the same in all copies and forks of that, such as the uuid of
	// its first record: a dataset is split between conversations. Those of copies are made one. Empty: it is the session.
	Conversation string
}

func (i Identity) empty() bool {
	return i.Opening == "" && i.Alias == "" && len(i.Calls) == 0 && i.Conversation == ""
}
