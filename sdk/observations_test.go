package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// outcome says what became of a call.
type outcome string

const (
	worked  outcome = "worked"
	failed  outcome = "failed"
	unknown outcome = "unknown"
)

// calling returns an example of one call.
func calling(server, tool, arguments string, became outcome) *Example {
	e := &Example{Messages: []Message{
		{Role: RoleUser, Text: "please"},
		{Role: RoleAssistant, Calls: []Call{{ID: "1", Server: server, Tool: tool, Arguments: json.RawMessage(arguments)}}},
	}}
	if became != unknown {
		e.Messages = append(e.Messages, Message{Role: RoleTool, CallID: "1", Text: "answer", IsError: became == failed})
	}
	return e
}

// definitions returns what observations teach about tools, one tool on each line.
func definitions(o *Observations) []string {
	var lines []string
	for _, d := range o.Definitions() {
		lines = append(lines, d.FullName()+" "+string(d.Schema))
	}
	return lines
}

// memory is a source of examples in one unit.
type memory []*Example

func (m memory) Read(_ context.Context, _ Unit, emitter *Emitter) error {
	for _, e := range m {
		if err := emitter.Example(e); err != nil {
			return err
		}
	}
	return nil
}

func (memory) Units(context.Context, []string) ([]Unit, error) { return []Unit{{ID: "all"}}, nil }

// plain is a connection that hides from the host that the plugin's examples are complete.
type plain struct{ grpc.ClientConnInterface }

func (p plain) Invoke(ctx context.Context, method string, args, reply any, options ...grpc.CallOption) error {
	err := p.ClientConnInterface.Invoke(ctx, method, args, reply, options...)
	if response, ok := reply.(*ftprepv1.ConfigureResponse); ok {
		response.Observes, response.ReadsSeveral = false, false
	}
	return err
}

// observed reads examples over the wire twice, from a plugin whose examples are complete and from one for which the host
// completes them.
func observed(t *testing.T, selection *Selection, examples ...*Example) *Observations {
	source := NewSource("memory", "Gives examples.", func(Setup, struct{}) (Source, error) { return memory(examples), nil })
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer(ServerOptions()...)
	Register(server, Plugin{Name: "memory", Version: "1", Doc: "Tests.", Steps: []Step{source}})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:memory", append(DialOptions(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	var read []*Observations
	var items [2][]Item
	var tallies []*Tally
	for i, conn := range []grpc.ClientConnInterface{conn, plain{conn}} {
		client := NewClient(conn, ClientOptions{})
		handle, err := client.Open(t.Context(), Step{Kind: KindSource, Type: "memory"}, Setup{Selection: selection}, []byte("{}"))
		require.NoError(t, err)
		require.NoError(t, client.Read(t.Context(), handle, []Unit{{ID: "all"}, {ID: "again"}}, func(frame ReadFrame) error {
			require.Equal(t, frame.Tally != nil, frame.Observed != nil, "in the last frame")
			items[i] = append(items[i], frame.Items...)
			if frame.Observed != nil {
				read, tallies = append(read, frame.Observed), append(tallies, frame.Tally)
			}
			return nil
		}))
	}
	require.Equal(t, items[0], items[1], "the host makes the same of examples as the SDK does in a plugin")
	require.Len(t, read, 4, "each unit has its own, on one stream or on two")
	for n, other := range read[1:] {
		require.Equal(t, definitions(read[0]), definitions(other), "the host observes where a plugin does not")
		require.Equal(t, tallies[0].Examples, tallies[n+1].Examples)
		require.Equal(t, tallies[0].Read, tallies[n+1].Read)
	}
	return read[0]
}

func TestObservations(t *testing.T) {
	selection, err := NewSelection([]string{"mcp__*"}, "")
	require.NoError(t, err)
	const empty = `{"type":"object","properties":{}}`
	tests := map[string]struct {
		selection *Selection
		examples  []*Example
		want      []string
	}{
		"nothing": {},
		"by full name": {
			examples: []*Example{calling("", "walk", `{}`, worked), calling("robot", "walk", `{"to":"x"}`, worked), calling("cat", "walk", `{}`, worked)},
			want:     []string{"mcp__cat__walk " + empty, `mcp__robot__walk {"type":"object","properties":{"to":{"type":"string"}}}`, "walk " + empty},
		},
		"without a server means the only one": {
			examples: []*Example{calling("", "walk", `{"far":true}`, worked), calling("robot", "walk", `{"to":"x"}`, worked), calling("", "sit", `{}`, worked)},
			want:     []string{`mcp__robot__walk {"type":"object","properties":{"far":{"type":"boolean"},"to":{"type":"string"}}}`, "sit " + empty},
		},
		"a failed call teaches nothing, one without a result does: it is trained on": {
			examples: []*Example{
				calling("", "walk", `{"too":"x"}`, failed), calling("", "walk", `{"two":"x"}`, unknown), calling("", "walk", `{}`, worked),
			},
			want: []string{`walk {"type":"object","properties":{"two":{"type":"string"}}}`},
		},
		"of a tool whose calls all failed the name is known": {
			examples: []*Example{calling("", "walk", `{"too":"x"}`, failed)},
			want:     []string{`walk {"type":"object"}`},
		},
		"only what is selected": {
			selection: selection,
			examples:  []*Example{calling("", "walk", `{}`, worked), calling("robot", "walk", `{}`, worked)},
			want:      []string{"mcp__robot__walk " + empty},
		},
		"a rejected example teaches nothing": {
			examples: []*Example{calling("", "walk", `[]`, worked)},
		},
		"a name that nobody has": {
			examples: []*Example{calling("", strings.Repeat("a", 1000), `{}`, worked)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, definitions(observed(t, test.selection, test.examples...)))
		})
	}
}

func TestObservationsCrossTheWire(t *testing.T) {
	many := &observer{}
	for i := range 700 {
		many.example(calling("s", fmt.Sprint("few", i%3), fmt.Sprintf(`{"k%d":{"a":[1,{"b":"word"}],"c":null},"%d":"x y"}`, i%9, i%3), worked))
		many.example(calling("s", "full", fmt.Sprintf(`{"k%d":{"a":1}, "l":[{"a%d":[1.5]}]}`, i, i), worked))
	}
	message := observationsToWire(&many.Observations)
	back := observationsToWire(observationsFromWire(message))
	require.True(t, proto.Equal(message, back))
}

// TestObservationsMerge spreads calls over units, with more tools than are kept.
func TestObservationsMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var examples []*Example
	for range 3000 {
		examples = append(examples, calling("", fmt.Sprint("t", r.IntN(800)), fmt.Sprintf(`{"k%d":%d}`, r.IntN(3), r.IntN(9)), worked))
	}
	var want *ftprepv1.Observations
	for units := range 4 {
		r.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		parts := make([]observer, units+1)
		for i, e := range examples {
			parts[i%len(parts)].example(e)
		}
		sum := &Observations{}
		for i := range parts {
			sum.Merge(&parts[i].Observations)
		}
		got := observationsToWire(sum)
		if want == nil {
			want = got
		}
		require.True(t, proto.Equal(want, got), "%d units", units+1)
		require.Len(t, got.Tools, mostTools)
		calls := sum.More()
		for _, tool := range got.Tools {
			calls += int(tool.Calls)
		}
		require.Equal(t, len(examples), calls, "no call is lost")
	}
}

// BenchmarkEmitter measures what it costs to emit an example, and the part of that for observing its calls.
func BenchmarkEmitter(b *testing.B) {
	code, err := json.Marshal(strings.Repeat("if npc == nil {\n\treturn\n}\n", 20))
	require.NoError(b, err)
	e := &Example{Messages: []Message{{Role: RoleUser, Text: "read the logs"}}}
	for i := range 20 {
		id := fmt.Sprint("call_", i)
		arguments := json.RawMessage(fmt.Sprintf(`{"file_path":"src/Loop%d.java","limit":%d,"old_string":%s}`, i, i, code))
		e.Messages = append(e.Messages,
			Message{Role: RoleAssistant, Text: "Let me see.", Calls: []Call{{ID: id, Tool: "Read", Arguments: arguments}}},
			Message{Role: RoleTool, CallID: id, Text: strings.Repeat("2026-02-03 04:05:06 [Client] INFO \"clicked\" at (12, 34)\n", 40)})
	}
	b.Run("emit", func(b *testing.B) {
		emitter := &Emitter{tallies: tallies{}, send: func(e *Example) error { NewItem(e); return nil }}
		emitter.turnTo("log")
		b.ReportAllocs()
		for b.Loop() {
			if err := emitter.Example(e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("observe", func(b *testing.B) {
		var o observer
		b.ReportAllocs()
		for b.Loop() {
			o.example(e)
		}
	})
}
