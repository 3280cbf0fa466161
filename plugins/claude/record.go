package claude

import (
	"cmp"
	"time"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// A record is the little that is kept in memory of one JSON object of a transcript. What was said stays in the file, and
// so does toolUseResult, which is a third of all bytes and not what the model saw.
type record struct {
	line         int
	kind         kind
	uuid, parent string
	copied       string  // the uuid of the record that it is a copy of, in the session that was forked
	sent         string  // the uuid that a prompt was put into the queue with
	origin       *origin // shared by many
	time         int64   // in microseconds since 1970; 0 where unknown

	content     span    // what was said
	text        string  // what a user said, cleaned
	messageID   string  // of the answer that the record is a part of
	request     string  // the id of the request that it answers
	prompted    int     // how many tokens that request had; 0 where unknown
	calls       []*call // that the answer makes
	results     []toolResult
	refusal     string   // the label of a call that was not made; empty where none fits
	judged      bool     // says itself whether, or why, its call was not made
	retracts    []string // the uuids of answers that were taken back
	serverCalls []string // made and answered within the model's service: their ids
	badCalls    int32    // that are no calls: without an id or a name, or with arguments that are no object
	interrupts  bool     // says that the user interrupted the model, besides what it says
	aborted     bool     // an answer that broke off
	cut         bool     // an answer that was cut off
	speaks      bool     // an answer that says or thinks something
	ends        bool     // a result that ends the turn: no answer follows
	forks       bool     // begins what a forked sub-agent does itself
	stacked     bool     // a command that was typed in the line of the one before
	sidechain   bool     // part of a sub-agent's conversation
	silent      bool     // written to the file without a turn that answers it
	turn        *turn    // that claims it
}

// A toolResult is what a call gave.
type toolResult struct {
	call    string // its id
	record  *record
	content span
	failed  bool
}

// An origin is where records come from.
type origin struct {
	session string
	version string // of the program
	agent   string // the sub-agent's id, where known
	model   string // that answered
}

// A span is a place in a file.
type span struct {
	offset int64
	length int
}

// A decoder makes records of JSON objects.
type decoder struct {
	blocks []block // of the object at hand

	// What stands in many records is kept once.
	words     map[string]string
	origins   map[origin]*origin
	uuid      string // of the record before
	messageID string // of the part of an answer before
	request   string // that it answers
}

func newDecoder() *decoder {
	return &decoder{words: map[string]string{}, origins: map[origin]*origin{}}
}

// decode decodes the object that the scanner stands before, and reports false where there is none. offset is where the
// scanner's text begins in the file. Fields of unexpected types are read as if absent or as their text.
func (d *decoder) decode(s *scan.Scanner, line int, offset int64) (*record, bool) {
	r := &record{line: line}
	var from origin
	call := "" // that a sub-agent works for, in the log of a headless session
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
			e.written = readWritten(s, offset)
		case "replacements":
			e.replaced = readReplacements(s, offset)
		case "retractedMessageUuids", "supersedesUuids":
			r.retracts = texts(s.Raw())
		case "isAbortedMidStream":
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
	d.blocks = e.blocks
	r.content = span{offset + int64(e.content.start), e.content.end - e.content.start}
	from.model = d.word(e.model)
	d.share(r, from)
	d.classify(r, e)
	r.text = withoutMarks(r.text) // when its kind is known: what was pasted may look like a text of the program
	return r, true
}

// readReplacements reads by which texts results were replaced before the model saw them. offset is as in decode.
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

// written is where the arguments of a call stand as the model wrote them, where the program changed them.
type written struct {
	call  string
	place span
}

// readWritten reads such places by call. offset is as in decode.
func readWritten(s *scan.Scanner, offset int64) []written {
	var all []written
	if s.Kind() != '{' {
		return nil
	}
	s.Object(func(call []byte) {
		if s.Kind() == '{' {
			arguments := s.Raw()
			all = append(all, written{string(call), span{offset + int64(s.Offset()-len(arguments)), len(arguments)}})
		}
	})
	return all
}

// copiedFrom is the uuid of the record that one with such a raw member "forkedFrom" is a copy of.
func copiedFrom(raw []byte) string { return scan.Text(scan.Member(raw, "messageUuid")) }

// identity names a record: a copy by what it is a copy of, besides its own uuid. The program's forks keep the uuids; those
// that its Agent SDKs make have new ones, and a fork of such a fork names only the latter.
func (r *record) identity() sdk.Identity {
	if r.copied == "" || r.copied == r.uuid {
		return sdk.Identity{Opening: r.uuid}
	}
	return sdk.Identity{Opening: r.copied, Alias: r.uuid}
}

// share has a record keep what it has in common with others only once.
func (d *decoder) share(r *record, from origin) {
	if r.origin = d.origins[from]; r.origin == nil {
		r.origin = &from
		d.origins[from] = &from
	}
	r.parent = shared(r.parent, d.uuid)
	d.uuid = r.uuid
}

// shared gives a text in the memory of one that is kept already, where the two are equal, so that its own can be freed
// with the line that it was read from.
func shared(text, kept string) string {
	if text == kept {
		return kept
	}
	return text
}

// word is the text of a raw value that stands in many records.
func (d *decoder) word(raw []byte) string {
	if word, ok := d.words[string(raw)]; ok {
		return word
	}
	word := scan.Text(raw)
	d.words[string(raw)] = word
	return word
}

// An envelope is what is needed of a record to classify it, raw and valid as long as its line.
type envelope struct {
	offset                                            int64 // of the scanner's text
	typ, subtype, operation, reason, text, attachment []byte
	origin                                            string
	line                                              string // that several commands were typed in
	meta, summary, apiError, local, shutdown          bool
	automatic, ofApp                                  bool // no human began the turn, but perhaps the app
	replaced                                          []toolResult
	written                                           []written

	messageID, model, stop, usage, request []byte
	blocks                                 []block // of what the message says
	content                                struct{ start, end int }
}

// readMessage reads what is said; foreign writers put a string where the message object belongs.
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
