package sdk

import (
	"cmp"
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// frames receives the messages of a stream until the host has sent its last one, calls handle for each in order, with its
// examples, and sends the answers. A nil answer is not sent. While one message is handled, the next ones are received and
// decoded, and the last answer is being sent. handle must call alive after each example, because one frame may take long.
func frames(stream grpc.ServerStream, request func() proto.Message, handle func(next received, alive func()) (any, error)) error {
	ahead := make(chan received, 2) // two, because frames differ in how long they take
	go receiveAll(stream, request, ahead)
	answers, sent := make(chan encoded), make(chan error, 1)
	go func() { sent <- sendAll(stream, answers) }()
	err := handleAll(stream.Context(), ahead, handle, answers)
	close(answers)
	return cmp.Or(err, <-sent)
}

// lifeTime is how long a plugin works on a frame before it gives a sign of life, which is an answer without elements. It
// is well below any sensible idle time.
const lifeTime = time.Second

// handleAll encodes each answer before it sends it on, because what a step has returned may change when the step is
// called again.
func handleAll(ctx context.Context, ahead <-chan received, handle func(received, func()) (any, error), answers chan<- encoded) (err error) {
	defer recovered(&err) // recovered here because the answers before a panic must still be sent
	codec := codec{&buffers{}}
	var last time.Time // when a message was last sent, or the work on the frame began
	alive := func() {
		if time.Since(last) >= lifeTime {
			answers <- nil
			last = time.Now()
		}
	}
	for {
		var next received
		select {
		case next = <-ahead:
		case <-ctx.Done():
			return ctx.Err()
		}
		if next.err != nil {
			return withoutEOF(next.err)
		}
		last = time.Now()
		answer, err := handle(next, alive)
		if err != nil {
			return err
		}
		if answer == nil {
			continue
		}
		data, err := codec.Marshal(answer)
		if err != nil {
			return err
		}
		answers <- encoded(data)
	}
}

// sendAll sends answers until there are no more. After an error it discards the rest, so that nobody waits for it.
func sendAll(stream grpc.ServerStream, answers <-chan encoded) (err error) {
	for answer := range answers {
		if err == nil {
			err = stream.SendMsg(answer)
		}
	}
	return err
}

// received is a message with its examples, or the reason why there is none.
type received struct {
	request  proto.Message // the message without its frame
	framed   bool          // it has a frame
	examples []*Example
	toolsets map[string]string // the names of the toolsets that came with it, by the hashes of their content
	err      error
}

// receiveAll receives and decodes messages until the stream ends.
func receiveAll(stream grpc.ServerStream, request func() proto.Message, ahead chan<- received) {
	known := newToolsets()
	for {
		next := receive(stream, request(), known)
		select {
		case ahead <- next:
		case <-stream.Context().Done(): // it ends when the handler returns
			return
		}
		if next.err != nil {
			return
		}
	}
}

func receive(stream grpc.ServerStream, request proto.Message, known *toolsets) (next received) {
	defer recovered(&next.err)
	message := &framed{field: requestFrame, rest: request}
	if err := stream.RecvMsg(message); err != nil {
		return received{err: err}
	}
	next = received{
		request: request, framed: message.frame != nil, examples: make([]*Example, len(message.items)), toolsets: map[string]string{},
	}
	for _, set := range message.frame.GetToolsets() {
		toolset := toolsetFromWire(set)
		known.add(set.Hash, toolset)
		next.toolsets[toolset.Hash()] = set.Hash
	}
	for i, item := range message.items {
		example, err := item.Decode()
		if err != nil {
			return received{err: err}
		}
		if example.Toolset, err = known.namedBy(item); err != nil {
			return received{err: sdkErrorf(codes.FailedPrecondition, "the host sent %v", err)}
		}
		next.examples[i] = example
	}
	return next
}
