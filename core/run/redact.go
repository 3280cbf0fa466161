package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// redactTools sends the tools through the redact filters, since formats get them beside the examples: the declared ones, those
// that logs define, and those learned from calls. It does not lock the toolsets: it runs after the reading and before the
// filters, when no other goroutine uses them.
func (x *execution) redactTools(ctx context.Context) (err error) {
	redactors := x.redactors()
	if len(redactors) == 0 {
		return nil
	}
	t := x.tools
	if t.declared, err = x.redactSet(ctx, redactors, x.plan.Tools); err != nil {
		return err
	}
	if t.learned, err = x.redactSet(ctx, redactors, &sdk.Toolset{Tools: t.observed.Definitions()}); err != nil {
		return err
	}
	for _, hash := range slices.Sorted(maps.Keys(t.sets)) { // examples still name a set by its old hash
		if t.sets[hash], err = x.redactSet(ctx, redactors, t.sets[hash]); err != nil {
			return err
		}
	}
	return nil
}

// redactors returns the filters that redact; they come first.
func (x *execution) redactors() []*step {
	n := 0
	for n < len(x.plan.Filters) && x.plan.Filters[n].Redacts() {
		n++
	}
	return x.filters[:n]
}

// redactSet redacts one set. It crosses the wire as an example whose calls have the schemas as arguments.
func (x *execution) redactSet(ctx context.Context, redactors []*step, set *sdk.Toolset) (*sdk.Toolset, error) {
	if set == nil || len(set.Tools) == 0 {
		return set, nil
	}
	item := sdk.NewItem(asExample(set))
	apart := x.newExecution(Options{}) // the run counts examples of its sources, not this one
	item, dropped, err := apart.filterOne(ctx, redactors, Unit{}, item)
	if err == nil && dropped {
		err = errors.New("the redact filter dropped them")
	}
	if err != nil {
		return nil, fmt.Errorf("redact the definitions of tools: %w", err)
	}
	example, err := item.Decode()
	if err != nil {
		return nil, err
	}
	redacted := &sdk.Toolset{Tools: slices.Clone(set.Tools)}
	return redacted, fromExample(example, redacted.Tools)
}

// asExample makes a message of each tool, with its schema as the arguments of a call.
func asExample(set *sdk.Toolset) *sdk.Example {
	e := &sdk.Example{ID: "tools", Source: "tools", Type: sdk.TypeDirectExecution}
	for i, tool := range set.Tools {
		m := sdk.Message{Role: sdk.RoleAssistant, Text: tool.Description}
		if len(tool.Schema) > 0 {
			m.Calls = []sdk.Call{{ID: fmt.Sprint("schema ", i), Server: tool.Server, Tool: tool.Name, Arguments: asArguments(tool.Schema)}}
		}
		e.Messages = append(e.Messages, m)
	}
	return e
}

// bareStart and bareEnd enclose a schema that is no object, such as true.
const bareStart, bareEnd = `{"schema":`, `}`

// asArguments returns a schema as an object, since arguments must be one.
func asArguments(schema json.RawMessage) json.RawMessage {
	if isObject(schema) {
		return schema
	}
	return slices.Concat([]byte(bareStart), schema, []byte(bareEnd))
}

func isObject(schema json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimSpace(schema), []byte("{"))
}

// fromExample copies the redacted descriptions and schemas from the example back into the definitions.
func fromExample(e *sdk.Example, tools []sdk.ToolDefinition) error {
	if len(e.Messages) != len(tools) {
		return fmt.Errorf("the redact filter turned %d definitions of tools into %d", len(tools), len(e.Messages))
	}
	for i, m := range e.Messages {
		tools[i].Description = m.Text
		if len(m.Calls) == 0 {
			continue
		}
		schema := m.Calls[0].Arguments
		if !isObject(tools[i].Schema) {
			schema = bytes.TrimSuffix(bytes.TrimPrefix(schema, []byte(bareStart)), []byte(bareEnd))
		}
		tools[i].Schema = schema
	}
	return nil
}
