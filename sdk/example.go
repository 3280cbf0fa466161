package sdk

import (
	"encoding/json"
	"strings"
	"time"
)

// A Type says what an example teaches.
type Type string

// The example types. If a source leaves the type of a conversation open, it is derived from the calls.
const (
	TypeDirectExecution Type = "direct_execution" // an intent and the calls that serve it, none depending on another's result
	TypeMultiStep       Type = "multi_step"       // calls that depend on the results of earlier ones
	TypeReasoningChain  Type = "reasoning_chain"  // problem, root cause, fix
	TypeCodeCorrection  Type = "code_correction"  // bad code and good code
	TypeNegative        Type = "negative"         // what not to do
)

// Types returns every example type, in the order in which reports show them.
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

// An Example is one training example. A source must fill in either Messages or one of the details (Chain, Correction,
// Negative); everything else has a default.
//
// An example that is not valid is rejected, with the cause. In a valid example every role is one of the constants, every
// call has a tool, an id of its own and arguments that are a JSON object, every result follows its call, and scores are
// between 0 and 1. [Example.Check] checks all of this.
//
// The long texts of the examples that a filter or a format gets share one piece of memory. It never changes, but a step
// that keeps one of the texts for long should keep a copy ([strings.Clone]), or it keeps all of them in memory. Examples
// also share their toolsets: a filter must set another toolset instead of changing one.
type Example struct {
	ID         string   // hash of content, identity and source file, so renaming a log changes it; set by the SDK, never changed by filters
	Identity   Identity // tells copies of one conversation from different ones
	Source     string   // the kind of log it comes from, such as "journal"; default: the plugin's name
	SourceFile string   // relative to the source's path; default: the file that [Emitter.File] named last, else the unit's first
	Type       Type
	TaskType   string // simple_command, loop_command, status_query, client_management, multi_step or conversation
	System     string // system prompt
	Context    string // what a reader must know besides the messages: title, date, headings
	GameState  json.RawMessage
	Messages   []Message // complete and in order
	Toolset    *Toolset  // the tools that the model could call, if the log says so; in a format, those that the output offers

	Chain      *ReasoningChain // at most one of the three details is set
	Correction *CodeCorrection
	Negative   *AntiPattern

	// Set only by the host, in examples for formats that hold preferences or judgements.
	Rejected *Message // a worse alternative to the last message
	Good     *bool    // whether the last message is good

	Tags       []string
	Labels     []string
	Signals    []Signal
	Quality    *float64 // 0..1; nil if nothing scored the example
	Split      string   // the part of the dataset it belongs to: [SplitTrain], [SplitEval] or another name of lower-case letters, digits and _
	Provenance Provenance
}

// The splits whose meaning formats know. Examples without a split are to train on.
const (
	SplitTrain = "train"
	SplitEval  = "eval"
)

// A Role says who speaks a message.
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
	CallID   string // of role tool: the id of the call that this message answers
	IsError  bool   // of role tool: the call failed
	Masked   bool   // shown to the model but never trained on (weight 0 in records)
	// Rejected is set if somebody corrected this message of the assistant: it is what the model had said, which is worse.
	// The host makes pairs and judgements of the two. It is not part of the conversation; only formats that hold details
	// get it.
	Rejected *Answer
}

// An Answer is what the model says in one message.
type Answer struct {
	Text     string
	Thinking string
	Calls    []Call // without results
}

// A Phase is what a call does for its turn.
type Phase string

// The phases. If a source leaves them open, they are derived. A call of a tool that only looks (see [Observes]) is an
// observation; after the first call of the turn that acts, it is a verification. Any other call acts. A command line in a
// shell only looks if each of its commands is one that reads, lists, compares, tests or builds, and nothing is written to
// a file.
const (
	PhaseObserve Phase = "observe"
	PhaseAct     Phase = "act"
	PhaseVerify  Phase = "verify"
)

// A Call is one tool call inside an assistant message.
type Call struct {
	ID        string
	Server    string // the MCP server, if known
	Tool      string // without the mcp__SERVER__ prefix
	Phase     Phase
	Arguments json.RawMessage // a JSON object, exactly as written: key order and number literals are training data
}

// FullName returns the name under which a model sees the tool: mcp__SERVER__TOOL, or the bare tool if there is no server.
func (c Call) FullName() string {
	if c.Server == "" {
		return c.Tool
	}
	return "mcp__" + c.Server + "__" + c.Tool
}

// SplitName is the inverse of [Call.FullName]. It splits a name at the first double underscore after the prefix. A name
// without the prefix, or with nothing after the server, is that of a tool without a server.
func SplitName(fullName string) (server, tool string) {
	if rest, ok := strings.CutPrefix(fullName, "mcp__"); ok {
		if server, tool, ok := strings.Cut(rest, "__"); ok && tool != "" {
			return server, tool
		}
	}
	return "", fullName
}

// A ReasoningChain leads from a problem by way of its root cause to the fix.
type ReasoningChain struct {
	Problem   string
	RootCause string
	Reasoning string // what else explains it
	Solution  string // empty if the log has none
}

// A CodeCorrection holds a wrong and a right version of the same code.
type CodeCorrection struct {
	Language   string // as the code fence names it, if it does
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

// A Provenance says where an example comes from. A source fills in what its log tells.
type Provenance struct {
	Plugin          string // Plugin, PluginVersion and Unit are set by the SDK
	PluginVersion   string
	Unit            string // the unit's id
	File            string // relative to the source's path, with slashes; default: the example's SourceFile
	FirstLine       int    // 1-based; 0 if unknown
	LastLine        int
	Session         string
	RecordIDs       []string
	Time            time.Time // when the turn began; zero if unknown
	ProducerVersion string    // of the program that wrote the log
	Model           string
	Parent          string         // the id of the example that a filter made this one from
	Records         int            // how many records of the log the example is made of, at least 1
	Removed         map[string]int // what selection took out, by kind
}

// An Identity tells copies of one conversation, found in several files, from different conversations. Copies share their
// opening. Of several copies the host keeps the one with the most answered calls; of equal ones the longest, then the
// earliest. A copy with calls or words of its own stays as well, as a branch. Masked messages do not count.
type Identity struct {
	Opening string   // names the record that opens the example, such as its uuid or a hash of it; empty if the example has no copies
	Calls   []string // the ids of the example's answered calls, in order; default: [Example.Answered]

	// Alias is the opening record's own name if that record is a copy and Opening names the original. A copy made from
	// this copy may know it by that name alone.
	Alias string

	// Conversation names the conversation that the example is a part of, such as by the uuid of its first record. It is
	// the same in all copies and forks. A dataset is split between conversations, never within one. The conversations of
	// copies become one. Empty: it is the session.
	Conversation string
}

func (i Identity) empty() bool {
	return i.Opening == "" && i.Alias == "" && len(i.Calls) == 0 && i.Conversation == ""
}
