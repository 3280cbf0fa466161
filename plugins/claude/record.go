package claude

import (
	"cmp"
	"time"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// A record is what is kept in memory of one JSON object of a transcript. Most of what was said stays in the file, and so
// does toolUseResult, which makes up a third of all bytes and is not what the model saw.
type record struct {
	line         int
	kind         kind
	uuid, parent string
	copied       string  // the uuid of the record that it is a copy of, in the session that was forked
	sent         string  // the uuid that a queued prompt was put into the queue with
	origin       *origin // shared by many
	time         int64   // in microseconds since 1970; 0 where unknown

	content     span    // what was said
	text        string  // what a user said, cleaned
	messageID   string  // id of the answer that the record is a part of
	request     string  // id of the request that it answers
	prompted    int     // how many tokens that request had, if it has no id; 0 if unknown
	calls       []*call // the calls that the answer makes
	results     []toolResult
	refusal     string   // the label of a call that was not made; empty if none fits
	judged      bool     // the record itself says whether, or why, its call was not made
	retracts    []string // the uuids of answers that were taken back
	serverCalls []string // ids of calls that were made and answered within the model's service
	badCalls    int32    // calls that cannot be used: without an id or a name, or with arguments that are no object
	interrupts  bool     // also says that the user interrupted the model
	aborted     bool     // an answer that broke off mid-stream, or the outcome of a turn that failed
	cut         bool     // an answer that a limit or a refusal cut off
	speaks      bool     // an answer that says or thinks something
	ends        bool     // a result that ends the turn: no answer follows
	forks       bool     // begins what a forked sub-agent does itself
	stacked     bool     // a command that was typed in the line of the one before
	sidechain   bool     // part of a sub-agent's conversation
	repeated    bool     // by a headless session that repeats what it is told
	silent      bool     // written to the file without a turn that answers it
	turn        *turn    // the turn that claims it
}

// A toolResult is the result of a call.
type toolResult struct {
	call    string // the call's id
	record  *record
	content span
	failed  bool
}

// An origin is where records come from.
type origin struct {
	session string
	version string // of the program
	agent   string // the sub-agent's id, where known
	model   string // the model that answered
}

// A span is a place in a file.
type span struct {
	offset int64
	length int
}

// A decoder makes records of JSON objects.
type decoder struct {
	blocks []block // of the object at hand

	// What many records have in common is kept once.
	words     map[string]string
	origins   map[origin]*origin
	uuid      string // of the previous record
	messageID string // of the previous part of an answer
	request   string // the request that this part answers
}

func newDecoder() *decoder {
	return &decoder{words: map[string]string{}, origins: map[origin]*origin{}}
}

// decode decodes the object that the scanner stands before and reports whether it is valid JSON. offset is where the
// scanner's text begins in the file. Fields of unexpected types are read as if absent or as their text.
func (d *decoder) decode(s *scan.Scanner, line int, offset int64) (*record, bool) {
	r := &record{line: line}
	var from origin
	call := "" // the call that a sub-agent works for, in the log of a headless session
	team, member := "", ""
	e := envelope{offset: offset, blocks: d.blocks[:0]}
	s.Object(func(key []byte) {
		switch string(key) {
		case "message":
			e.readMessage(s)
		case "content":
			e.text = s.Raw()
		case "type":
			e.typ = s.Raw()
		case "subtype":
			e.subtype = s.Raw()
		case "reason":
			e.reason = s.Raw()
		case "operation":
			e.operation = s.Raw()
		case "attachment":
			e.attachment = s.Raw()
		case "origin":
			e.origin = originKind(s.Raw())
		case "promptSource":
			e.automatic = e.automatic || string(s.Raw()) == `"system"`
		case "stackedOriginalInput":
			e.line = scan.Text(s.Raw())
		case "stackedExpansion":
			r.stacked = scan.True(s.Raw())
		case "turnOrigin":
			e.readTurnOrigin(s.Raw())
		case "isMeta", "isSynthetic", "isVisibleInTranscriptOnly":
			e.meta = e.meta || scan.True(s.Raw())
		case "isCompactSummary":
			e.summary = scan.True(s.Raw())
		case "local_command_source":
			e.local = s.Kind() == '"'
			s.Raw()
		case "isApiErrorMessage":
			e.apiError = scan.True(s.Raw())
		case "wireToolInputs", "wire_tool_inputs":
			e.arguments = readOriginals(s, offset)
		case "replacements":
			e.replaced = readReplacements(s, offset)
		case "retractedMessageUuids", "supersedesUuids", "retracted_message_uuids", "supersedes":
			r.retracts = texts(s.Raw())
		case "stop_reason": // of an outcome
			e.stop = s.Raw()
		case "isAbortedMidStream", "aborted": // the latter in the log of a headless session
			r.aborted = scan.True(s.Raw())
		case "toolDenialKind":
			r.refusal, r.judged = refusal(s.Raw())
		case "tool_result_meta":
			r.refusal, r.judged = listedRefusal(s.Raw())
		case "interruptedByShutdown":
			e.shutdown = scan.True(s.Raw())
		case "toolEndsTurn":
			r.ends = scan.True(s.Raw())
		case "queueTranscriptOnly":
			r.silent = scan.True(s.Raw())
		case "task_id", "tool_use_id", "output_file", "status", "summary":
			e.task = append(e.task, field{string(key), s.Raw()})
		case "isReplay":
			r.repeated = scan.True(s.Raw())
		case "leafUuid":
			e.leaf = s.Raw()
		case "explicit":
			e.explicit = scan.True(s.Raw())
		case "isSidechain":
			r.sidechain = scan.True(s.Raw())
		case "uuid":
			r.uuid = scan.Text(s.Raw())
		case "forkedFrom":
			r.copied = copiedFrom(s.Raw())
		case "requestId", "request_id":
			e.request = s.Raw()
		case "parentUuid":
			r.parent = scan.Text(s.Raw())
		case "timestamp":
			if at, err := time.Parse(time.RFC3339, scan.Text(s.Raw())); err == nil {
				r.time = at.UnixMicro()
			}
		case "agentId":
			from.agent = d.word(s.Raw())
		case "parent_tool_use_id":
			call = d.word(s.Raw())
		case "teamName":
			team = d.word(s.Raw())
		case "agentName":
			member = d.word(s.Raw())
		case "sessionId":
			from.session = d.word(s.Raw())
		case "version":
			from.version = d.word(s.Raw())
		}
	})
	if s.Failed() {
		return nil, false
	}
	if call != "" {
		r.sidechain, from.agent = true, cmp.Or(from.agent, call)
	}
	e.teammate = team != "" && member != "" && member != "team-lead"
	d.blocks = e.blocks
	r.content = span{offset + int64(e.content.start), e.content.end - e.content.start}
	from.model = d.word(e.model)
	d.share(r, from)
	d.classify(r, e)
	r.text = withoutPasteMarks(r.text) // only once its kind is known: what was pasted may look like a text of the program
	return r, true
}

// readReplacements reads the texts that replaced results before the model saw them. offset is as in decode.
func readReplacements(s *scan.Scanner, offset int64) []toolResult {
	var replaced []toolResult
	if s.Kind() != '[' {
		return nil
	}
	s.Array(func() {
		if s.Kind() != '{' {
			return
		}
		var made toolResult
		s.Object(func(key []byte) {
			switch string(key) {
			case "toolUseId":
				made.call = scan.Text(s.Raw())
			case "replacement":
				if s.Kind() == '"' {
					text := s.Raw()
					made.content = span{offset + int64(s.Offset()-len(text)), len(text)}
				}
			}
		})
		if made.call != "" && made.content.length > 0 {
			replaced = append(replaced, made)
		}
	})
	return replaced
}

// originalArguments is the place of a call's arguments as the model wrote them, before the program changed them.
type originalArguments struct {
	call  string
	place span
}

// readOriginals reads such places, one for each call. offset is as in decode.
func readOriginals(s *scan.Scanner, offset int64) []originalArguments {
	var all []originalArguments
	if s.Kind() != '{' {
		return nil
	}
	s.Object(func(call []byte) {
		if s.Kind() == '{' {
			arguments := s.Raw()
			all = append(all, originalArguments{string(call), span{offset + int64(s.Offset()-len(arguments)), len(arguments)}})
		}
	})
	return all
}

// copiedFrom returns the uuid of a copied record's original from the copy's raw member "forkedFrom".
func copiedFrom(raw []byte) string { return scan.Text(scan.Member(raw, "messageUuid")) }

// identity returns the uuid of a record or, for a copy, that of its original with its own as the alias. Forks that the
// program makes keep the uuids. Forks that its Agent SDKs make have new ones, and a fork of such a fork names only these.
func (r *record) identity() sdk.Identity {
	if r.copied == "" || r.copied == r.uuid {
		return sdk.Identity{Opening: r.uuid}
	}
	return sdk.Identity{Opening: r.copied, Alias: r.uuid}
}

// share makes a record share with others what they have in common, so that it is in memory once.
func (d *decoder) share(r *record, from origin) {
	if r.origin = d.origins[from]; r.origin == nil {
		r.origin = &from
		d.origins[from] = &from
	}
	r.parent = shared(r.parent, d.uuid)
	d.uuid = r.uuid
}

// shared returns kept if it is equal to text, so that the memory of text can be freed.
func shared(text, kept string) string {
	if text == kept {
		return kept
	}
	return text
}

// word returns the text of a raw value that stands in many records; equal values share one string.
func (d *decoder) word(raw []byte) string {
	if word, ok := d.words[string(raw)]; ok {
		return word
	}
	word := scan.Text(raw)
	d.words[string(raw)] = word
	return word
}

// An envelope holds what is needed of a record to classify it. Raw fields are valid as long as its line.
type envelope struct {
	offset                                            int64 // of the scanner's text
	typ, subtype, operation, reason, text, attachment []byte
	origin                                            string
	line                                              string // the line in which several commands were typed
	meta, summary, apiError, local, shutdown          bool
	automatic, ofApp                                  bool    // no human began the turn, but perhaps the app did
	teammate                                          bool    // in the session of an agent that works for another
	leaf                                              []byte  // of a note of what is the last record now
	explicit                                          bool    // such a note was made because the human went there
	task                                              []field // of a record on a background task
	replaced                                          []toolResult
	arguments                                         []originalArguments

	messageID, model, stop, usage, request []byte
	blocks                                 []block // of what the message says
	content                                struct{ start, end int }
}

// readMessage reads what is said; foreign writers put a string in place of the message object.
func (e *envelope) readMessage(s *scan.Scanner) {
	e.messageID, e.model, e.stop, e.usage, e.blocks = nil, nil, nil, nil, e.blocks[:0]
	if s.Kind() == '"' {
		e.readContent(s)
	} else if s.Kind() == '{' {
		s.Object(func(key []byte) {
			switch string(key) {
			case "id":
				e.messageID = s.Raw()
			case "model":
				e.model = s.Raw()
			case "stop_reason":
				e.stop = s.Raw()
			case "usage":
				e.usage = s.Raw()
			case "content":
				e.readContent(s)
			}
		})
	}
}

func (e *envelope) readContent(s *scan.Scanner) {
	e.content.start = s.Offset()
	e.blocks = readBlocks(s, e.blocks[:0])
	e.content.end = s.Offset()
}
