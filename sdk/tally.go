package sdk

// A Tally says what became of a unit's records.
type Tally struct {
	Read       int            // records met
	InExamples int            // records that belong to an emitted example
	Ignored    map[string]int // records that teach nothing, by kind
	Unread     int            // records ruled out by a byte search
	Rejected   int            // records that could not be read
	Examples   int
	Files      map[string]Tally // the same by [File.Name]; nil: all of it belongs to the unit's first file
}

// Sum is the number of records that are accounted for; law: it equals Read.
func (t Tally) Sum() int {
	sum := t.InExamples + t.Unread + t.Rejected
	for _, n := range t.Ignored {
		sum += n
	}
	return sum
}

// Add adds another tally, but for what that says of files.
func (t *Tally) Add(other Tally) {
	t.Read += other.Read
	t.InExamples += other.InExamples
	t.Unread += other.Unread
	t.Rejected += other.Rejected
	t.Examples += other.Examples
	for kind, n := range other.Ignored {
		t.ignore(kind, n)
	}
}

func (t *Tally) ignore(kind string, n int) {
	if t.Ignored == nil {
		t.Ignored = map[string]int{}
	}
	t.Ignored[kind] += n
}

// tallies are those of a unit's files, by name.
type tallies map[string]*fileTally

type fileTally struct {
	Tally
	unreadable int // rejected records that stand for the file, which the source did not count
}

func (t tallies) of(file string) *fileTally {
	if t[file] == nil {
		t[file] = &fileTally{}
	}
	return t[file]
}

// close makes the unit's tally. A source that never said how many records it met has met those that it accounts for.
func (t tallies) close(first string) Tally {
	silent := true
	for _, file := range t {
		silent = silent && file.Read == 0
	}
	unit := Tally{Files: map[string]Tally{}}
	for name, file := range t {
		if silent {
			file.Read = file.Sum()
		} else {
			file.Read += file.unreadable
		}
		unit.Add(file.Tally)
		unit.Files[name] = file.Tally
	}
	if _, ok := t[first]; ok && len(t) == 1 {
		unit.Files = nil
	}
	return unit
}
