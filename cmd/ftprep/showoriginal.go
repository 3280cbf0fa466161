package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/sdk"
)

// original is the part of a log that an example was made of.
type original struct {
	File  string         `json:"file"`
	Note  string         `json:"note,omitempty"` // says that the file has changed, or why there are no lines
	Lines []originalLine `json:"lines"`
}

type originalLine struct {
	Number int    `json:"line"`
	Part   string `json:"part,omitempty"` // what became of the line, named as in the printed example: user, call, problem
	Text   string `json:"text"`

	log    []byte            // the line as it is in the log
	ids    map[string]string // the record ids at the top level of the line, by key
	quoted bool              // the line holds a text of the example
	focus  int               // offset of the part that the example was made of
}

// original reads the lines of an example, and notes if their file is not as it was in the run.
func (a *app) original(work string, history *record.History, remade *run.Remade, mask func([][]byte) [][]byte, full bool) (*original, error) {
	room := 0
	if !full && !a.json {
		room = max(a.width()-numberWidth(remade.Example.Provenance.LastLine)-partWidth-2, 40)
	}
	lines := readOriginal(history.Read.Step, remade, mask, room)
	then, err := history.File(work, remade.File.Name)
	if err != nil || lines == nil || then == nil || lines.Note != "" || then.Bytes == remade.File.Size {
		return lines, err
	}
	lines.Note = fmt.Sprintf("the file has changed since run %s: it had %d bytes then and has %d now", history.Run, then.Bytes, remade.File.Size)
	return lines, nil
}

// readOriginal reads the lines of an example, masks them, and shortens each to room (0: not at all). It returns nil if the source
// does not know lines. The source may have read the example from a file that ftprep wrote, which names an original elsewhere.
func readOriginal(source string, remade *run.Remade, mask func([][]byte) [][]byte, room int) *original {
	p := remade.Read.Provenance
	if p.FirstLine == 0 {
		return nil
	}
	o := &original{File: remade.Example.Provenance.File, Lines: []originalLine{}}
	if remade.File.Path == "" {
		o.Note = source + " reads no file of this name, so its lines cannot be shown"
		return o
	}
	file, err := remade.File.Open()
	if err != nil {
		o.Note = fmt.Sprintf("the file cannot be opened any more: %v", errors.Unwrap(err))
		return o
	}
	defer file.Close()
	if err := o.read(file, newRecognizer(remade.Read)); err != nil {
		o.Note, o.Lines = err.Error(), []originalLine{}
	}
	o.Lines = ownLines(o.Lines)
	o.mask(mask, room)
	return o
}

func (o *original) read(file io.Reader, r *recognizer) error {
	p := r.example.Provenance
	for line, err := range sdk.Lines(file) {
		switch {
		case line.Number < p.FirstLine && (err == nil || errors.Is(err, sdk.ErrLongLine)):
			continue
		case line.Number > p.LastLine:
			return nil
		case err != nil:
			return fmt.Errorf("line %d: %w", line.Number, err)
		case !isText(line.Text):
			return errors.New("the file is not text")
		}
		made := originalLine{Number: line.Number, log: bytes.Clone(line.Text)}
		r.recognize(line.Text, &made)
		o.Lines = append(o.Lines, made)
	}
	if len(o.Lines) == 0 {
		return fmt.Errorf("the file has no line %d any more", p.FirstLine)
	}
	return nil
}

// mask redacts the lines together, because a secret may span several, and shortens each to room (0: not at all).
func (o *original) mask(mask func([][]byte) [][]byte, room int) {
	var lines [][]byte
	for _, line := range o.Lines {
		lines = append(lines, line.log)
	}
	for i, text := range mask(lines) {
		line := &o.Lines[i]
		if room > 0 {
			line.Text = abridge(text, min(line.focus, len(text)), room)
		} else {
			line.Text = string(text)
		}
	}
}

// partWidth is the width of the longest part, plus a space.
const partWidth = 10

func numberWidth(last int) int { return len(strconv.Itoa(last)) + 2 }

// writeOriginal prints the lines, and how many lines of other records are between them.
func writeOriginal(w io.Writer, o *original, p sdk.Provenance) {
	fmt.Fprintf(w, "\nlines of %s:\n", visible(o.File, ""))
	if o.Note != "" {
		fmt.Fprintf(w, "  %s\n", visible(o.Note, ""))
	}
	next := p.FirstLine
	for _, line := range o.Lines {
		writeGap(w, line.Number-next)
		next = line.Number + 1
		row := fmt.Sprintf("%*d  %-*s%s", numberWidth(p.LastLine), line.Number, partWidth, line.Part, visible(line.Text, ""))
		fmt.Fprintln(w, strings.TrimRight(row, " "))
	}
	if len(o.Lines) > 0 {
		writeGap(w, p.LastLine+1-next)
	}
}

func writeGap(w io.Writer, lines int) {
	if lines > 0 {
		fmt.Fprintf(w, "%s(%s of other records)\n", strings.Repeat(" ", partWidth), count(lines, "line"))
	}
}
