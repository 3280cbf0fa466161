package shape

// Options are what an output block asks for. The zero value of each is its default.
type Options struct {
	System          string // the system prompt of every example; empty: its own
	Context         Context
	Tools           Tools
	Distractors     int // further tools offered beside those that an example calls
	ToolNames       ToolNames
	Thinking        Thinking
	Train           Train
	SpecialTokens   SpecialTokens
	MaxResultTokens int      // of a tool's result; 0: any
	MaxTokens       int      // of an example; 0: any
	Overlong        Overlong // what becomes of an example with more than MaxTokens
	Tokenizer       string   // counts tokens; see package tokens
}

// Context says what becomes of an example's context.
type Context string

// The choices for the context, the default first.
const (
	ContextKeep  Context = "keep"
	ContextStrip Context = "strip"
)

// Tools says which tool definitions go with an example.
type Tools string

// The choices for the tools, the default first. A format of records has the default ToolsLogged, which no pipeline can name.
const (
	ToolsUsed   Tools = "used" // those that it calls
	ToolsAll    Tools = "all"
	ToolsNone   Tools = "none"
	ToolsLogged Tools = "logged" // those that its log names
)

// ToolNames says how tools are named.
type ToolNames string

// The choices for the names of tools, the default first. The default of a format of records is the other.
const (
	ToolNamesShort ToolNames = "short" // without the server, unless another server has a tool of that name
	ToolNamesFull  ToolNames = "full"
)

// Thinking says what becomes of the model's reasoning.
type Thinking string

// The choices for the reasoning, the default first.
const (
	ThinkingKeep  Thinking = "keep"
	ThinkingLast  Thinking = "last" // kept after the last user message only
	ThinkingStrip Thinking = "strip"
)

// Train says which of the model's messages are trained on.
type Train string

// The choices for what is trained on, the default first.
const (
	TrainAll       Train = "all"
	TrainLast      Train = "last"      // those after the last user message
	TrainSucceeded Train = "succeeded" // those without a call that failed
)

// SpecialTokens says what becomes of a text that a tokenizer would take for a token of its own.
type SpecialTokens string

// The choices for special tokens, the default first. The default of a format of records is to keep them.
const (
	SpecialTokensRefuse SpecialTokens = "refuse" // the example is refused
	SpecialTokensBreak  SpecialTokens = "break"  // a space breaks the token
	SpecialTokensKeep   SpecialTokens = "keep"
)

// Overlong says what becomes of an example that is too long.
type Overlong string

// The choices for examples that are too long, the default first.
const (
	OverlongDrop       Overlong = "drop"
	OverlongCutHistory Overlong = "cut_history" // its oldest turns go
	OverlongCutResults Overlong = "cut_results" // its oldest results are cut
)
