package journal

import (
	"encoding/json"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// A finding is a place in a journal that looks like an example: it is one, or it is rejected or ignored for a reason.
type finding struct {
	span
	example  *sdk.Example
	rejected string // what is wrong with it
	ignored  string // the kind under which it is counted: it was never meant as an example
}

// A finder keeps what one recogniser finds in a document.
type finder struct {
	*document
	found []finding
}

// keep adds an example of a section. The section's own context goes before the one that the example has.
func (f *finder) keep(s *section, at span, example sdk.Example) {
	example.Context = joined("\n", f.context(s), example.Context)
	f.found = append(f.found, finding{span: at, example: &example})
}

func (f *finder) reject(at span, cause string) {
	f.found = append(f.found, finding{span: at, rejected: cause})
}

// report hands findings over in the order of the journal.
func report(found []finding, emitter *sdk.Emitter) error {
	slices.SortStableFunc(found, func(a, b finding) int { return a.first - b.first })
	for _, one := range found {
		var err error
		switch {
		case one.example != nil:
			one.example.Provenance.FirstLine = one.first
			one.example.Provenance.LastLine = max(one.first, one.last)
			err = emitter.Example(one.example)
		case one.rejected != "":
			err = emitter.Reject(sdk.Reject{Line: one.first, Cause: one.rejected})
		default:
			emitter.Ignore(one.ignored, 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ignoreRepeated ignores examples that say the same as an earlier one of their journal.
func ignoreRepeated(found []finding) {
	seen := map[string]bool{}
	for i, one := range found {
		if one.example == nil {
			continue
		}
		key, err := json.Marshal(sdk.Example{
			Messages: one.example.Messages, Chain: one.example.Chain,
			Correction: one.example.Correction, Negative: one.example.Negative,
		})
		switch {
		case err != nil: // it cannot be compared
		case seen[string(key)]:
			found[i] = finding{span: one.span, ignored: "said before"}
		default:
			seen[string(key)] = true
		}
	}
}
