package run

import (
	"sync"
	"time"
)

// The stages before the filters.
const (
	Waiting = "wait" // for another run in the same folder
	Reading = "read"
)

// Progress says how far a run is.
type Progress struct {
	Stage      string // [Waiting], [Reading], the filters at work such as "filter.quality.ok", or "write"
	Units      int    // read
	Cached     int    // of these, from the cache
	TotalUnits int
	Bytes      int64 // read
	TotalBytes int64
	Examples   int // made so far
	Elapsed    time.Duration
}

// progress keeps track of how far the run is and reports it, not more often than the listener can use.
type progress struct {
	tell    func(Progress)
	started time.Time

	mu   sync.Mutex
	now  Progress
	told time.Time
}

// tellEvery is the time between two reports: fast enough for a person's eye.
const tellEvery = 100 * time.Millisecond

func newProgress(tell func(Progress)) *progress {
	if tell == nil {
		tell = func(Progress) {}
	}
	return &progress{tell: tell, started: time.Now()}
}

func (p *progress) stage(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.Stage = name
	p.report(true)
}

func (p *progress) total(units []Unit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.TotalUnits = len(units)
	for _, unit := range units {
		p.now.TotalBytes += unit.Bytes()
	}
}

// read adds what a frame of a unit brought.
func (p *progress) read(examples int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.Examples += examples
	p.now.Bytes += bytes
	p.report(false)
}

// unitDone adds a unit that has been read, with those of its bytes that no frame reported.
func (p *progress) unitDone(bytes int64, cached bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.Units++
	if cached {
		p.now.Cached++
	}
	p.now.Bytes += bytes
	p.report(p.now.Units == p.now.TotalUnits)
}

func (p *progress) report(always bool) {
	if !always && time.Since(p.told) < tellEvery {
		return
	}
	p.told = time.Now()
	p.now.Elapsed = time.Since(p.started)
	p.tell(p.now)
}
