package sdk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/experimental"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// How long the host waits for a plugin.
const (
	AnswerTime = 10 * time.Second // for the handshake, Describe, Configure and Drain
	idleTime   = 60 * time.Second // by default, for Units and for the next message on a stream
)

// A Client is the host's end of the wire to one plugin.
type Client struct {
	rpc      ftprepv1.PluginServiceClient
	answer   time.Duration // for Configure
	idle     time.Duration
	distrust bool // what the plugin sends is checked
	secrets  *secrets.Words

	described atomic.Pointer[ftprepv1.DescribeResponse]
}

// ClientOptions holds options of a [Client].
type ClientOptions struct {
	Answer   time.Duration  // how long the plugin may take to configure a step; 0: [AnswerTime]
	Idle     time.Duration  // how long the host waits for a message on a stream before it ends it with [ErrSilent]; 0: 60 s
	Distrust bool           // whether to check what the plugin sends
	Secrets  *secrets.Words // where [Client.Conceal] adds words, for others that show what the plugin says; nil: only the Client hides them
}

// NewClient returns a Client that speaks to a plugin over a connection made with [DialOptions].
func NewClient(conn grpc.ClientConnInterface, options ClientOptions) *Client {
	return &Client{
		rpc:    ftprepv1.NewPluginServiceClient(conn),
		answer: cmp.Or(options.Answer, AnswerTime), idle: cmp.Or(options.Idle, idleTime),
		distrust: options.Distrust, secrets: cmp.Or(options.Secrets, &secrets.Words{}),
	}
}

// Conceal hides words, the values of secret options, in everything that the plugin says from now on: in what it logs and
// prints, in its reasons, evidence and complaints, and in errors about its process. Examples and rows stay as they are.
// Words of less than 4 bytes are not hidden. Of a word with several lines, each line of 8 bytes or more is hidden as
// well.
func (c *Client) Conceal(words ...string) { c.secrets.Add(words...) }

// Trusted reports whether the plugin is part of the host's program, so that what it sends is not checked.
func (c *Client) Trusted() bool { return !c.distrust }

// DialOptions returns the options that a gRPC connection to a plugin needs.
func DialOptions() []grpc.DialOption {
	buffers := &buffers{}
	return []grpc.DialOption{
		grpc.WithTransportCredentials(newLocal()),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage), grpc.ForceCodecV2(codec{buffers}),
		),
		experimental.WithBufferPool(buffers),
		grpc.WithInitialWindowSize(streamWindow), grpc.WithInitialConnWindowSize(connectionWindow),
	}
}

// Errors about the plugin itself rather than about an example.
var (
	ErrGone   = errors.New("the connection broke")
	ErrSilent = errors.New("no answer")
	// ErrUnusable says that the host cannot work with a plugin, because what it says about itself is wrong.
	ErrUnusable = errors.New("it cannot be used")
)

var errUnimplemented = errors.New("the plugin does not implement a call that it must implement")

// fromStatus removes gRPC's wrapping from an error: users read what the plugin said, or one of the errors above.
func fromStatus(ctx context.Context, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	s, ok := status.FromError(err)
	if !ok {
		return err
	}
	switch s.Code() {
	case codes.Unavailable: // gRPC's code for a broken connection; plugins made without the SDK may send it, too
		return fmt.Errorf("%w, or the plugin says that something is unavailable: %s", ErrGone, s.Message())
	case codes.Unimplemented:
		return fmt.Errorf("%w: %s", errUnimplemented, cmp.Or(s.Message(), "it gives no details"))
	}
	return errors.New(cmp.Or(s.Message(), "an error without a message, "+s.Code().String()))
}

// ask makes a call that must be answered within a limit.
func ask[Q, A any](ctx context.Context, call func(context.Context, Q, ...grpc.CallOption) (A, error), question Q, limit time.Duration) (A, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("%w within %s", ErrSilent, limit))
	defer cancel()
	answer, err := call(ctx, question)
	if deadline, _ := ctx.Deadline(); err != nil && !time.Now().Before(deadline) {
		<-ctx.Done() // the plugin knows the deadline and may be the first to give up
	}
	return answer, fromStatus(ctx, err)
}

// Describe asks the plugin what it offers.
func (c *Client) Describe(ctx context.Context) (Plugin, error) {
	response, err := ask(ctx, c.rpc.Describe, &ftprepv1.DescribeRequest{}, AnswerTime)
	if err != nil {
		return Plugin{}, fmt.Errorf("describe: %w", err)
	}
	c.described.Store(response)
	return pluginFromWire(response), nil
}

// A Handle stands for an opened step.
type Handle struct {
	id       string
	setup    Setup
	complete bool     // of a source: its examples are complete, as those of every source made with the SDK, so the host completes nothing
	several  bool     // of a source: it can read several units on one stream
	Framing  Framing  // of a format
	Holds    Holds    // of a format: what it can hold, with its options
	File     string   // of a format: the name of its file if the output's path is a folder
	Decodes  bool     // of a format: it is a [Decoder]
	Digest   [32]byte // a hash of everything that the step was opened with, except its paths
}

// Open opens a step that the plugin has described. options is a JSON object of option values. The plugin's complaints are
// returned as joined [OptionError]s; one with an empty Option is about the block.
func (c *Client) Open(ctx context.Context, step Step, setup Setup, options []byte) (Handle, error) {
	request := &ftprepv1.ConfigureRequest{
		Kind: string(step.Kind), Type: step.Type, Block: setup.Block, Options: options,
		Tools: toolsetToWire(setup.Tools), Selection: selectionToWire(setup.Selection), MaxTokens: int64(setup.MaxTokens),
	}
	digest, err := digest(request)
	if err != nil {
		return Handle{}, fmt.Errorf("configure %s: %w", setup.Block, err)
	}
	request.Paths = setup.Paths
	response, err := ask(ctx, c.rpc.Configure, request, c.answer)
	if err != nil {
		return Handle{}, fmt.Errorf("configure %s: %w", setup.Block, err)
	}
	var problems []error
	for _, d := range response.Diagnostics {
		problems = append(problems, &OptionError{Option: d.Option, Reason: cmp.Or(c.secrets.Hide(d.Reason), "the plugin gives no reason")})
	}
	if step.Kind == KindSource && !response.Observes { // the result depends also on how the host completes the plugin's frames
		digest = sha256.Sum256(append(digest[:], completerVersion...))
	}
	handle := Handle{
		id: response.Handle, setup: setup, complete: response.Observes, several: response.ReadsSeveral,
		Framing: Framing(response.Framing), Holds: step.Holds, File: response.File, Decodes: response.Decodes, Digest: digest,
	}
	if response.Holds != nil {
		handle.Holds = holdsFromWire(response.Holds)
	}
	if len(problems) > 0 {
		return handle, errors.Join(problems...)
	}
	if err := handle.checkFormat(); err != nil && step.Kind == KindFormat {
		return handle, fmt.Errorf("%w: configure %s: %v", ErrUnusable, setup.Block, err)
	}
	return handle, nil
}

// checkFormat returns an error if what an opened format says about itself makes no sense.
func (h Handle) checkFormat() error {
	switch h.Framing {
	case FramingRows, FramingBytes:
	case "":
		return fmt.Errorf("the format does not say its framing, which must be %q or %q", FramingRows, FramingBytes)
	default:
		return fmt.Errorf("the format's framing is %q, which is neither %q nor %q", h.Framing, FramingRows, FramingBytes)
	}
	return h.Holds.check()
}

// digest returns a hash of everything that a message holds.
func digest(message proto.Message) ([32]byte, error) {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	return sha256.Sum256(data), err
}

// Units returns the units that an opened source will read.
func (c *Client) Units(ctx context.Context, source Handle) ([]Unit, error) {
	response, err := ask(ctx, c.rpc.Units, &ftprepv1.UnitsRequest{Handle: source.id}, c.idle)
	if errors.Is(err, errUnimplemented) {
		return oneUnit(source.setup.Paths)
	}
	if err != nil {
		return nil, fmt.Errorf("list units: %w", err)
	}
	units, known := make([]Unit, len(response.Units)), map[string]bool{}
	for i, unit := range response.Units {
		units[i] = unitFromWire(unit)
		if unit.Id == "" {
			return nil, errors.New("the plugin lists a unit without an id")
		}
		if known[unit.Id] {
			return nil, fmt.Errorf("the plugin lists the unit %q twice: if there are several paths, ids must tell their files apart", unit.Id)
		}
		known[unit.Id] = true
	}
	return units, nil
}

// Drain waits until the plugin has finished the calls in flight.
func (c *Client) Drain(ctx context.Context) error {
	_, err := ask(ctx, c.rpc.Drain, &ftprepv1.DrainRequest{}, AnswerTime)
	return err
}

// Read reads units one after the other and passes their frames to take in order. It is an error if a unit ends without a
// tally.
func (c *Client) Read(ctx context.Context, source Handle, units []Unit, take func(ReadFrame) error) error {
	together := 1
	if source.several {
		together = max(len(units), 1)
	}
	for some := range slices.Chunk(units, together) {
		if err := c.read(ctx, source, some, take); err != nil {
			return err
		}
	}
	return nil
}

// read reads units on one stream.
func (c *Client) read(ctx context.Context, source Handle, units []Unit, take func(ReadFrame) error) error {
	ctx, watch := c.watch(ctx)
	defer watch.stop()
	stream, err := c.rpc.Read(ctx, &ftprepv1.ReadRequest{Handle: source.id, Unit: unitToWire(units[0]), More: mapped(units[1:], unitToWire)})
	if err != nil {
		return fromStatus(ctx, err)
	}
	var complete func(*ReadFrame) error // of the current unit; nil until its first frame comes
	receive := func() (*framed, error) {
		message := newReadMessage()
		return message, stream.RecvMsg(message)
	}
	for {
		message, err := await(watch, receive)
		switch {
		case err == io.EOF && len(units) == 0:
			return nil
		case err == io.EOF:
			return errors.New("the plugin ended a unit without a tally of its records")
		case err != nil:
			return fromStatus(ctx, err)
		case len(units) == 0:
			return errors.New("the plugin sent more after the tally of the last unit")
		}
		if complete == nil {
			if complete, err = c.completer(ctx, source, units[0]); err != nil {
				return err
			}
		}
		frame := readFrameOf(message)
		if err := complete(&frame); err != nil {
			return err
		}
		frame.conceal(c.secrets)
		if frame.Tally != nil {
			units, complete = units[1:], nil
		}
		if err := take(frame); err != nil {
			return err
		}
	}
}
