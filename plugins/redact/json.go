package redact

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// json redacts the strings and numbers of a JSON value, and then the value as it is written: formats put it into texts,
// where a name in one string may tell what the next one is.
func (p *pass) json(raw json.RawMessage, where string) (json.RawMessage, error) {
	redacted := eachToken(raw, func(name string, token []byte) []byte {
		if token[0] == '"' {
			return unquoted(token, func(text string) string { return p.text(name, text, where) })
		}
		return []byte(p.number(name, string(token), where))
	})
	before := string(redacted)
	if len(p.r.finder().find(before)) == 0 {
		return redacted, nil
	}
	counts := make(map[place]int, len(p.counts))
	for at, n := range p.counts {
		counts[at] = n
	}
	if after := p.text("", before, where); json.Valid([]byte(after)) {
		return json.RawMessage(after), nil
	}
	p.counts = counts // what it found lies across strings: it stays, for the strings alone hold nothing
	return redacted, nil
}

// number redacts a number as it is written.
func (p *pass) number(name, number, where string) string {
	const least = 13 // digits of the shortest card
	if len(number) < least {
		return number
	}
	prefix := strconv.Quote(name) + ": "
	for _, f := range p.r.finder().find(prefix + number) {
		if f.Start == len(prefix) && f.End == len(prefix)+len(number) {
			f.Start, f.End, f.Number = 0, len(number), true
			return p.replace(number, []detect.Finding{f}, where)
		}
	}
	return number
}

// eachString visits the strings of a JSON value, those that name members too, and puts back what the visit makes of them;
// every other byte stays. What is no JSON stays as it is.
func eachString(raw []byte, visit func(name, text string) string) []byte {
	return eachToken(raw, func(name string, token []byte) []byte {
		if token[0] != '"' {
			return token
		}
		return unquoted(token, func(text string) string { return visit(name, text) })
	})
}

// unquoted visits the text of a string token; one that the visit leaves as it is stays as it is written.
func unquoted(token []byte, visit func(text string) string) []byte {
	text, err := jsontext.AppendUnquote(nil, token)
	if err != nil && len(text) == 0 {
		return token
	}
	before := string(text)
	after := visit(before)
	if after == before {
		return token
	}
	quoted, _ := jsontext.AppendQuote(nil, after) // the error only tells that bytes were replaced
	return quoted
}

// eachToken visits the strings and numbers with the name of the member whose value they are; that of a name is empty.
func eachToken(raw []byte, visit func(name string, token []byte) []byte) []byte {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var out []byte // nil as long as nothing has changed
	copied := 0
	var name string
	for {
		next := decoder.PeekKind()
		if next == 0 {
			break
		}
		if next != '0' && next != '"' {
			if _, err := decoder.ReadToken(); err != nil {
				return raw
			}
			continue
		}
		parent, length := decoder.StackIndex(decoder.StackDepth())
		token, err := decoder.ReadValue()
		if err != nil {
			return raw
		}
		isName := parent == '{' && length%2 == 0
		member := name
		if isName {
			member = ""
		}
		if made := visit(member, token); !bytes.Equal(made, token) {
			end := int(decoder.InputOffset())
			out = append(append(out, raw[copied:end-len(token)]...), made...)
			copied = end
		}
		if isName {
			text, _ := jsontext.AppendUnquote(nil, token)
			name = string(text)
		}
	}
	if copied == 0 {
		return raw
	}
	return append(out, raw[copied:]...)
}
