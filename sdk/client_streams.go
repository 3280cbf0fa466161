package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"google.golang.org/grpc"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// A Stream sends frames of items through opened steps and receives an answer to each frame, in order. Sending and
// receiving must be done by two goroutines, or the plugin and the host could end up waiting for each other.
type Stream[A any] struct {
	ctx   context.Context
	watch *watchdog
	send  func([]Item, map[string]*Toolset) error
	recv  func() (A, error)
	close func() error
}

// Send sends one frame. tools holds, by name, the toolsets of the items that no earlier item on the stream has named.
func (s *Stream[A]) Send(items []Item, tools map[string]*Toolset) error {
	return s.sendError(s.send(items, tools))
}

// sendError explains why sending failed. If the error is io.EOF it returns nil, for then receiving says why.
func (s *Stream[A]) sendError(err error) error {
	if err == io.EOF {
		return nil
	}
	return fromStatus(s.ctx, err)
}

// Receive returns the answer to the next frame, or [io.EOF] after the last one. An answer without elements to a frame
// with items is only a sign of life.
func (s *Stream[A]) Receive() (A, error) {
	answer, err := await(s.watch, s.recv)
	return answer, fromStatus(s.ctx, err)
}

// Close frees the resources of the stream, and ends it if it is still running.
func (s *Stream[A]) Close() { s.watch.stop() }

// EndStream is called after the answer to the last frame. It tells the plugin that no more frames come, and waits for it
// to end the stream, at most for the idle time. Signs of life may still come.
func EndStream[A any](s *Stream[[]A]) error {
	if err := s.sendError(s.close()); err != nil {
		return err
	}
	return s.endError(untilEnd(s.watch, s.recv, func(answer []A) error {
		if len(answer) > 0 {
			return errors.New("the plugin answered more than it was sent")
		}
		return nil
	}))
}

// endError explains why the end of a stream has not come.
func (s *Stream[A]) endError(err error) error {
	err = fromStatus(s.ctx, err)
	if errors.Is(err, ErrSilent) {
		return fmt.Errorf("%w: the host has ended its side of the stream and is waiting for the plugin to end it", err)
	}
	return err
}

// An Outcome is what neighbouring filters have made of one example.
type Outcome struct {
	Decisions []Decision // what the filters decided, except those that just kept the example
	Dropped   bool
	Toolsets  []*Toolset // the toolsets that the replacing examples name, except those in an earlier outcome

	annotation []byte
	quality    *float64
	split      string
	items      []Item
}

// A Decision is what one filter has decided about an example.
type Decision struct {
	Filter   int // the index of the filter among those of the stream
	Action   Action
	Reason   string
	Evidence string
	Found    []Found
	Score    *float64 // the quality score that the filter gave the example; nil if it gave none
}

// Items returns what takes the place of the item that the outcome answers: the item itself, annotated or not, or what
// replaces it.
func (o Outcome) Items(item Item) []Item {
	switch {
	case o.Dropped:
		return nil
	case len(o.items) > 0:
		return o.items
	}
	// Appending an encoded message to another is how protobuf merges them.
	item.Example = append(item.Example[:len(item.Example):len(item.Example)], o.annotation...)
	item.Quality = cmp.Or(o.quality, item.Quality)
	item.Split = cmp.Or(o.split, item.Split)
	return []Item{item}
}

// Changes reports whether anything but the unchanged item takes the item's place. It is false if the example is dropped.
func (o Outcome) Changes() bool {
	return !o.Dropped && (len(o.items) > 0 || len(o.annotation) > 0 || o.quality != nil || o.split != "")
}

// Apply opens a stream of examples through opened filters. Each filter sees what the one before it has made.
func (c *Client) Apply(ctx context.Context, filters []Handle) (*Stream[[]Outcome], error) {
	return c.apply(ctx, filters, false)
}

// ApplyStrictly does what Apply does, for tests: if the plugin is made with the SDK, the stream ends with an error at the
// first example that a filter changes without saying so. Finding that out takes time.
func (c *Client) ApplyStrictly(ctx context.Context, filters []Handle) (*Stream[[]Outcome], error) {
	return c.apply(ctx, filters, true)
}

func (c *Client) apply(ctx context.Context, filters []Handle, strict bool) (*Stream[[]Outcome], error) {
	ctx, watch := c.watch(ctx)
	stream, err := c.rpc.Apply(ctx)
	if err != nil {
		return nil, watch.unopened(ctx, err)
	}
	ids := mapped(filters, func(filter Handle) string { return filter.id })
	if err := stream.Send(&ftprepv1.ApplyRequest{Handles: ids, Strict: strict}); err != nil && err != io.EOF { // the first answer says why
		return nil, watch.unopened(ctx, err)
	}
	sets := newGivenToolsets()
	outcomes := newStream(ctx, watch, stream, func() ([]Outcome, error) {
		var answer verdicts
		if err := stream.RecvMsg(&answer); err != nil {
			return nil, err
		}
		return c.outcomes(answer, sets)
	})
	send := outcomes.send
	outcomes.send = func(items []Item, tools map[string]*Toolset) error {
		sets.noteSent(items)
		return send(items, tools)
	}
	return outcomes, nil
}

func (c *Client) outcomes(answer verdicts, sets *givenToolsets) ([]Outcome, error) {
	own := mapped(answer.toolsets, toolsetFromWire)
	if c.distrust {
		if err := checkToolsets(own); err != nil {
			return nil, err
		}
	}
	sets.add(answer.toolsets, own)
	outcomes := make([]Outcome, len(answer.list))
	for i, verdict := range answer.list {
		if verdict == nil {
			continue
		}
		if c.distrust {
			if err := checkVerdict(verdict); err != nil {
				return nil, err
			}
		}
		outcomes[i] = outcomeFromWire(verdict, c.secrets)
		if err := sets.resolve(&outcomes[i]); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// checkVerdict checks a verdict of a plugin that is not trusted: its annotation and its replacing examples can be decoded
// and are valid.
func checkVerdict(v *ftprepv1.Verdict) error {
	annotation, err := decodeExample(v.Annotation)
	if err != nil {
		return fmt.Errorf("the plugin sent an annotation that cannot be decoded: %w", err)
	}
	if annotation.ID != "" || len(annotation.Messages) > 0 || annotation.Detailed() || !annotation.Identity.empty() {
		return errors.New("the plugin sent an annotation with more than an annotation may hold: it would change the id or the messages of the example")
	}
	if annotation.Split != v.Split {
		return fmt.Errorf("the plugin annotated an example with the split %q, but the verdict says %q", annotation.Split, v.Split)
	}
	if shownScore(annotation.Quality) != shownScore(v.Score) {
		return fmt.Errorf("the plugin annotated an example with the quality %s, but the verdict says %s", shownScore(annotation.Quality), shownScore(v.Score))
	}
	if err := errors.Join(checkSplit(annotation.Split), annotation.checkScores()); err != nil {
		return fmt.Errorf("the plugin sent an invalid annotation: %w", err)
	}
	if err := checkDecisions(v); err != nil {
		return err
	}
	return checkItems(mapped(v.Items, itemFromWire))
}

func shownScore(score *float64) string {
	if score == nil {
		return "none"
	}
	return fmt.Sprint(*score)
}

// checkDecisions checks that filters decided only what they may decide, and that the verdict follows from the decisions.
func checkDecisions(v *ftprepv1.Verdict) error {
	decided := map[Action]bool{}
	for _, d := range v.Decisions {
		scored := Annotation{Quality: d.Score}
		if err := scored.check(); err != nil {
			return fmt.Errorf("the plugin gave an example an invalid score: %w", err)
		}
		switch action := Action(d.Action); {
		case action == ActionDrop && d.Reason == "":
			return errors.New("the plugin dropped an example without a reason")
		case action != ActionDrop && action != ActionAnnotate && action != ActionReplace:
			return fmt.Errorf("the plugin decided %q, which is not drop, annotate or replace", d.Action)
		default:
			decided[action] = true
		}
	}
	switch {
	case v.Dropped && !decided[ActionDrop]:
		return errors.New("the plugin dropped an example without a decision to do so")
	case decided[ActionDrop] && !v.Dropped && !decided[ActionReplace]:
		return errors.New("the plugin decided to drop an example, but its verdict says that it stays")
	case len(v.Items) > 0 && !decided[ActionReplace]:
		return errors.New("the plugin replaced an example without a decision to do so")
	case (len(v.Annotation) > 0 || v.Score != nil || v.Split != "") && !decided[ActionAnnotate]:
		return errors.New("the plugin annotated an example without a decision to do so")
	}
	return nil
}

func outcomeFromWire(v *ftprepv1.Verdict, words *secrets.Words) Outcome {
	o := Outcome{Dropped: v.Dropped, annotation: v.Annotation, quality: v.Score, split: v.Split, items: mapped(v.Items, itemFromWire)}
	for _, d := range v.Decisions {
		o.Decisions = append(o.Decisions, Decision{
			Filter: int(d.Filter), Action: Action(d.Action), Reason: words.Hide(d.Reason), Evidence: words.Hide(d.Evidence),
			Found: mapped(d.Found, foundFromWire), Score: d.Score,
		})
	}
	return o
}

func foundFromWire(m *ftprepv1.Found) Found {
	return Found{Kind: m.Kind, Rule: m.Rule, Place: m.Place, Count: int(m.Count)}
}

// Keys opens a stream of examples to an opened [Keyer]. The answer to a frame has the keys of each example.
func (c *Client) Keys(ctx context.Context, filter Handle) (*Stream[[][]string], error) {
	ctx, watch := c.watch(ctx)
	stream, err := c.rpc.Keys(ctx)
	if err != nil {
		return nil, watch.unopened(ctx, err)
	}
	if err := stream.Send(&ftprepv1.KeysRequest{Handle: filter.id}); err != nil && err != io.EOF {
		return nil, watch.unopened(ctx, err)
	}
	return newStream(ctx, watch, stream, func() ([][]string, error) {
		response, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		keys := make([][]string, len(response.Items))
		for i, item := range response.Items {
			keys[i] = item.Keys
		}
		return keys, nil
	}), nil
}

// An Encoded is what an example has become: rows, or the reason why the format refused it.
type Encoded struct {
	Rows    [][]byte
	Refused string
}

// An Encoding is a stream of examples to an opened format.
type Encoding struct {
	Stream[[]Encoded]
	rpc grpc.BidiStreamingClient[ftprepv1.EncodeRequest, ftprepv1.EncodeResponse]
}

// Encode opens a stream for one output of a format.
func (c *Client) Encode(ctx context.Context, format Handle, dataset Dataset) (*Encoding, error) {
	ctx, watch := c.watch(ctx)
	stream, err := c.rpc.Encode(ctx)
	if err != nil {
		return nil, watch.unopened(ctx, err)
	}
	begin := &ftprepv1.BeginEncoding{Handle: format.id, Tools: toolsetToWire(dataset.Tools), Splits: dataset.Splits}
	if err := stream.Send(&ftprepv1.EncodeRequest{Step: &ftprepv1.EncodeRequest_Begin{Begin: begin}}); err != nil && err != io.EOF {
		return nil, watch.unopened(ctx, err)
	}
	return &Encoding{rpc: stream, Stream: *newStream(ctx, watch, stream, func() ([]Encoded, error) {
		var answer encodedItems
		err := stream.RecvMsg(&answer)
		for i := range answer {
			answer[i].Refused = c.secrets.Hide(answer[i].Refused)
		}
		if err == nil && c.distrust {
			err = answer.check()
		}
		return answer, err
	})}, nil
}

// Finish is called after the answer to the last frame. It tells the format what was written and returns companion files.
func (e *Encoding) Finish(written []WrittenFile) ([]Companion, error) {
	finish := &ftprepv1.FinishEncoding{Written: mapped(written, writtenFileToWire)}
	request := &ftprepv1.EncodeRequest{Step: &ftprepv1.EncodeRequest_Finish{Finish: finish}}
	if err := e.sendError(e.rpc.Send(request)); err != nil {
		return nil, err
	}
	if err := e.sendError(e.close()); err != nil {
		return nil, err
	}
	var companions []Companion
	answered := false
	err := untilEnd(e.watch, e.rpc.Recv, func(response *ftprepv1.EncodeResponse) error {
		if len(response.Items) > 0 {
			return errors.New("the plugin answered a frame of examples when it was asked to finish: each frame must be answered only once")
		}
		companions = append(companions, mapped(response.Companions, companionFromWire)...) // a late sign of life has none
		answered = true
		return nil
	})
	if err == nil && !answered {
		err = errors.New("finish: the plugin ended the stream without an answer")
	}
	return companions, e.endError(err)
}

// newStream returns a Stream over a gRPC stream whose requests have frames. receive receives an answer.
func newStream[A any](ctx context.Context, watch *watchdog, stream grpc.ClientStream, receive func() (A, error)) *Stream[A] {
	return &Stream[A]{
		ctx: ctx, watch: watch, recv: receive, close: stream.CloseSend,
		send: func(items []Item, tools map[string]*Toolset) error {
			frame := &ftprepv1.Frame{}
			for _, name := range slices.Sorted(maps.Keys(tools)) {
				frame.Toolsets = append(frame.Toolsets, toolsetToWireAs(name, tools[name]))
			}
			return stream.SendMsg(&framed{field: requestFrame, frame: frame, items: items})
		},
	}
}
