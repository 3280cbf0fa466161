package run

import (
	"slices"
	"sync"
)

// underway is the units that are being read. It is safe for several goroutines.
type underway struct {
	mu   sync.Mutex
	list []*reading // in the order in which they were begun
}

func (u *underway) enter(r *reading) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.list = append(u.list, r)
}

// leave removes a unit that was read to its end. One at which something went wrong stays: it may be to blame for the errors
// that others see.
func (u *underway) leave(r *reading) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.list = slices.DeleteFunc(u.list, func(other *reading) bool { return other == r })
}

// units returns the units that were entered and did not leave.
func (u *underway) units() []Unit {
	u.mu.Lock()
	defer u.mu.Unlock()
	var units []Unit
	for _, r := range u.list {
		units = append(units, r.unit)
	}
	return units
}
