package claude

import (
	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// A record is the little that is kept in memory of one JSON object of a transcript. What was said stays in the file, and
// so does toolUseResult, which is a third of all bytes and not what the model saw.
type record struct {
	line         int
	kind         kind
	uuid, parent string
	agent        string // the sub-agent's id, where known
	sidechain    bool   // part of a sub-agent's conversation

	content     span     // what was said
	text        string   // what a user said, cleaned
	messageID   string   // of the answer that the record is a part of
	model       string   // that answered
	calls       []*call  // that the answer makes
	serverCalls int      // made and answered within the model's service
	badCalls    int      // with arguments that are no object
	results     []string // ids of the calls that the record answers
	failed      bool     // one of the results is an error

	session, version, time string
	claimed                bool // by a turn
}

// A span is a place in a file.
type span struct {
	offset int64
	length int
}

// A decoder makes records of JSON objects.
type decoder struct {
	blocks []block           // of the object at hand
	words  map[string]string // what stands in many records is kept once
}

func newDecoder() *decoder { return &decoder{words: map[string]string{}} }

// decode decodes the object that the scanner stands before, and reports false where there is none. offset is where the
// scanner's text begins in the file. Fields of unexpected types are read as if absent or as their text.
func (d *decoder) decode(s *scan.Scanner, line int, offset int64) (*record, bool) {
	r := &record{line: line}
	e := envelope{blocks: d.blocks[:0]}
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
		case "operation":
			e.operation = s.Raw()
		case "attachment":
			e.attachment = s.Raw()
		case "origin":
			e.origin = scan.Text(scan.Member(s.Raw(), "kind"))
		case "isMeta":
			e.meta = scan.True(s.Raw())
		case "isCompactSummary":
			e.summary = scan.True(s.Raw())
		case "isApiErrorMessage":
			e.apiError = scan.True(s.Raw())
		case "isSidechain":
			r.sidechain = scan.True(s.Raw())
		case "uuid":
			r.uuid = scan.Text(s.Raw())
		case "parentUuid":
			r.parent = scan.Text(s.Raw())
		case "timestamp":
			r.time = scan.Text(s.Raw())
		case "agentId":
			r.agent = d.word(s.Raw())
		case "sessionId":
			r.session = d.word(s.Raw())
		case "version":
			r.version = d.word(s.Raw())
		}
	})
	if s.Failed() {
		return nil, false
	}
	d.blocks = e.blocks
	r.content = span{offset + int64(e.content.start), e.content.end - e.content.start}
	d.classify(r, e)
	return r, true
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
	typ, subtype, operation, text, attachment []byte
	origin                                    string
	meta, summary, apiError                   bool

	messageID, model []byte
	blocks           []block // of what the message says
	content          struct{ start, end int }
}

// readMessage reads what is said; foreign writers put a string where the message object belongs.
func (e *envelope) readMessage(s *scan.Scanner) {
	e.messageID, e.model, e.blocks = nil, nil, e.blocks[:0]
	if s.Kind() == '"' {
		e.readContent(s)
	} else if s.Kind() == '{' {
		s.Object(func(key []byte) {
			switch string(key) {
			case "id":
				e.messageID = s.Raw()
			case "model":
				e.model = s.Raw()
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
