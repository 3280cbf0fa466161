// Package journal is the source of engineering journals: markdown that people write by hand about what went wrong, why,
// and what helps.
//
// People never write twice alike, so the package recognises roles instead of spellings (see [vocabulary]): a heading, a
// bold label, a table column, a list marker or a comment in code says that what follows is a problem, a cause, a fix,
// bad code, a command; without any of these, a sentence may say it itself. Each kind of example has one recogniser: [chains],
// [corrections], [antipatterns] and [commands].
//
// The records of a journal are the places that look like an example. Each is an example, is ignored, or is rejected with
// its line. READMEs, indexes and templates yield nothing. Struck-through text and HTML comments are withdrawn.
package journal

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// Plugin offers the journal source.
var Plugin = sdk.Plugin{
	Name:    "journal",
	Version: "0.1.0",
	Doc:     "Reads engineering journals written in markdown.",
	Steps:   []sdk.Step{sdk.NewSource("journal", doc, open)},
}

const doc = "Reads engineering journals: problems with causes and fixes, bad and good code, what not to do, and commands " +
	"with their purpose. Every *.md and *.markdown file is a unit."

type options struct{}

func open(setup sdk.Setup, _ options) (sdk.Source, error) {
	return &source{tools: newToolbox(setup.Tools)}, nil
}

type source struct{ tools toolbox }

// Units makes every markdown file a unit.
func (*source) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	return sdk.ListUnits(paths, isMarkdown)
}

func isMarkdown(base string) bool {
	switch strings.ToLower(filepath.Ext(base)) {
	case ".md", ".markdown":
		return true
	}
	return false
}

func readAll(file sdk.File) ([]byte, error) {
	opened, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return io.ReadAll(opened)
}

// Read emits the examples of one journal.
func (s *source) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	file := unit.Files[0]
	raw, err := readAll(file)
	if err != nil {
		return err
	}
	m, err := clean(raw)
	if err != nil {
		return emitter.Reject(sdk.Reject{Line: 1, Cause: err.Error()})
	}
	if isNoJournal(file.Name, m.text) {
		emitter.Ignore("template or index", 1)
		return nil
	}
	if m.withdrawn > 0 {
		emitter.Ignore("withdrawn text", m.withdrawn)
	}
	found := s.find(m.text, file.Name)
	for _, line := range m.long {
		found = append(found, finding{span: span{line, line}, rejected: "the line is too long or too deeply nested to be written by hand"})
	}
	return report(found, emitter)
}

// find runs every recogniser over a journal's text.
func (s *source) find(text, name string) []finding {
	text, front := cutFrontMatter(text)
	d := parse(text)
	d.meta = metaOf(d, name, front)
	found := chains(d)
	fixed, used := corrections(d)
	found = append(found, fixed...)
	found = append(found, antipatterns(d, used)...)
	found = append(found, commands(d, s.tools, used)...)
	ignoreRepeated(found)
	for _, one := range found {
		if one.example != nil {
			d.mark(one.example, one.first)
		}
	}
	return found
}
