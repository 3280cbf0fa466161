package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
)

// evaluateLocals evaluates the locals, each after those that it refers to.
func (s *scope) evaluateLocals(blocks []*load.Locals) {
	l := &locals{scope: s, attributes: map[string]*hcl.Attribute{}}
	var order []*hcl.Attribute
	for _, block := range blocks {
		for name, attr := range block.Attributes {
			if l.attributes[name] == nil {
				l.attributes[name] = attr
				order = append(order, attr)
			}
		}
	}
	slices.SortFunc(order, func(a, b *hcl.Attribute) int { return cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte) })
	for _, attr := range order {
		l.evaluate(attr.Name, nil)
	}
}

type locals struct {
	*scope
	attributes map[string]*hcl.Attribute
}

// evaluate evaluates a local; trail lists the locals that wait for it.
func (l *locals) evaluate(name string, trail []string) {
	attr := l.attributes[name]
	if _, done := l.roots["local"][name]; done || attr == nil || l.broken["local."+name] {
		return
	}
	if i := slices.Index(trail, name); i >= 0 {
		l.reportCycle(trail[i:])
		return
	}
	for _, traversal := range attr.Expr.Variables() {
		if labels := labelsOf(traversal[1:]); traversal.RootName() == "local" && len(labels) > 0 {
			l.evaluate(labels[0], append(trail, name))
		}
	}
	if l.broken["local."+name] {
		return
	}
	// A local is added with its value, never before: a reference to one that is not there must be reported.
	if value, ok := l.scope.evaluate(attr.Expr); ok {
		l.roots["local"][name] = value
	} else {
		l.broken["local."+name] = true
	}
}

func (l *locals) reportCycle(names []string) {
	for _, name := range names {
		l.broken["local."+name] = true
	}
	l.problems.add(l.attributes[names[0]].Range, "Circular locals", "The local %q depends on itself: %s.",
		names[0], strings.Join(append(names, names[0]), " -> "))
}
