package record

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what a summary says of rejects.
const (
	mostCauses  = 100 // that are told apart
	shownPlaces = 5   // of a cause
)

// Cause is why records of a source were rejected.
type Cause struct {
	Source string   `json:"source"`
	Cause  string   `json:"cause"` // without the record's place and quotes from the log; empty: causes that are not told apart
	Count  int      `json:"count"`
	Places []string `json:"places"` // the first ones
	First  Reject   `json:"-"`      // the first record, with what its cause quotes
}

var (
	quoted  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`) // a text in quotes, as Go quotes it
	element = regexp.MustCompile(`^element \d+: `)    // where in its line a record stands
)

// Causes returns why records were rejected, by source, the most frequent cause first; of equals the first. There may be as many
// causes as records, so beyond some they are not told apart. The list of rejects has to be complete. mask is applied to what
// comes from logs; nil: nothing is masked.
func (w *Writer) Causes(mask func(string) string) ([]Cause, error) {
	if w == nil {
		return nil, nil
	}
	if mask == nil {
		mask = func(text string) string { return text }
	}
	var list []Cause
	known := map[[2]string]int{} // index in the list
	for reject, err := range linesOf[Reject](pastRun{folder: w.folder}, rejectsList) {
		if err != nil {
			return nil, err
		}
		key := [2]string{reject.Source, quoted.ReplaceAllString(element.ReplaceAllString(reject.Cause, ""), `"…"`)}
		at, ok := known[key]
		if !ok && len(known) >= mostCauses {
			key[1] = ""
			at, ok = known[key]
		}
		if !ok {
			at = len(list)
			known[key] = at
			first := Reject{Source: reject.Source, File: mask(reject.File), Line: reject.Line, Cause: mask(reject.Cause)}
			list = append(list, Cause{Source: key[0], Cause: mask(key[1]), First: first})
		}
		list[at].Count++
		if list[at].Count <= shownPlaces {
			list[at].Places = append(list[at].Places, mask(reject.place()))
		}
	}
	slices.SortStableFunc(list, func(a, b Cause) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), cmp.Compare(b.Count, a.Count))
	})
	return list, nil
}

// place returns where a reject stands, such as notes/door.md:12.
func (r Reject) place() string {
	if r.Line == 0 {
		return r.File
	}
	return r.File + ":" + strconv.Itoa(r.Line)
}
