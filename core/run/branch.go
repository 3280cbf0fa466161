package run

import (
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// saysMore reports whether the model says in a twin what it does not in those that stay, not even as the beginning of
// something longer: a copy may end within an answer. Only twins of one source are compared, for another one may leave out
// calls, and what was said around them is one text then.
func (c *copies) saysMore(t *twin, stayers []*twin, pieces []piece) (bool, error) {
	stayers = slices.DeleteFunc(slices.Clone(stayers), func(s *twin) bool { return s.source != t.source })
	known := map[uint64]bool{}
	for _, s := range stayers {
		for _, text := range s.said {
			known[text] = true
		}
	}
	if len(stayers) == 0 || !slices.ContainsFunc(t.said, func(text uint64) bool { return !known[text] }) {
		return false, nil
	}
	var texts []string
	for _, s := range stayers {
		example, err := c.decode(s, pieces)
		if err != nil {
			return false, err
		}
		texts = slices.AppendSeq(texts, said(example))
	}
	example, err := c.decode(t, pieces)
	if err != nil {
		return false, err
	}
	for own := range said(example) {
		if !slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(text, own) }) {
			return true, nil
		}
	}
	return false, nil
}

// decode decodes the example of a twin.
func (c *copies) decode(t *twin, pieces []piece) (*sdk.Example, error) {
	items, err := c.store.get(pieces[t.piece].chunk)
	if err != nil {
		return nil, err
	}
	return items[t.item].Decode()
}

// branch labels a branch and masks what it shares with those that stay before it.
func (c *copies) branch(item sdk.Item, stayers []*twin, pieces []piece) (sdk.Item, error) {
	branch, err := item.Decode()
	if err != nil {
		return item, err
	}
	stayer, err := c.decode(stayers[0], pieces)
	if err != nil {
		return item, err
	}
	c.maskShared(branch, stayer, callsOf(stayers))
	if !slices.Contains(branch.Labels, sdk.LabelBranch) { // an earlier run may have found it
		branch.Labels = append(branch.Labels, sdk.LabelBranch)
	}
	changed := sdk.NewItem(branch)
	changed.Toolset = item.Toolset
	return changed, nil
}

// maskShared masks the messages that a branch has in common with a stayer: those they both begin with, and those whose
// calls, or the call that they answer, are known already.
func (c *copies) maskShared(branch, stayer *sdk.Example, known map[uint64]bool) {
	common := true
	for i := range branch.Messages {
		m := &branch.Messages[i]
		common = common && i < len(stayer.Messages) && sameMessage(*m, stayer.Messages[i])
		own := slices.ContainsFunc(m.Calls, func(call sdk.Call) bool { return !known[c.hash(call.ID)] })
		if common || known[c.hash(m.CallID)] || len(m.Calls) > 0 && !own {
			m.Masked = true
		}
	}
}

func sameMessage(a, b sdk.Message) bool {
	sameCall := func(x, y sdk.Call) bool { return x.ID == y.ID }
	return a.Role == b.Role && a.Text == b.Text && a.CallID == b.CallID && slices.EqualFunc(a.Calls, b.Calls, sameCall)
}
