package sdk

import (
	"maps"
	"slices"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
	"github.com/ftprep/ftprep/sdk/internal/schema"
)

func observationsToWire(o *Observations) *ftprepv1.Observations {
	message := &ftprepv1.Observations{More: int64(o.more)}
	for _, name := range slices.Sorted(maps.Keys(o.tools)) {
		tool := o.tools[name]
		message.Tools = append(message.Tools, &ftprepv1.ObservedTool{
			Name: name, Calls: int64(tool.calls), Arguments: shapeToWire(&tool.arguments),
		})
	}
	return message
}

// observationsFromWire merges what came, so that bounds hold whatever a plugin sends.
func observationsFromWire(m *ftprepv1.Observations) *Observations {
	o := &Observations{more: int(m.GetMore())}
	for _, tool := range m.GetTools() {
		if observed := o.tool(tool.Name, int(tool.Calls)); observed != nil && tool.Arguments != nil {
			observed.arguments.Merge(shapeFromWire(tool.Arguments))
		}
	}
	return o
}

func shapeToWire(s *schema.Shape) *ftprepv1.Shape {
	message := &ftprepv1.Shape{Seen: countsToWire(s.Seen), Open: s.Open, Full: s.Full}
	if s.Full {
		message.Values = countsToWire(s.Values)
	}
	for word, n := range s.Words {
		if message.Words == nil {
			message.Words = map[string]int64{}
		}
		message.Words[word] = int64(n)
	}
	for key, member := range s.Members {
		if message.Members == nil {
			message.Members = map[string]*ftprepv1.Shape{}
		}
		message.Members[key] = shapeToWire(member)
	}
	if s.Items != nil {
		message.Items = shapeToWire(s.Items)
	}
	return message
}

func shapeFromWire(m *ftprepv1.Shape) *schema.Shape {
	s := &schema.Shape{Seen: countsFromWire(m.GetSeen()), Open: m.GetOpen(), Full: m.GetFull(), Values: countsFromWire(m.GetValues())}
	for word, n := range m.GetWords() {
		if s.Words == nil {
			s.Words = map[string]int{}
		}
		s.Words[word] = int(n)
	}
	for key, member := range m.GetMembers() {
		if s.Members == nil {
			s.Members = map[string]*schema.Shape{}
		}
		s.Members[key] = shapeFromWire(member)
	}
	if m.GetItems() != nil {
		s.Items = shapeFromWire(m.Items)
	}
	return s
}

func countsToWire(c schema.Counts) []int64 {
	counts := make([]int64, len(c))
	for i, n := range c {
		counts[i] = int64(n)
	}
	return counts
}

func countsFromWire(counts []int64) schema.Counts {
	var c schema.Counts
	for i := range min(len(c), len(counts)) {
		c[i] = int(counts[i])
	}
	return c
}
