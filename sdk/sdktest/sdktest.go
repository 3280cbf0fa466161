// Package sdktest tests plugins through the real encoding of the wire, without a process.
//
// [Golden] runs the cases in a package's testdata folder, one a file; [Conformance] checks what every plugin must do;
// [Connect] is there for everything else.
package sdktest

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/ftprep/ftprep/sdk"
)

// Connect serves a plugin on a connection in memory and returns the host's end.
func Connect(t testing.TB, plugin sdk.Plugin) *sdk.Client {
	t.Helper()
	require.NoError(t, plugin.Validate())
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer(sdk.ServerOptions()...)
	sdk.Register(server, plugin)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	dial := func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }
	conn, err := grpc.NewClient("passthrough:memory", append(sdk.DialOptions(),
		grpc.WithContextDialer(dial), grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, conn.Close())
		server.Stop()
		require.NoError(t, <-done)
	})
	return sdk.NewClient(conn, sdk.IdleTime)
}

// A Reading is what a source made of everything below its paths.
type Reading struct {
	Units    []sdk.Unit
	Examples []*sdk.Example
	Rejects  []sdk.Reject
	Tally    sdk.Tally // of all units
}

// Read runs a source over paths (setup.Paths) and checks that its records add up.
func Read(t testing.TB, plugin sdk.Plugin, source string, setup sdk.Setup, options string) Reading {
	t.Helper()
	client, ctx := Connect(t, plugin), t.Context()
	handle, err := client.Open(ctx, sdk.KindSource, source, setup, []byte(options))
	require.NoError(t, err)
	units, err := client.Units(ctx, handle)
	require.NoError(t, err)
	reading := Reading{Units: units}
	for _, unit := range units {
		require.NoError(t, client.Read(ctx, handle, []sdk.Unit{unit}, reading.take(t)), "unit %s", unit.ID)
	}
	return reading
}

func (r *Reading) take(t testing.TB) func(sdk.ReadFrame) error {
	return func(frame sdk.ReadFrame) error {
		for _, item := range frame.Items {
			example, err := item.Decode()
			require.NoError(t, err)
			for _, tools := range frame.Toolsets {
				if tools.Hash() == item.Toolset {
					example.Toolset = tools
				}
			}
			r.Examples = append(r.Examples, example)
		}
		r.Rejects = append(r.Rejects, frame.Rejects...)
		if frame.Tally != nil {
			require.Equal(t, frame.Tally.Read, frame.Tally.Sum(), "records read and records accounted for: %+v", *frame.Tally)
			for file, tally := range frame.Tally.Files {
				require.Equal(t, tally.Read, tally.Sum(), "records of %s read and accounted for: %+v", file, tally)
			}
			r.Tally.Add(*frame.Tally)
		}
		return nil
	}
}

// Apply runs a filter over examples. Each answer is the filter's decisions as text, such as "drop: no call", and what
// goes on.
func Apply(t testing.TB, plugin sdk.Plugin, filter string, setup sdk.Setup, options string, examples ...*sdk.Example) []Applied {
	t.Helper()
	client, ctx := Connect(t, plugin), t.Context()
	handle, err := client.Open(ctx, sdk.KindFilter, filter, setup, []byte(options))
	require.NoError(t, err)
	stream, err := client.Apply(ctx, []sdk.Handle{handle})
	require.NoError(t, err)
	defer stream.Close()
	var applied []Applied
	for _, example := range examples {
		item, tools := encode(t, example)
		require.NoError(t, stream.Send([]sdk.Item{item}, tools))
		outcomes, err := stream.Receive()
		require.NoError(t, err)
		require.Len(t, outcomes, 1)
		applied = append(applied, newApplied(t, outcomes[0], item))
	}
	require.NoError(t, stream.CloseSend())
	_, err = stream.Receive()
	require.ErrorIs(t, err, io.EOF)
	return applied
}

// Applied is what a filter made of one example.
type Applied struct {
	Decisions []sdk.Decision
	Examples  []*sdk.Example // none: it was dropped
}

func newApplied(t testing.TB, outcome sdk.Outcome, item sdk.Item) Applied {
	t.Helper()
	applied := Applied{Decisions: outcome.Decisions}
	for _, item := range outcome.Items(item) {
		example, err := item.Decode()
		require.NoError(t, err)
		applied.Examples = append(applied.Examples, example)
	}
	return applied
}

// Keys asks a filter by sameness for the keys of examples.
func Keys(t testing.TB, plugin sdk.Plugin, filter string, options string, examples ...*sdk.Example) [][]string {
	t.Helper()
	client, ctx := Connect(t, plugin), t.Context()
	handle, err := client.Open(ctx, sdk.KindFilter, filter, sdk.Setup{}, []byte(options))
	require.NoError(t, err)
	stream, err := client.Keys(ctx, handle)
	require.NoError(t, err)
	defer stream.Close()
	var all [][]string
	for _, example := range examples {
		item, tools := encode(t, example)
		require.NoError(t, stream.Send([]sdk.Item{item}, tools))
		keys, err := stream.Receive()
		require.NoError(t, err)
		all = append(all, keys...)
	}
	return all
}

// An Encoding is what a format made of examples.
type Encoding struct {
	Framing    sdk.Framing
	Encoded    []sdk.Encoded // one for each example
	Companions []sdk.Companion
}

// Encode runs a format over examples as they are: shaping is the host's.
func Encode(t testing.TB, plugin sdk.Plugin, format string, setup sdk.Setup, options string, examples ...*sdk.Example) Encoding {
	t.Helper()
	client, ctx := Connect(t, plugin), t.Context()
	handle, err := client.Open(ctx, sdk.KindFormat, format, setup, []byte(options))
	require.NoError(t, err)
	stream, err := client.Encode(ctx, handle, sdk.Dataset{Tools: setup.Tools})
	require.NoError(t, err)
	defer stream.Close()
	encoding := Encoding{Framing: handle.Framing}
	rows := 0
	for _, example := range examples {
		item, tools := encode(t, example)
		require.NoError(t, stream.Send([]sdk.Item{item}, tools))
		encoded, err := stream.Receive()
		require.NoError(t, err, "example %s", example.ID)
		require.Len(t, encoded, 1)
		rows += len(encoded[0].Rows)
		encoding.Encoded = append(encoding.Encoded, encoded...)
	}
	encoding.Companions, err = stream.Finish([]sdk.WrittenFile{{Name: "out.jsonl", Rows: rows}})
	require.NoError(t, err)
	return encoding
}

// Decode has a format read rows back.
func Decode(t testing.TB, plugin sdk.Plugin, format string, setup sdk.Setup, options string, rows ...[]byte) []sdk.Decoded {
	t.Helper()
	client, ctx := Connect(t, plugin), t.Context()
	handle, err := client.Open(ctx, sdk.KindFormat, format, setup, []byte(options))
	require.NoError(t, err)
	require.True(t, handle.Decodes, "the format %q reads no rows back", format)
	stream, err := client.Decode(ctx, handle)
	require.NoError(t, err)
	defer stream.Close()
	decoded, err := stream.Rows(rows)
	require.NoError(t, err)
	require.Len(t, decoded, len(rows))
	return decoded
}

func encode(t testing.TB, example *sdk.Example) (sdk.Item, []*sdk.Toolset) {
	t.Helper()
	item, err := sdk.NewItem(example)
	require.NoError(t, err, fmt.Sprintf("example %s", example.ID))
	if example.Toolset == nil {
		return item, nil
	}
	return item, []*sdk.Toolset{example.Toolset}
}
