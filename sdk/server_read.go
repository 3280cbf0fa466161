package sdk

import (
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func (s *service) Read(request *ftprepv1.ReadRequest, stream grpc.ServerStreamingServer[ftprepv1.ReadResponse]) error {
	defer s.work.begin()()
	source, setup, err := step[Source](s, request.Handle)
	if err != nil {
		return err
	}
	framer := s.framer()
	framer.stream = stream
	defer s.release(framer)
	for _, unit := range append([]*ftprepv1.Unit{request.Unit}, request.More...) {
		if err := s.readUnit(source, setup.Selection, unitFromWire(unit), framer); err != nil {
			return err
		}
	}
	return nil
}

func (s *service) readUnit(source Source, selection *Selection, unit Unit, framer *framer) error {
	framer.sent, framer.last = map[string]bool{}, time.Now()
	emitter := &Emitter{
		plugin: s.plugin.Name, version: s.plugin.Version, unit: unit, selection: selection,
		reject: framer.reject, progress: framer.progress, tallies: tallies{},
	}
	emitter.turnTo(unit.first())
	emitter.send = func(e *Example) error {
		toolset := e.Toolset.Hash()
		encoded := framer.encode(e, toolset)
		if len(encoded) > maxExample {
			framer.takeBack(encoded)
			return oversize(len(encoded))
		}
		emitter.observer.example(e)
		return framer.example(e.Toolset, newItem(e, toolset, encoded))
	}
	defer emitter.ended.CompareAndSwap(nil, &errEnded) // only if Read panics
	err := emitter.RejectFile(source.Read(framer.stream.Context(), unit, emitter))
	emitter.ended.Store(&err)
	if err != nil {
		return err
	}
	framer.frame.Tally, framer.frame.Observed = new(emitter.tallies.close(unit.first())), &emitter.observer.Observations
	return framer.flush()
}

// A framer gathers what a source emits into frames.
type framer struct {
	stream  grpc.ServerStream
	frame   ReadFrame
	encoded []byte // the frame's examples; the memory is used again for the next frame
	size    int
	last    time.Time // when the last frame was sent

	toolsets []*ftprepv1.Toolset // of the frame, as they were when the first example named them
	sent     map[string]bool     // the hashes of the toolsets that the unit has sent
}

// framer returns a framer. If possible it is one that an earlier stream has used, so that its memory is used again.
func (s *service) framer() *framer {
	if used, ok := s.framers.Get().(*framer); ok {
		return used
	}
	return &framer{}
}

func (s *service) release(used *framer) {
	*used = framer{encoded: used.encoded[:0]}
	s.framers.Put(used)
}

// encode encodes an example into the memory after those of the frame.
func (f *framer) encode(e *Example, toolset string) []byte {
	before := len(f.encoded)
	f.encoded = e.appendNaming(toolset, slices.Grow(f.encoded, e.sizeHint()))
	return slices.Clip(f.encoded[before:])
}

// takeBack frees the memory of the example that was encoded last.
func (f *framer) takeBack(encoded []byte) { f.encoded = f.encoded[:len(f.encoded)-len(encoded)] }

func (f *framer) example(tools *Toolset, item Item) error {
	size := len(item.Example)
	var due *ftprepv1.Toolset
	if tools != nil && !f.sent[item.Toolset] {
		due = toolsetToWireAs(item.Toolset, tools)
		size += proto.Size(due)
	}
	if f.size+size > frameBytes && f.size > 0 {
		if err := f.flush(); err != nil {
			return err
		}
		f.encoded = append(f.encoded, item.Example...) // it stood after the examples that have been sent
		item.Example = slices.Clip(f.encoded)
	}
	if due != nil {
		f.sent[due.Hash] = true
		f.toolsets = append(f.toolsets, due)
	}
	f.frame.Items = append(f.frame.Items, item)
	f.size += size
	return f.flushIfDue()
}

func (f *framer) reject(reject Reject) error {
	reject.File, reject.Cause = validText(reject.File), validText(reject.Cause)
	if len(reject.Cause) > longestCause {
		reject.Cause = validText(reject.Cause[:longestCause]) + "..."
	}
	f.frame.Rejects = append(f.frame.Rejects, reject)
	f.size += len(reject.Cause)
	return f.flushIfDue()
}

func (f *framer) progress(bytes int64) error {
	f.frame.Progress += bytes
	return f.flushIfDue()
}

func (f *framer) flushIfDue() error {
	if len(f.frame.Items) >= frameItems || f.size >= frameBytes || time.Since(f.last) >= frameTime {
		return f.flush()
	}
	return f.stream.Context().Err()
}

func (f *framer) flush() error {
	message := f.frame.message()
	if message.frame != nil { // there are toolsets only if there are items
		message.frame.Toolsets = f.toolsets
	}
	err := f.stream.SendMsg(message)
	f.frame, f.toolsets = ReadFrame{}, nil
	f.size, f.last = 0, time.Now()
	if f.encoded = f.encoded[:0]; cap(f.encoded) > 4*frameBytes {
		f.encoded = nil
	}
	return err
}
