package sdk

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// mapped returns the results of change for each element, or nil if the list is empty.
func mapped[A, B any](list []A, change func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	changed := make([]B, len(list))
	for i, one := range list {
		changed[i] = change(one)
	}
	return changed
}

// mappedValues returns a map with the results of change for each value, or nil if the map is empty.
func mappedValues[A, B any](all map[string]A, change func(A) B) map[string]B {
	if len(all) == 0 {
		return nil
	}
	changed := make(map[string]B, len(all))
	for key, one := range all {
		changed[key] = change(one)
	}
	return changed
}

func widened(n int) int64  { return int64(n) }
func narrowed(n int64) int { return int(n) }

func instantToWire(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

func instantFromWire(m *timestamppb.Timestamp) time.Time {
	if m == nil {
		return time.Time{}
	}
	return m.AsTime()
}
