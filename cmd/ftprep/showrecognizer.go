package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// recognizer recognizes the lines of an example by the texts, tools and ids of the example that they hold.
type recognizer struct {
	example *sdk.Example
	records map[string]bool // ids of the records that the example is made of
	tools   map[string]bool
	results map[string]bool // ids of answered calls
	texts   []record.Part   // texts of the example; in prose, those not found yet
	before  map[string]any  // the previous record, to tell what a record only repeats
}

// leastRecognized is the least length of a text that is recognized inside another.
const leastRecognized = 20

func newRecognizer(e *sdk.Example) *recognizer {
	r := &recognizer{example: e, records: map[string]bool{}, tools: map[string]bool{}, results: map[string]bool{}}
	for _, id := range e.Provenance.RecordIDs {
		r.records[id] = true
	}
	for _, message := range e.Messages {
		r.texts = append(r.texts, record.Part{Name: string(message.Role), Text: message.Text}, record.Part{Name: "thinking", Text: message.Thinking})
		for _, call := range message.Calls {
			r.tools[call.Tool], r.tools[call.FullName()] = true, true
		}
		if message.CallID != "" {
			r.results[message.CallID] = true
		}
	}
	r.texts = append(r.texts, record.Details(e)...)
	for i := range r.texts {
		r.texts[i].Text = strings.TrimSpace(r.texts[i].Text)
	}
	r.texts = slices.DeleteFunc(r.texts, func(p record.Part) bool { return p.Text == "" })
	return r
}

// recognize sets what became of a line, and the record ids in it.
func (r *recognizer) recognize(text []byte, line *originalLine) {
	line.ids = map[string]string{}
	var found evidence
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	for {
		var object map[string]any
		if decoder.Decode(&object) != nil {
			break
		}
		r.gather(object, &found, line.ids)
	}
	if len(found.strings) == 0 {
		line.Part = r.inProse(string(text))
		return
	}
	var words string
	line.Part, words = r.findQuoted(found.strings, string(text))
	line.quoted = words != ""
	switch {
	case found.tool != "":
		line.Part, words = "call", found.tool
	case found.result != "":
		line.Part, words = string(sdk.RoleTool), cmp.Or(words, found.result)
	}
	line.focus = max(bytes.Index(text, plainJSON(words)), 0)
}

// evidence is what the records of a line hold.
type evidence struct {
	strings []string
	tool    string // a tool that the example calls
	result  string // the id of an answered call
}

// gather gathers what a record holds, except what it only repeats from the previous record, and the record ids at its top level.
func (r *recognizer) gather(object map[string]any, found *evidence, ids map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value := object[key]
		if id, ok := scalar(value); ok && r.records[id] {
			ids[key] = id
		}
		if text, ok := value.(string); ok && r.before[key] == text {
			continue
		}
		eachString(key, value, func(key, value string) {
			found.strings = append(found.strings, value)
			if r.tools[value] && key != "type" && key != "role" {
				found.tool = value
			}
			if r.results[value] {
				found.result = value
			}
		})
	}
	r.before = object
}

// plainJSON returns the beginning of s as JSON, up to the first character that writers of JSON may write differently.
func plainJSON(s string) []byte {
	for i, r := range s {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\\/<>&`, r) {
			return []byte(`"` + s[:i])
		}
	}
	return []byte(`"` + s)
}

// findQuoted returns the name of a text of the example that is among the strings of a record, and that string. A result may also
// be JSON that is in the record as it is.
func (r *recognizer) findQuoted(strs []string, raw string) (name, words string) {
	slices.SortFunc(strs, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	for _, same := range []func(string, string) bool{
		func(text, s string) bool { return text == s },
		func(text, s string) bool {
			return len(s) >= leastRecognized && wholeLines(text, s) || len(text) >= leastRecognized && strings.Contains(s, text)
		},
	} {
		for _, s := range strs {
			for _, p := range r.texts {
				if same(p.Text, strings.TrimSpace(s)) {
					return p.Name, s
				}
			}
		}
	}
	for _, p := range r.texts {
		if strings.HasPrefix(p.Text, "{") && strings.Contains(raw, p.Text) {
			return p.Name, p.Text
		}
	}
	return "", ""
}

// wholeLines reports whether s is one or several whole lines of text. It copies the text only if it contains s, which is rare.
func wholeLines(text, s string) bool {
	return strings.Contains(text, s) && strings.Contains("\n"+text+"\n", "\n"+s+"\n")
}

// inProse returns the name of a text of the example whose first line is in a line of prose or code, each text once; or call, if
// the line names a tool.
func (r *recognizer) inProse(line string) string {
	for i, p := range r.texts {
		first, _, _ := strings.Cut(p.Text, "\n")
		if first = strings.TrimSpace(first); len(first) > 2 && strings.Contains(line, first) {
			r.texts = slices.Delete(r.texts, i, i+1)
			return p.Name
		}
	}
	for tool := range r.tools {
		if strings.Contains(line, tool) {
			return "call"
		}
	}
	return ""
}
