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
	// Read reads one unit and emits its examples in the order of the log. It rejects a record that cannot be read with
	// [Emitter.Reject] and goes on. A nil error says that the whole unit has been read. An error of opening or reading
	// one of the unit's files, such as [ErrLongLine], rejects that file; any other error ends the run. If a method of the
	// emitter returns an error, the host does not want more: return that error. The emitter must not be used after Read
	// has returned.
	//
	// Several goroutines call Read of one source at the same time, each for another unit. Units know nothing of each
	// other, so Read must not keep state between them. The host caches what a unit gave, so that must depend only on the
	// step's setup and options, the unit, and the content of the unit's files and of files that options name. While these
	// and the plugin's executable stay the same, Read is not called again. A unit without files is read in every run.
	Read(ctx context.Context, unit Unit, emitter *Emitter) error
}

// A Lister is a source that finds its own units. Any other source gets one unit with all files below its paths.
type Lister interface {
	// Units returns what the source will read, in a stable order. paths are the existing files and folders that the
	// pipeline names. Files that the source finds there but does not read are left out and need not be mentioned.
	Units(ctx context.Context, paths []string) ([]Unit, error)
}

// A Unit is what a source must read together, such as a journal, a log file, or a session with the files of its
// sub-agents.
type Unit struct {
	ID    string // the same in every run and on every machine, such as the main file's path relative to the source's path, with slashes
	Files []File // the main file first
}

// first returns the name of the main file, or "" if there is none.
func (u Unit) first() string {
	if len(u.Files) == 0 {
		return ""
	}
	return u.Files[0].Name
}

// A File is one file of a unit.
type File struct {
	Path     string // absolute
	Name     string // relative to the source's path, with slashes; examples and reports show it. A byte that is not UTF-8 is written like %F1
	Size     int64
	Modified time.Time
}

// Open opens the file for reading, unless it is a pipe or another special file. The error is an [fs.PathError].
func (f File) Open() (*os.File, error) {
	// Opening a pipe would wait for a writer. The file may have become one since it was listed.
	if info, err := os.Stat(f.Path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: f.Path, Err: errors.New("not a regular file")}
	}
	return os.Open(f.Path)
}

// NewSource returns a step that is a source. O is a struct whose tagged fields are its options:
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
//   - option: the name in a pipeline. It may be followed by ",required" if a pipeline must give the option, and by
//     ",secret".
//   - doc: a sentence; every option needs one.
//   - default: the value if the pipeline gives none, as text; commas separate the words of a list.
//   - one_of: the values that a string, or each string in a list, may have, separated by commas.
//   - min, max: the bounds of an int or float64.
//   - deprecated: what to use instead.
//
// [Plugin.Validate] reports other tags and embedded structs as mistakes. A field without tags is not an option.
// [OptionType] lists the types that a field may have. A field may also be a pointer to one of these types; it is nil if
// the pipeline does not give the option and it has no default.
//
// The value of a secret option is hidden wherever the host shows or logs what the plugin says, and so is everything in a
// secret nested block. Values of less than 4 bytes are not hidden. Examples and rows are not searched: the plugin must
// keep them free of secrets.
//
// The function open is called once for each block that uses the step, with valid options; it may return an [OptionError].
// It must return within [AnswerTime]: leave work that takes longer, or that needs a context, to the step's methods. The
// host's own options (see [Reserved]) are not in O; those that a step needs are in its [Setup].
func NewSource[O any](typ, doc string, open func(Setup, O) (Source, error)) Step {
	return newStep(KindSource, typ, doc, open)
}
