package run

import (
	"encoding/hex"
	"slices"

	"github.com/ftprep/ftprep/core/record"
)

// openedDigests returns digests of what the filters were opened with, by the filters' addresses.
func (j *Job) openedDigests() map[string]string {
	digests := map[string]string{}
	for _, filter := range j.filters {
		digests[filter.block.Address()] = hex.EncodeToString(filter.handle.Digest[:8])
	}
	return digests
}

// OtherFilters lists the filters that are not as they were in the run of a history, or that only the job or only the run has. It
// returns nil for a run that did not finish, whose filters are not known.
func (j *Job) OtherFilters(history *record.History) []string {
	if history.Unfinished {
		return nil
	}
	now := j.openedDigests()
	var others []string
	for address, digest := range now {
		if history.Opened[address] != digest {
			others = append(others, address)
		}
	}
	for address := range history.Opened {
		if _, there := now[address]; !there {
			others = append(others, address)
		}
	}
	slices.Sort(others)
	return others
}

// MovedFilters lists the filters that stand elsewhere among those that the job and the run of a history both have.
func (j *Job) MovedFilters(history *record.History) []string {
	now, then := []string{}, slices.Clone(history.Filters)
	for _, filter := range j.filters {
		if address := filter.block.Address(); slices.Contains(then, address) {
			now = append(now, address)
		}
	}
	then = slices.DeleteFunc(then, func(address string) bool { return !slices.Contains(now, address) })
	var moved []string
	for i, address := range now {
		if then[i] != address {
			moved = append(moved, address)
		}
	}
	return moved
}
