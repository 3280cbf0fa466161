package claude

import (
	"strings"

	"github.com/tidwall/gjson"
)

// A record is one JSON object of a transcript, of which only what later stages need is kept: above all not
// toolUseResult, which is a third of all bytes and not what the model saw.
type record struct {
	line         int
	kind         kind
	uuid, parent string
	agent        string // the sub-agent's id, where known
	sidechain    bool   // part of a sub-agent's conversation

	messageID string
	model     string
	content   string // raw JSON of what was said
	text      string // what a user said, cleaned

	session, version, time string
	claimed                bool // by a turn
}

// decode keeps what is needed of one record. Fields of unexpected types are read as if absent or as their text.
func decode(object []byte, line int) *record {
	r := &record{line: line}
	var e envelope
	gjson.ParseBytes(object).ForEach(func(key, value gjson.Result) bool {
		switch key := key.String(); key {
		case "isSidechain":
			r.sidechain = value.Bool()
		case "uuid":
			r.uuid = keep(value)
		case "parentUuid":
			r.parent = keep(value)
		case "agentId":
			r.agent = keep(value)
		case "sessionId":
			r.session = keep(value)
		case "version":
			r.version = keep(value)
		case "timestamp":
			r.time = keep(value)
		default:
			e.take(key, value)
		}
		return true
	})
	r.classify(e)
	return r
}

// keep copies a string, so that the rest of its line can be freed.
func keep(value gjson.Result) string { return strings.Clone(value.String()) }

// An envelope is what is needed of a record to classify it, valid as long as its line.
type envelope struct {
	typ, subtype, operation, origin string
	meta, summary, apiError         bool
	message, content, attachment    gjson.Result
}

func (e *envelope) take(key string, value gjson.Result) {
	switch key {
	case "type":
		e.typ = value.String()
	case "subtype":
		e.subtype = value.String()
	case "operation":
		e.operation = value.String()
	case "message":
		e.message = value
	case "content":
		e.content = value
	case "attachment":
		e.attachment = value
	case "origin":
		e.origin = value.Get("kind").String()
	case "isMeta":
		e.meta = value.Bool()
	case "isCompactSummary":
		e.summary = value.Bool()
	case "isApiErrorMessage":
		e.apiError = value.Bool()
	}
}
