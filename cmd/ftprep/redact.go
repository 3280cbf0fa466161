package main

import (
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/redact"
	"github.com/ftprep/ftprep/sdk"
)

// redactors opens the built-in redact filters of a plan in this process.
func redactors(p *plan.Plan) ([]*redact.Redactor, error) {
	var all []*redact.Redactor
	for _, filter := range p.Filters {
		if !isBuiltinRedaction(filter) {
			continue
		}
		opened, err := redact.Open(string(filter.Options))
		if err != nil {
			return nil, err
		}
		all = append(all, opened)
	}
	return all, nil
}

// isBuiltinRedaction reports whether a filter is the built-in redaction, whose rules this process can apply, too.
func isBuiltinRedaction(filter *plan.Filter) bool {
	return filter.Redacts() && filter.Plugin == redact.Plugin.Name
}

// setMaskAndVerify sets the options by which a run masks in its record what the plan's redact filters replace and, with verify,
// looks for it in what it writes.
func setMaskAndVerify(p *plan.Plan, options *run.Options, verify bool) error {
	all, err := redactors(p)
	if err != nil || len(all) == 0 {
		return err
	}
	var maskers []*redact.Masker
	for _, r := range all {
		maskers = append(maskers, r.Masker())
	}
	options.Mask = func(text string) string {
		for _, m := range maskers {
			text = string(m.Line([]byte(text)))
		}
		return text
	}
	if verify {
		options.Verify = leakFinder(all, (*redact.Redactor).Verify)
	}
	return nil
}

// leakFinder returns a function that looks with several redactors.
func leakFinder(all []*redact.Redactor, look func(*redact.Redactor, []byte) []redact.Place) func([]byte) []run.Leak {
	return func(text []byte) []run.Leak {
		var leaks []run.Leak
		for _, r := range all {
			for _, place := range look(r, text) {
				leaks = append(leaks, run.Leak{Line: place.Line, Kind: place.Kind, Rule: place.Rule, Masked: place.Masked, Member: place.Member})
			}
		}
		return leaks
	}
}

// masker returns a function that redacts the lines of the log that an example is made of. read is the example as its source reads
// it. If the plan has no redaction, the function changes nothing.
func masker(p *plan.Plan, read *sdk.Example) (mask func(lines [][]byte) [][]byte, err error) {
	all, err := redactors(p)
	if err != nil {
		return nil, err
	}
	return func(lines [][]byte) [][]byte {
		for _, r := range all {
			lines = r.MaskerOf(read).Lines(lines)
		}
		return lines
	}, nil
}
