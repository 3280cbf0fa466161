package sdk_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// failing is a source and a filter that fail in every call.
type failing struct{ err error }

func (f failing) Units(context.Context, []string) ([]sdk.Unit, error) { return nil, f.err }
func (f failing) Read(context.Context, sdk.Unit, *sdk.Emitter) error  { return f.err }
func (f failing) Apply(context.Context, *sdk.Example) (sdk.Verdict, error) {
	return sdk.Verdict{}, f.err
}

// Errors of gRPC and of contexts that the author's code gets from others say nothing about the plugin and the host.
func TestAnErrorOfTheAuthorsCodeIsToldAsItIs(t *testing.T) {
	for _, cause := range []error{
		context.DeadlineExceeded,
		context.Canceled,
		fmt.Errorf("ask the model at http://localhost:8000: %w", context.DeadlineExceeded),
		fmt.Errorf("ask the model: %w", status.Error(codes.Unavailable, "connection refused by localhost:9000")),
		fmt.Errorf("ask the model: %w", status.Error(codes.Unimplemented, "unknown method Judge")),
	} {
		t.Run(cause.Error(), func(t *testing.T) {
			client := sdktest.Connect(t, sdk.Plugin{Name: "failing", Version: "1", Doc: "Fails.", Steps: []sdk.Step{
				sdk.NewSource("failing", "Fails.", func(sdk.Setup, struct{}) (sdk.Source, error) { return failing{cause}, nil }),
				sdk.NewFilter("failing", "Fails.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return failing{cause}, nil }),
			}})
			ctx := t.Context()
			told := func(err error) {
				t.Helper()
				require.ErrorContains(t, err, cause.Error())
				require.NotErrorIs(t, err, sdk.ErrSilent)
				require.NotErrorIs(t, err, sdk.ErrGone)
				require.NotContains(t, err.Error(), "does not answer a call")
			}
			source, err := client.Open(ctx, sdk.Step{Kind: sdk.KindSource, Type: "failing"}, sdk.Setup{Paths: []string{t.TempDir()}}, []byte("{}"))
			require.NoError(t, err)
			_, err = client.Units(ctx, source)
			told(err)
			told(client.Read(ctx, source, []sdk.Unit{{ID: "u"}}, func(sdk.ReadFrame) error { return nil }))
			_, err = conformance.Apply(ctx, client, "failing", sdk.Setup{}, "{}", []*sdk.Example{question("q")})
			told(err)
		})
	}
}

func TestAnErrorOfTheAuthorsCodeIsNoSuccess(t *testing.T) {
	client := sdktest.Connect(t, sdk.Plugin{Name: "failing", Version: "1", Doc: "Fails.", Steps: []sdk.Step{
		sdk.NewFilter("failing", "Fails.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return failing{fine{}}, nil }),
	}})
	_, err := conformance.Apply(t.Context(), client, "failing", sdk.Setup{}, "{}", []*sdk.Example{question("q")})
	require.ErrorContains(t, err, "fine, thanks")
}

// fine is an error whose gRPC code says that all is well.
type fine struct{}

func (fine) Error() string              { return "fine, thanks" }
func (fine) GRPCStatus() *status.Status { return status.New(codes.OK, "") }

// alien is a plugin made without the SDK, which uses gRPC's codes in its own way.
type alien struct {
	ftprepv1.UnimplementedPluginServiceServer
	err error
}

func (a alien) Describe(context.Context, *ftprepv1.DescribeRequest) (*ftprepv1.DescribeResponse, error) {
	return nil, a.err
}

func (a alien) Read(*ftprepv1.ReadRequest, grpc.ServerStreamingServer[ftprepv1.ReadResponse]) error {
	return a.err
}

func TestWhatAPluginWithoutTheSDKSaysIsNotLost(t *testing.T) {
	for code, text := range map[codes.Code]string{
		codes.DeadlineExceeded: "the model took too long", codes.Unavailable: "the model is down",
		codes.Unimplemented: "the model has no such method", codes.Canceled: "the model gave up", codes.NotFound: "",
	} {
		server := grpc.NewServer(sdk.ServerOptions()...)
		ftprepv1.RegisterPluginServiceServer(server, alien{err: status.Error(code, text)})
		client := sdk.NewClient(dial(t, server), sdk.ClientOptions{})
		_, asked := client.Describe(t.Context())
		read := client.Read(t.Context(), sdk.Handle{}, []sdk.Unit{{ID: "u"}}, func(sdk.ReadFrame) error { return nil })
		for _, err := range []error{asked, read} {
			require.ErrorContains(t, err, cmp.Or(text, code.String()))
			require.NotErrorIs(t, err, sdk.ErrSilent)
			require.Equal(t, code == codes.Unavailable, errors.Is(err, sdk.ErrGone))
		}
	}
}

// The codes of the SDK itself reach the host. A call that an SDK lacks is unimplemented, so that the host can do without
// it.
func TestTheCodesOfTheSDKStay(t *testing.T) {
	server := grpc.NewServer(sdk.ServerOptions()...)
	panics := sdk.NewSource("panics", "Panics.", func(sdk.Setup, struct{}) (sdk.Source, error) { panic("no way") })
	sdk.Register(server, sdk.Plugin{Name: "p", Version: "1", Doc: "Panics.", Steps: []sdk.Step{panics}})
	rpc := ftprepv1.NewPluginServiceClient(dial(t, server))
	_, err := rpc.Configure(t.Context(), &ftprepv1.ConfigureRequest{Kind: "filter", Type: "none"})
	require.Equal(t, codes.NotFound, status.Code(err))
	_, err = rpc.Units(t.Context(), &ftprepv1.UnitsRequest{Handle: "none"})
	require.Equal(t, codes.NotFound, status.Code(err))
	_, err = rpc.Configure(t.Context(), &ftprepv1.ConfigureRequest{Kind: "source", Type: "panics", Options: []byte("{}")})
	require.Equal(t, codes.Aborted, status.Code(err))

	server = grpc.NewServer(sdk.ServerOptions()...)
	ftprepv1.RegisterPluginServiceServer(server, alien{})
	_, err = ftprepv1.NewPluginServiceClient(dial(t, server)).Units(t.Context(), &ftprepv1.UnitsRequest{})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}

// broken is a connection to a plugin that is gone.
type broken struct{}

func (broken) Invoke(context.Context, string, any, any, ...grpc.CallOption) error {
	return status.Error(codes.Unavailable, "reset")
}

func (b broken) NewStream(ctx context.Context, _ *grpc.StreamDesc, _ string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, b.Invoke(ctx, "", nil, nil)
}

func TestStreamsToAPluginThatIsGone(t *testing.T) {
	client := sdk.NewClient(broken{}, sdk.ClientOptions{})
	_, err := client.Apply(t.Context(), nil)
	require.ErrorIs(t, err, sdk.ErrGone)
	_, err = client.Keys(t.Context(), sdk.Handle{})
	require.ErrorIs(t, err, sdk.ErrGone)
	_, err = client.Encode(t.Context(), sdk.Handle{}, sdk.Dataset{})
	require.ErrorIs(t, err, sdk.ErrGone)
	_, err = client.Decode(t.Context(), sdk.Handle{})
	require.ErrorIs(t, err, sdk.ErrGone)
}

func dial(t *testing.T, server *grpc.Server) *grpc.ClientConn {
	listener := bufconn.Listen(1 << 20)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:memory", append(sdk.DialOptions(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

// fragile panics at one of several examples.
type fragile struct{}

func (fragile) touch(e *sdk.Example) {
	if e.UserMessage() == "second" {
		e.ID = "changed before"
		panic("no way")
	}
}

func (f fragile) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	f.touch(e)
	return sdk.Keep(), nil
}

func (f fragile) Keys(_ context.Context, e *sdk.Example) ([]string, error) {
	f.touch(e)
	return nil, nil
}

func (f fragile) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	f.touch(e)
	return [][]byte{[]byte("{}")}, nil
}

func TestAPanicNamesItsExample(t *testing.T) {
	client := sdktest.Connect(t, sdk.Plugin{Name: "fragile", Version: "1", Doc: "Panics.", Steps: []sdk.Step{
		sdk.NewFilter("fragile", "Panics.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return fragile{}, nil }),
		sdk.NewKeyer("keyed", "Panics.", func(sdk.Setup, struct{}) (sdk.Keyer, error) { return fragile{}, nil }),
		sdk.NewFormat("fragile", "Panics.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return fragile{}, nil }),
	}})
	frame := []*sdk.Example{question("first"), question("second"), question("third")}
	for i, example := range frame {
		example.ID = fmt.Sprint(i + 1)
	}
	_, applied := conformance.Apply(t.Context(), client, "fragile", sdk.Setup{}, "{}", frame)
	_, keyed := conformance.Keys(t.Context(), client, "keyed", "{}", frame)
	_, encoded := conformance.Encode(t.Context(), client, "fragile", sdk.Setup{}, "{}", frame)
	for _, err := range []error{applied, keyed, encoded} {
		require.EqualError(t, err, "examples [1 2 3]: example 2: the plugin's code panicked: no way (its log has the stack)")
	}
}

// hasty is a plugin in another language that answers any number of rows with one, and then ends the stream.
type hasty struct {
	ftprepv1.UnimplementedPluginServiceServer
}

func (hasty) Decode(stream grpc.BidiStreamingServer[ftprepv1.DecodeRequest, ftprepv1.DecodeResponse]) error {
	if _, err := stream.Recv(); err != nil {
		return err
	}
	return stream.Send(&ftprepv1.DecodeResponse{Rows: []*ftprepv1.Decoded{{}}})
}

func TestRowsThatAreNotReadBack(t *testing.T) {
	for _, c := range []struct {
		rows int
		want string
	}{
		{2, "the plugin answered 2 rows with 1"},
		{1, "the plugin ended the stream before it had answered everything"},
	} {
		server := grpc.NewServer(sdk.ServerOptions()...)
		ftprepv1.RegisterPluginServiceServer(server, hasty{})
		decoding, err := sdk.NewClient(dial(t, server), sdk.ClientOptions{}).Decode(t.Context(), sdk.Handle{})
		require.NoError(t, err)
		for range 50 { // the end of the stream may be noticed at the next rows, or later
			if _, err = decoding.Rows(make([][]byte, c.rows)); err != nil {
				break
			}
		}
		require.EqualError(t, err, c.want)
		decoding.Close()
	}
}
