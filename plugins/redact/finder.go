package redact

import "github.com/ftprep/ftprep/plugins/redact/detect"

// A finder finds what a detector does, and remembers long texts that hold nothing, because logs and outputs repeat
// themselves: an earlier turn is the context of the next, a result stands in the messages of a row and beside its call, and
// an example in several outputs. It is safe for several goroutines.
type finder struct {
	detector *detect.Detector
	clean    memory // of texts that hold nothing
	values   memory // of JSON whose strings and numbers hold nothing
}

func newFinder(o detect.Options) *finder {
	detector, err := detect.New(o)
	if err != nil {
		panic("redact: " + err.Error()) // the options were checked
	}
	return &finder{detector: detector}
}

// find finds everything in a text.
func (f *finder) find(text string) []detect.Finding { return f.findValue("", text) }

// findValue finds everything in the value of a field whose name may say what it is.
func (f *finder) findValue(name, value string) []detect.Finding {
	entry := f.clean.of(name, value)
	if entry.known() {
		return nil
	}
	found := f.detector.FindValue(name, value)
	if len(found) == 0 {
		entry.put()
	}
	return found
}
