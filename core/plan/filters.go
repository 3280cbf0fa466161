package plan

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// planFilters checks every filter block. It returns the filters that run, in order, and those that never run because neither
// the pipeline's list nor an experiment's names them.
func (p *planner) planFilters() (running, idle []*Filter) {
	byAddress := map[string]*Filter{}
	var inFile []string
	var experimental []*load.Block
	for _, declared := range p.file.Filters {
		address := declared.Address()
		block, _ := p.block(declared, nil)
		byAddress[address] = &Filter{Block: block}
		if slices.Contains(p.experimentFilters, address) {
			experimental = append(experimental, declared)
		} else {
			inFile = append(inFile, address)
		}
	}
	listed, intact := p.listedFilters()
	if listed != nil && intact {
		idle = unlisted(byAddress, inFile, listed)
		p.warnOfIdle(idle)
	}
	order := listed
	if p.experiment.filters != nil {
		order = p.experiment.filters
	}
	running = p.redactors(byAddress, inFile, order)
	if order == nil {
		p.warnOfExperimental(experimental)
		order = inFile
	}
	for _, address := range order {
		if filter := byAddress[address]; filter != nil && !filter.Redacts() {
			running = append(running, filter)
		}
	}
	return running, idle
}

// unlisted returns the filters of inFile that are not listed, except redact filters, which run unlisted, too.
func unlisted(byAddress map[string]*Filter, inFile, listed []string) []*Filter {
	var lacking []*Filter
	for _, address := range inFile {
		if filter := byAddress[address]; !filter.Redacts() && !slices.Contains(listed, address) {
			lacking = append(lacking, filter)
		}
	}
	return lacking
}

// warnOfIdle warns of filters that do not run because no list names them.
func (p *planner) warnOfIdle(filters []*Filter) {
	if len(filters) == 0 {
		return
	}
	p.problems.add(filters[0].Range, "Unlisted filters", "These filters do not run, because neither the pipeline nor an experiment lists them: %s.",
		strings.Join(addressesOf(filters), ", ")).Severity = hcl.DiagWarning
}

// warnOfExperimental warns of filters that do not run because an experiment names them: an experiment that lists all of its
// filters, those of the pipeline included, would otherwise take them out of the pipeline unnoticed.
func (p *planner) warnOfExperimental(filters []*load.Block) {
	if len(filters) == 0 {
		return
	}
	p.problems.add(filters[0].Range, "Filters that only run in experiments", "Without an experiment, these filters do not run, because an experiment lists them and "+
		"the pipeline has no list of its own: %s. To choose what runs, write pipeline { filters = [...] }.", strings.Join(addressesOf(filters), ", ")).Severity = hcl.DiagWarning
}

// listedFilters returns the list in the pipeline block, nil without one, and whether nothing is wrong with it.
func (p *planner) listedFilters() (listed []string, intact bool) {
	if p.file.Settings == nil || p.file.Settings.Filters == nil {
		return nil, true
	}
	before := p.problems.errors()
	listed = p.scope.addressList(p.file.Settings.Filters, "filter")
	return listed, p.problems.errors() == before
}

// addressList evaluates a list of references to blocks of one kind. Each may be listed once.
func (s *scope) addressList(attr *hcl.Attribute, kind string) []string {
	listed, ok := attribute[[]string](s, attr, sdk.OptionList)
	if !ok {
		return []string{}
	}
	known := names(kind, s.roots[kind])
	addresses := []string{} // an empty list differs from none, which is nil
	for _, address := range listed {
		switch {
		case slices.Contains(addresses, address):
			s.problems.add(attr.Expr.Range(), "Listed twice", "%s is listed twice.", address)
		case !slices.Contains(known, address):
			s.problems.add(attr.Expr.Range(), "Wrong reference", "%s is not one of the pipeline's %ss; write %s.TYPE.NAME, without quotes.%s",
				strings.TrimSpace(address), kind, kind, suggest(address, known))
		default:
			addresses = append(addresses, address)
		}
	}
	return addresses
}
