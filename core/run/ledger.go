package run

import (
	"fmt"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// ledger takes the decisions of the filters of one hop. It counts them, records every example that is dropped or replaced, and
// checks that all examples are accounted for. It is safe for several goroutines and keeps nothing of an example.
type ledger struct {
	label  string
	plugin *host.Plugin // whose filters they are
	record *record.Writer

	mu             sync.Mutex
	counts         []*record.FilterCounts // by filter of the hop
	dropped, added int
}

func newLedger(h hop, writer *record.Writer) *ledger {
	l := &ledger{label: h.label(), plugin: h.plugin, record: writer}
	for _, filter := range h.filters {
		l.counts = append(l.counts, &record.FilterCounts{Filter: filter.block.Address()})
	}
	return l
}

// enter takes the decisions about one example, and the examples that go on in its place. An example that no filter replaced
// must go on or be dropped, once; of those in the place of a replaced one, at least one must. Anything else is an error, the
// plugin's fault.
func (l *ledger) enter(unit, id string, decisions []sdk.Decision, goOn []sdk.Item) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	drops, last := 0, lastReplacement(decisions)
	for i, d := range decisions {
		if d.Filter < 0 || d.Filter >= len(l.counts) {
			return l.plugin.Explain(fmt.Errorf("the plugin sent a decision of filter %d, which does not exist", d.Filter))
		}
		filter := l.counts[d.Filter]
		filter.Add(d)
		if d.Action == sdk.ActionDrop {
			drops++
		}
		if d.Action == sdk.ActionAnnotate {
			continue
		}
		e := record.Event{ID: id, Step: filter.Filter, Unit: unit, Action: string(d.Action), Reason: d.Reason, Evidence: d.Evidence, Found: d.Found}
		if i == last {
			e.Made = others(id, goOn)
		}
		l.record.Event(e)
	}
	fates := len(goOn) + drops
	if fates == 0 || fates > 1 && last < 0 {
		return l.plugin.Explain(fmt.Errorf("the plugin's verdict about example %s does not add up: %d drops, %d examples go on", id, drops, len(goOn)))
	}
	l.dropped += drops
	l.added += fates - 1
	return nil
}

// lastReplacement returns the index of the last decision to replace an example, or -1 if there is none.
func lastReplacement(decisions []sdk.Decision) int {
	for i, d := range slices.Backward(decisions) {
		if d.Action == sdk.ActionReplace {
			return i
		}
	}
	return -1
}

// others returns the ids of the examples that go on besides the one with the given id.
func others(id string, goOn []sdk.Item) (ids []string) {
	for _, item := range goOn {
		if item.ID != id {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// check checks the law of conservation for a hop.
func (l *ledger) check(in, out int) error {
	if in+l.added != out+l.dropped {
		return fmt.Errorf("%s: the examples do not add up: %d came, %d were added, %d dropped, %d went on", l.label, in, l.added, l.dropped, out)
	}
	return nil
}
