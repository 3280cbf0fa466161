package owned

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/whole"
)

// A List is a JSON object in a file whose members belong to several outputs or to somebody else: a list of data sets.
type List struct {
	names  []string // in order
	values map[string]jsontext.Value
}

// ParseList reads a list, whose members may be anything.
func ParseList(text []byte) (*List, error) {
	list := &List{values: map[string]jsontext.Value{}}
	d := jsontext.NewDecoder(bytes.NewReader(text))
	if d.PeekKind() != jsontext.KindBeginObject {
		return list, errors.New("it is not a JSON object")
	}
	_, err := d.ReadToken()
	for err == nil && d.PeekKind() != jsontext.KindEndObject {
		var token jsontext.Token
		if token, err = d.ReadToken(); err != nil {
			break
		}
		name := token.String() // the token is valid until the next call
		var value jsontext.Value
		if value, err = d.ReadValue(); err == nil {
			list.set(name, value.Clone())
		}
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	if err != nil {
		return list, err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return list, errors.New("something follows the JSON object")
	}
	return list, nil
}

// Names returns the names of the members, in order.
func (l *List) Names() []string { return l.names }

func (l *List) set(name string, value jsontext.Value) {
	if _, there := l.values[name]; !there {
		l.names = append(l.names, name)
	}
	l.values[name] = value
}

// text returns the object with a line for each member; values stay as they are written.
func (l *List) text() ([]byte, error) {
	text := []byte("{")
	for i, name := range l.names {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, "\n  "...)
		var err error
		if text, err = jsontext.AppendQuote(text, name); err != nil {
			return nil, fmt.Errorf("write the name %q: %w", name, err)
		}
		text = append(append(text, ": "...), l.values[name]...)
	}
	return append(text, "\n}\n"...), nil
}

// Place puts an output's entries, which are the members of l, into the list in the file at a path. It returns what stays as
// somebody else wrote it: entries, or the whole file if it is no list.
func (l *List) Place(path string, files *Files) (foreign []string, err error) {
	name := filepath.Base(path)
	there, err := os.ReadFile(path)
	list, fault := ParseList(there)
	if !errors.Is(err, fs.ErrNotExist) && (err != nil || fault != nil) {
		return []string{name}, nil
	}
	var ours []string
	for _, entry := range l.names {
		old, known := list.values[entry]
		if known && !same(old, l.values[entry]) && !files.hasEntry(path, entry, old) {
			foreign = append(foreign, fmt.Sprintf("%q in %s", entry, name))
			continue
		}
		list.set(entry, l.values[entry])
		ours = append(ours, entry)
	}
	text, err := list.text()
	if err == nil && !bytes.Equal(text, there) {
		err = whole.Replace(path, text)
	}
	if err != nil {
		return foreign, err
	}
	for _, entry := range ours {
		files.addEntry(path, entry, l.values[entry])
	}
	return foreign, nil
}

// same reports whether two values are the same but for white space.
func same(a, b jsontext.Value) bool {
	a, b = a.Clone(), b.Clone()
	return a.Compact() == nil && b.Compact() == nil && bytes.Equal(a, b)
}
