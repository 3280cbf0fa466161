package plan

import (
	"slices"
	"strings"
)

// chosen reports whether a list from the command line includes a block. The list names blocks with or without their kind; an
// empty list includes all.
func chosen(list []string, address string) bool {
	_, short, _ := strings.Cut(address, ".")
	return len(list) == 0 || slices.Contains(list, short) || slices.Contains(list, address)
}

// addressesOf lists the addresses of blocks.
func addressesOf[B interface{ Address() string }](blocks []B) []string {
	var addresses []string
	for _, block := range blocks {
		addresses = append(addresses, block.Address())
	}
	return addresses
}

// withoutKind returns addresses as the command line writes them, without their kind.
func withoutKind(kind string, addresses []string) []string {
	var short []string
	for _, address := range addresses {
		short = append(short, strings.TrimPrefix(address, kind+"."))
	}
	return short
}

// checkChoice reports the names given with the flag --KIND that no block of that kind has. It returns whether all names are
// known.
func (p *planner) checkChoice(kind string, list, addresses []string) bool {
	known := withoutKind(kind, addresses)
	sound := true
	for _, name := range list {
		name = strings.TrimPrefix(name, kind+".")
		if slices.Contains(known, name) {
			continue
		}
		sound = false
		if len(known) > 0 && len(p.file.Lost) == 0 {
			p.problems.add(nowhere, "Unknown "+kind, "--%[1]s: the pipeline has no %[1]s %[2]s.%[3]s It has: %[4]s.",
				kind, name, suggest(name, known), strings.Join(known, ", "))
		}
	}
	return sound
}

// chooseOutputs returns the outputs that the command line and the experiment choose.
func (p *planner) chooseOutputs(outputs []*Output) []*Output {
	return slices.DeleteFunc(slices.Clone(outputs), func(output *Output) bool {
		address := output.Address()
		return !p.experiment.writes(address) || !chosen(p.invocation.Outputs, address)
	})
}

// withSources returns the outputs that some source goes into. Writing the others would empty them.
func withSources(outputs []*Output, sources []*Source) []*Output {
	return slices.DeleteFunc(outputs, func(output *Output) bool {
		return !slices.ContainsFunc(sources, func(source *Source) bool { return output.reads(source.Address()) })
	})
}
