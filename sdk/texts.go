package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// validText does what strings.ToValidUTF8 does, but is quick for valid texts, which nearly all are.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// cleanText replaces bytes that are not UTF-8, which neither protobuf nor any trainer accepts.
func (e *Example) cleanText() {
	cleanTexts(&e.Source, &e.SourceFile, (*string)(&e.Type), &e.TaskType, &e.System, &e.Context, &e.Split)
	cleanTexts(&e.Identity.Opening, &e.Identity.Alias, &e.Identity.Conversation)
	cleanLists(&e.Identity.Calls, &e.Tags, &e.Labels)
	e.Provenance.clean()
	for i := range e.Signals {
		cleanTexts(&e.Signals[i].Name, &e.Signals[i].Evidence)
	}
	for i := range e.Messages {
		e.Messages[i].clean()
	}
	if e.Rejected != nil {
		e.Rejected.clean()
	}
	cleanJSON(&e.GameState)
	_, texts := e.detail()
	cleanTexts(texts...)
}

func (p *Provenance) clean() {
	cleanTexts(&p.Plugin, &p.PluginVersion, &p.Unit, &p.File, &p.Session, &p.ProducerVersion, &p.Model, &p.Parent)
	cleanLists(&p.RecordIDs)
	for kind, n := range p.Removed {
		if !utf8.ValidString(kind) {
			delete(p.Removed, kind)
			p.Removed[validText(kind)] += n
		}
	}
}

func (m *Message) clean() {
	cleanTexts((*string)(&m.Role), &m.Text, &m.Thinking, &m.CallID)
	cleanCalls(m.Calls)
	if a := m.Rejected; a != nil {
		cleanTexts(&a.Text, &a.Thinking)
		cleanCalls(a.Calls)
	}
}

func cleanCalls(calls []Call) {
	for i := range calls {
		c := &calls[i]
		cleanTexts(&c.ID, &c.Server, &c.Tool, (*string)(&c.Phase))
		cleanJSON(&c.Arguments)
	}
}

func cleanJSON(text *json.RawMessage) {
	if !utf8.Valid(*text) {
		*text = bytes.ToValidUTF8(*text, []byte("\ufffd"))
	}
}

func cleanTexts(texts ...*string) {
	for _, text := range texts {
		*text = validText(*text)
	}
}

func cleanLists(lists ...*[]string) {
	for _, list := range lists {
		if slices.ContainsFunc(*list, func(text string) bool { return !utf8.ValidString(text) }) {
			*list = slices.Clone(*list) // examples of several units may share the list
			for i := range *list {
				cleanTexts(&(*list)[i])
			}
		}
	}
}

// readable writes each byte that is not UTF-8 as [File] says of Name, so that names that differ in such bytes stay
// different.
func readable(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	var b strings.Builder
	for len(name) > 0 {
		r, n := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, "%%%02X", name[0])
		} else {
			b.WriteString(name[:n])
		}
		name = name[n:]
	}
	return b.String()
}
