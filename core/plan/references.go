package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ftprep/ftprep/core/load"
)

// resolves reports whether what an expression refers to exists and has a value; it reports what does not exist.
func (s *scope) resolves(traversal hcl.Traversal) bool {
	root := traversal.RootName()
	values, ok := s.roots[root]
	if !ok {
		roots := slices.Sorted(maps.Keys(s.roots))
		what := fmt.Sprintf("%q.%s", root, suggest(root, roots))
		if s.secret { // the name may be the secret, written without quotes
			what = "that."
		}
		s.problems.add(traversal.SourceRange(), "Unknown reference", "There is nothing called %s References here can start with %s; "+
			"text needs quotes.", what, strings.Join(roots, ", "))
		return false
	}
	labels := labelsOf(traversal[1:])
	length, form := 1, root+".NAME"
	if isStep(root) {
		length, form = 2, root+".TYPE.NAME"
	}
	if len(labels) < length {
		s.problems.add(traversal.SourceRange(), "Incomplete reference", "A complete reference has the form %s.", form)
		return false
	}
	labels = labels[:length]
	name := root + "." + strings.Join(labels, ".")
	if s.broken[name] {
		return false
	}
	candidates := names(root, values)
	known := slices.Contains(candidates, name)
	if !known && (root == "path" || !isLost(s.lost, labels)) {
		s.problems.add(traversal.SourceRange(), "Unknown reference", "There is no %s.%s", name, suggest(name, candidates))
	}
	return known
}

func isStep(root string) bool { return root == "source" || root == "filter" || root == "output" }

// labelsOf lists the names that follow a root, up to the first step that is not a name.
func labelsOf(steps hcl.Traversal) []string {
	var labels []string
	for _, step := range steps {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			labels = append(labels, step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() != cty.String {
				return labels
			}
			labels = append(labels, step.Key.AsString())
		default:
			return labels
		}
	}
	return labels
}

// names lists what can be referred to below a root.
func names(root string, values map[string]cty.Value) []string {
	var all []string
	for name, value := range values {
		if !isStep(root) {
			all = append(all, root+"."+name)
			continue
		}
		for label := range value.Type().AttributeTypes() {
			all = append(all, root+"."+name+"."+label)
		}
	}
	return all
}

// isLost reports whether labels may be those of one of the blocks with a broken header.
func isLost(blocks []load.Header, labels []string) bool {
	return slices.ContainsFunc(blocks, func(lost load.Header) bool {
		shared := min(len(labels), len(lost.Labels))
		return slices.Equal(labels[:shared], lost.Labels[:shared])
	})
}
