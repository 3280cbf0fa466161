package plan

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// redactType is the type of filters that redact. They run before all others, wherever they are listed, and one runs even if
// none is written.
const redactType = "redact"

// redact reports whether redaction is on, as it is unless the pipeline block says otherwise.
func (p *planner) redact() bool {
	if p.file.Settings == nil || p.file.Settings.Redact == nil {
		return true
	}
	redact, ok := attribute[bool](p.scope, p.file.Settings.Redact, sdk.OptionBool)
	return redact || !ok
}

// defaultRedactor returns the redact block that is used if none is written.
func (p *planner) defaultRedactor() *load.Block {
	at := p.wholeFile()
	return &load.Block{Kind: sdk.KindFilter, Type: redactType, TypeRange: at, Name: "default", Body: hcl.EmptyBody(), Range: at}
}

// redactors returns the redact filters that run: those that are listed, else those in the file, else the default one.
func (p *planner) redactors(byAddress map[string]*Filter, inFile, listed []string) []*Filter {
	redacts := func(address string) bool { return byAddress[address] != nil && byAddress[address].Redacts() }
	if !p.redacting {
		if slices.ContainsFunc(listed, redacts) {
			p.problems.add(p.file.Settings.Redact.Expr.Range(), "Conflicting arguments", "redact is false, but a redact filter is listed; remove one of the two.")
		}
		return nil
	}
	var redactors []*Filter
	chosen := inFile
	if slices.ContainsFunc(listed, redacts) {
		chosen = listed
	}
	for _, address := range chosen {
		if redacts(address) {
			redactors = append(redactors, byAddress[address])
		}
	}
	if len(redactors) == 0 {
		block, _ := p.block(p.defaultRedactor(), nil)
		redactors = []*Filter{{Block: block}}
	}
	return redactors
}
