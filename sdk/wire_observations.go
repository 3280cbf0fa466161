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

// observationsFromWire merges what came into empty observations, so that the bounds hold whatever a plugin sends.
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
	message := &ftprepv1.Shape{
		Seen: mapped(s.Seen[:], widened), Words: mappedValues(s.Words, widened), Open: s.Open,
		Members: mappedValues(s.Members, shapeToWire), Full: s.Full,
	}
	if s.Full {
		message.Values = mapped(s.Values[:], widened)
	}
	if s.Items != nil {
		message.Items = shapeToWire(s.Items)
	}
	return message
}

func shapeFromWire(m *ftprepv1.Shape) *schema.Shape {
	s := &schema.Shape{
		Seen: countsFromWire(m.GetSeen()), Words: mappedValues(m.GetWords(), narrowed), Open: m.GetOpen(),
		Members: mappedValues(m.GetMembers(), shapeFromWire), Full: m.GetFull(), Values: countsFromWire(m.GetValues()),
	}
	if m.GetItems() != nil {
		s.Items = shapeFromWire(m.Items)
	}
	return s
}

func countsFromWire(counts []int64) schema.Counts {
	var c schema.Counts
	for i := range min(len(c), len(counts)) {
		c[i] = int(counts[i])
	}
	return c
}
