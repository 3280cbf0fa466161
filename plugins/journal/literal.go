package journal

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// A literalReader reads the literals of Python, JavaScript and JSON and turns them into JSON that keeps numbers and the
// order of keys as they were written.
type literalReader struct {
	text  string
	at    int
	depth int // of lists and objects around the value at hand
}

// maxNesting is how deep lists and objects of a literal may nest, because the stack of whoever reads them is limited.
const maxNesting = 100

var (
	errNotLiteral = errors.New("an argument is not a literal value")
	number        = newForm(`^[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*)(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)`)
	identifier    = newForm(`^[A-Za-z_]\w*`)
)

func (r *literalReader) space() {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\\':
			r.at++
		case c == '#': // a comment inside a call of several lines
			for r.at < len(r.text) && r.text[r.at] != '\n' {
				r.at++
			}
		default:
			return
		}
	}
}

func (r *literalReader) peek() byte {
	r.space()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *literalReader) accept(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

// value reads one literal as JSON.
func (r *literalReader) value() (json.RawMessage, error) {
	switch c := r.peek(); {
	case c == '"' || c == '\'':
		s, err := r.str()
		if err != nil {
			return nil, err
		}
		return quoted(s), nil
	case c == '[' || c == '(' || c == '{':
		return r.container(c)
	}
	if literal := number().FindString(r.text[r.at:]); literal != "" {
		r.at += len(literal)
		return jsonNumber(literal)
	}
	return r.word()
}

// word reads a word that stands for a value.
func (r *literalReader) word() (json.RawMessage, error) {
	word := identifier().FindString(r.text[r.at:])
	r.at += len(word)
	switch word {
	case "True", "true":
		return json.RawMessage("true"), nil
	case "False", "false":
		return json.RawMessage("false"), nil
	case "None", "null":
		return json.RawMessage("null"), nil
	}
	return nil, errNotLiteral
}

// container reads a list, a tuple, which becomes a list, or an object.
func (r *literalReader) container(open byte) (json.RawMessage, error) {
	if r.depth == maxNesting {
		return nil, errNotLiteral
	}
	r.depth++
	defer func() { r.depth-- }()
	r.accept(open)
	out, end := []byte{open}, map[byte]byte{'[': ']', '(': ')', '{': '}'}[open]
	for !r.accept(end) {
		if len(out) > 1 {
			out = append(out, ", "...)
		}
		if open == '{' {
			key, err := r.key()
			if err != nil || !r.accept(':') {
				return nil, errNotLiteral
			}
			out = append(append(out, quoted(key)...), ": "...)
		}
		item, err := r.value()
		if err != nil {
			return nil, err
		}
		out = append(out, item...)
		if !r.accept(',') && r.peek() != end {
			return nil, errNotLiteral
		}
	}
	if open == '(' { // JSON has no tuples
		out[0], end = '[', ']'
	}
	return append(out, end), nil
}

// key reads the key of an object's member, which JavaScript writes without quotes.
func (r *literalReader) key() (string, error) {
	if c := r.peek(); c == '"' || c == '\'' {
		return r.str()
	}
	key := identifier().FindString(r.text[r.at:])
	if key == "" {
		return "", errNotLiteral
	}
	r.at += len(key)
	return key, nil
}

// jsonNumber keeps a number as written if it is valid JSON, and otherwise makes it so.
func jsonNumber(literal string) (json.RawMessage, error) {
	if json.Valid([]byte(literal)) {
		return json.RawMessage(literal), nil
	}
	plain := strings.TrimPrefix(strings.ReplaceAll(literal, "_", ""), "+")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil && strings.ContainsAny(plain, "xX") {
		return json.RawMessage(strconv.FormatInt(i, 10)), nil
	}
	if strings.HasPrefix(plain, ".") {
		plain = "0" + plain
	}
	plain = strings.TrimSuffix(plain, ".")
	if !json.Valid([]byte(plain)) {
		return nil, errNotLiteral
	}
	return json.RawMessage(plain), nil
}

// quoted writes a JSON string without escaping what only HTML needs escaped.
func quoted(s string) json.RawMessage {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return json.RawMessage(`""`) // unreachable: every string can be encoded
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}
