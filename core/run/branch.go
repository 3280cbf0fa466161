package run

import (
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// branch labels a branch and masks what it shares with those that stay before it.
func (c *copies) branch(item sdk.Item, stayers []*twin, pieces []piece) (sdk.Item, error) {
	branch, err := item.Decode()
	if err != nil {
		return item, err
	}
	first := stayers[0]
	items, err := c.store.get(pieces[first.piece].chunk)
	if err != nil {
		return item, err
	}
	stayer, err := items[first.item].Decode()
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
