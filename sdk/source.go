package sdk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// A Source reads logs and emits examples.
type Source interface {
	// Read reads one unit and emits its examples in the order of the log. A record that cannot be read is rejected by
	// emitter.Reject, and reading goes on. A nil error says that the unit is read; an error of opening or reading one of its
	// files, such as [ErrLongLine], rejects that file; any other ends the run. When a method of the emitter returns an error, the host wants no more:
	// return that error. The emitter is not used any more when Read has returned.
	//
	// Units are read in parallel, by several goroutines that call Read of one source, and know nothing of each other, so
	// Read must not keep state between them. What a unit gave is cached: it must depend on nothing but the step's setup and
	// options, the unit, and the content of its files and of files that options name. While those and the plugin's
	// executable stay as they are, Read is not called again; for a unit without files it is each time.
	Read(ctx context.Context, unit Unit, emitter *Emitter) error
}

// A Lister is a source that finds its own units; any other source gets one unit with everything below its paths.
type Lister interface {
	// Units lists what the source will read, in a stable order. paths are the existing files and folders that
	// the pipeline names. What it finds there but will not read is no unit and is not mentioned.
	Units(ctx context.Context, paths []string) ([]Unit, error)
}

// A Unit is what a source must read together: a journal, a log file, a session with its sub-agents' files.
type Unit struct {
	ID    string // stable over runs and machines: the main file's path, relative to the source's path, with slashes
	Files []File // the main file first
}

// first is the name of the main file; empty where there is none.
func (u Unit) first() string {
	if len(u.Files) == 0 {
		return ""
	}
	return u.Files[0].Name
}

// A File is one file of a unit.
type File struct {
	Path     string // absolute
	Name     string // relative to the source's path, with slashes: what examples and reports say. A byte that is no UTF-8 is written as %F1
	Size     int64
	Modified time.Time
}

// Open opens the file for reading, unless it is a pipe or the like. The error is an [fs.PathError].
func (f File) Open() (*os.File, error) {
	// To open a pipe would wait for its writer; that it was none when it was listed says nothing.
	if info, err := os.Stat(f.Path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: f.Path, Err: errors.New("no regular file")}
	}
	return os.Open(f.Path)
}

// NewSource describes a source. O is a struct whose tagged fields are the options:
//
//	type options struct {
//		Channel string        `option:"channel" doc:"Reads only what was said there."`
//		Depth   int           `option:"depth,required" doc:"How many levels." min:"1" max:"9"`
//		Mode    string        `option:"mode" doc:"What to keep." default:"all" one_of:"all,new"`
//		Wait    time.Duration `option:"wait" doc:"How long." default:"10s"`
//		Rules   []rule        `option:"rule" doc:"One rule."`
//		Key     string        `option:"key,secret" doc:"Of the service."`
//	}
//
// The tags are:
//
//   - option: the name in a pipeline. Behind it may stand required, for a pipeline has to give it, and secret.
//   - doc: a sentence; every option has one.
//   - default: the value where a pipeline gives none, as text; the words of a list have commas between them.
//   - one_of: the words that a string may be, or that may be in a list.
//   - min, max: the bounds of an int or float64.
//   - deprecated: what to use instead.
//
// Other tags are refused by [Plugin.Validate], as are embedded structs; a field without tags is no option. [OptionType]
// lists the types that a field may have, and a pointer to one of them is nil where the pipeline gives nothing.
//
// A secret option is hidden wherever the host shows or logs what the plugin says; so is all that a secret nested block
// holds. Texts of less than 4 bytes are not, and neither are examples and rows, which the plugin must keep free of it.
// The host's own options (see [Reserved]) arrive in the [Setup]. open is called once for each block that uses the
// step, with valid options; it may return an [OptionError]. It has to be done within [AnswerTime]: what takes longer, or
// needs a context, is left to the step's methods.
func NewSource[O any](typ, doc string, open func(Setup, O) (Source, error)) Step {
	return newStep(KindSource, typ, doc, open)
}
