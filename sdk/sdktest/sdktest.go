// Package sdktest tests plugins over the real wire format, but without starting a process.
//
// [Golden] runs the cases in a package's testdata folder, one in each file. [Conformance] checks what every plugin must
// do. [Read], [Apply], [Keys], [Encode] and [Decode] run one step, and [Connect] is for everything else.
package sdktest

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
)

// Connect serves a plugin over a connection in memory and returns the host's end of it, which checks what the plugin
// sends as it does in a run.
func Connect(t testing.TB, plugin sdk.Plugin) *sdk.Client {
	t.Helper()
	require.NoError(t, plugin.Validate())
	client, stop := serve(t, plugin)
	t.Cleanup(stop)
	return client
}

func serve(t testing.TB, plugin sdk.Plugin, options ...grpc.ServerOption) (*sdk.Client, func()) {
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer(append(sdk.ServerOptions(), options...)...)
	sdk.Register(server, plugin)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	dial := func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }
	conn, err := grpc.NewClient("passthrough:memory", append(sdk.DialOptions(), grpc.WithContextDialer(dial))...)
	require.NoError(t, err)
	return sdk.NewClient(conn, sdk.ClientOptions{Distrust: true}), func() {
		require.NoError(t, conn.Close())
		server.Stop()
		require.NoError(t, <-done)
	}
}

// A Reading is what a source has made of everything below its paths.
type Reading = conformance.Reading

// Read runs a source over setup.Paths and checks that its records add up.
func Read(t testing.TB, plugin sdk.Plugin, source string, setup sdk.Setup, options string) Reading {
	t.Helper()
	reading, err := conformance.Read(t.Context(), Connect(t, plugin), source, setup, options)
	require.NoError(t, err)
	return reading
}

// An Applied is what a filter has made of one example.
type Applied = conformance.Applied

// Apply runs a filter over examples and returns, for each, the filter's decisions and the examples that go on. The test
// fails if the filter changes an example without saying so.
func Apply(t testing.TB, plugin sdk.Plugin, filter string, setup sdk.Setup, options string, examples ...*sdk.Example) []Applied {
	t.Helper()
	applied, err := conformance.Apply(t.Context(), Connect(t, plugin), filter, setup, options, conformance.OneByOne(examples)...)
	require.NoError(t, err)
	return applied
}

// Keys asks a [sdk.Keyer] for the keys of examples.
func Keys(t testing.TB, plugin sdk.Plugin, filter string, options string, examples ...*sdk.Example) [][]string {
	t.Helper()
	keys, err := conformance.Keys(t.Context(), Connect(t, plugin), filter, options, conformance.OneByOne(examples)...)
	require.NoError(t, err)
	return keys
}

// An Encoding is what a format has made of examples.
type Encoding = conformance.Encoding

// Encode runs a format over examples as they are, without the host's shaping.
func Encode(t testing.TB, plugin sdk.Plugin, format string, setup sdk.Setup, options string, examples ...*sdk.Example) Encoding {
	t.Helper()
	encoding, err := conformance.Encode(t.Context(), Connect(t, plugin), format, setup, options, conformance.OneByOne(examples)...)
	require.NoError(t, err)
	return encoding
}

// Decode lets a format read rows back.
func Decode(t testing.TB, plugin sdk.Plugin, format string, setup sdk.Setup, options string, rows ...[]byte) []sdk.Decoded {
	t.Helper()
	client, ctx := Connect(t, plugin), t.Context()
	handle, err := client.Open(ctx, sdk.Step{Kind: sdk.KindFormat, Type: format}, setup, []byte(options))
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
