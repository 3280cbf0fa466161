package copies

import (
	"maps"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// saysMore reports whether the model says something in a twin that it does not say in those that stay. The beginning of a
// longer text counts as said, since a copy may end within an answer. Only twins of the same source are compared: another
// source may leave out calls and make one text of what was said before and after them.
func (c *comparison) saysMore(t *twin, stayers []*twin) (bool, error) {
	stayers = slices.DeleteFunc(slices.Clone(stayers), func(s *twin) bool { return s.source != t.source })
	if len(stayers) == 0 {
		return false, nil
	}
	known := map[uint64]bool{}
	for _, s := range stayers {
		for _, one := range s.said {
			known[one.text] = true
		}
	}
	alike := map[*twin]bool{} // those that may say something longer that begins with what is not known
	for _, one := range t.said {
		if known[one.text] {
			continue
		}
		found := false
		for _, s := range stayers {
			if slices.Contains(s.heads, one.head) {
				alike[s], found = true, true
			}
		}
		if !found {
			return true, nil
		}
	}
	return c.goesOn(t, known, slices.Collect(maps.Keys(alike)))
}

// goesOn decodes the examples to find out whether the model says something in a twin that is neither known nor the
// beginning of a text in one of the others.
func (c *comparison) goesOn(t *twin, known map[uint64]bool, others []*twin) (bool, error) {
	if len(others) == 0 {
		return false, nil
	}
	var texts []string
	for _, other := range others {
		example, err := c.decode(other)
		if err != nil {
			return false, err
		}
		texts = slices.AppendSeq(texts, said(example))
	}
	example, err := c.decode(t)
	if err != nil {
		return false, err
	}
	for own := range said(example) {
		if !known[c.hash(own)] && !slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(text, own) }) {
			return true, nil
		}
	}
	return false, nil
}

// decode decodes the example of a twin.
func (c *comparison) decode(t *twin) (*sdk.Example, error) {
	item, err := c.item(t.Position)
	if err != nil {
		return nil, err
	}
	return item.Decode()
}

// adjust returns the example under the names that it shares with its copies. If it is a branch of stayers, it is labelled as a
// branch, and what it shares with them is masked. adjust returns nil if nothing changes.
func (c *comparison) adjust(item sdk.Item, stayers []*twin) (*sdk.Item, error) {
	e, err := item.Decode()
	if err != nil {
		return nil, err
	}
	renamed := c.names.rename(&e.Identity)
	if len(stayers) == 0 && !renamed {
		return nil, nil
	}
	if len(stayers) > 0 {
		c.maskShared(e, stayers)
		if !slices.Contains(e.Labels, sdk.LabelBranch) { // an earlier run may have found it
			e.Labels = append(e.Labels, sdk.LabelBranch)
		}
	}
	changed := sdk.NewItem(e)
	changed.Toolset = item.Toolset
	return &changed, nil
}

// maskShared masks the messages of a branch that stayers already teach: those up to which the branch is like one of the stayers,
// those that make only calls known from stayers, and those that answer such a call.
func (c *comparison) maskShared(branch *sdk.Example, stayers []*twin) {
	known, earlier := callsOf(stayers), shown(branch)
	begun := c.beginnings(branch)
	for i := range branch.Messages {
		m := &branch.Messages[i]
		shared := i >= earlier && slices.ContainsFunc(stayers, func(s *twin) bool {
			at := i - earlier + s.shown
			return at < len(s.begun) && s.begun[at] == begun[i]
		})
		own := slices.ContainsFunc(m.Calls, func(call sdk.Call) bool { return !known[c.hash(call.ID)] })
		if shared || m.CallID != "" && known[c.hash(m.CallID)] || len(m.Calls) > 0 && !own {
			m.Masked = true
		}
	}
}
