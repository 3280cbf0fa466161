package record

import (
	"hash/maphash"
	"iter"
	"math"
)

// fateTable keeps what became of every example in one run or two. It holds some tens of bytes for each.
type fateTable struct {
	*fates
	seed     maphash.Seed
	examples map[uint64]entry // by hash of the id
	only     map[string]bool  // ids of the examples that count; nil: all do
}

// entry is one example in two runs.
type entry struct {
	fate  [2]uint32
	score [2]float32 // NaN: none
	seen  bool       // [fateTable.each] has yielded it
}

func newFateTable() *fateTable {
	return &fateTable{fates: newFates(), seed: maphash.MakeSeed(), examples: map[uint64]entry{}}
}

// enter notes what happened to an example in one of the runs.
func (t *fateTable) enter(run int, id string, happened transition, score *float64) {
	if t.only != nil && !t.only[id] {
		return
	}
	at := maphash.String(t.seed, id)
	e, ok := t.examples[at]
	if !ok {
		none := float32(math.NaN())
		e.score = [2]float32{none, none}
	}
	happened.before = e.fate[run]
	e.fate[run] = t.next(happened)
	if score != nil {
		e.score[run] = float32(*score)
	}
	t.examples[at] = e
}

// of returns what became of an example in one of the runs.
func (t *fateTable) of(run int, id string) *fate {
	return &t.all[t.examples[maphash.String(t.seed, id)].fate[run]]
}

// load enters the record of a run.
func (t *fateTable) load(run int, r pastRun) error {
	for e, err := range linesOf[Event](r, eventsList) {
		if err != nil {
			return err
		}
		happened := transition{what: e.Action, step: e.Step, reason: e.Reason}
		if e.read() || e.left() { // where it was read, or for what it left, makes no difference
			happened.step, happened.reason = "", ""
		}
		t.enter(run, e.ID, happened, nil)
	}
	for k, err := range linesOf[Kept](r, keptList) {
		if err != nil {
			return err
		}
		t.enter(run, k.ID, transition{what: "keep", class: class{k.Type, k.TaskType, k.Split}}, k.Score)
	}
	for rows, err := range linesOf[Rows](r, rowsList) {
		if err != nil {
			return err
		}
		for _, id := range rows.IDs {
			t.enter(run, id, transition{what: "write", step: rows.Output}, nil)
		}
	}
	return nil
}

// each yields every example once, those of the first run first, and finally an error if there is one.
func (t *fateTable) each(runs ...pastRun) iter.Seq2[identified, error] {
	return func(yield func(identified, error) bool) {
		for _, r := range runs {
			for _, list := range []string{eventsList, keptList} { // filters may have made what was kept
				for id, err := range idsOf(r, list) {
					if err != nil {
						yield(identified{}, err)
						return
					}
					if e, first := t.visit(id); first && !yield(identified{id, e}, nil) {
						return
					}
				}
			}
		}
	}
}

// visit returns an example, and whether this is the first visit.
func (t *fateTable) visit(id string) (e entry, first bool) {
	at := maphash.String(t.seed, id)
	e = t.examples[at]
	if e.seen {
		return e, false
	}
	e.seen = true
	t.examples[at] = e
	return e, true
}

// identified is an example with its id.
type identified struct {
	id string
	entry
}
