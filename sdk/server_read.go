package sdk

import (
	"fmt"
	"time"

	"google.golang.org/grpc"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func (s *service) Read(request *ftprepv1.ReadRequest, stream grpc.ServerStreamingServer[ftprepv1.ReadResponse]) error {
	defer s.work.begin()()
	source, setup, err := step[Source](s, request.Handle)
	if err != nil {
		return err
	}
	for _, unit := range append([]*ftprepv1.Unit{request.Unit}, request.More...) {
		if err := s.readUnit(source, setup.Selection, unitFromWire(unit), stream); err != nil {
			return err
		}
	}
	return nil
}

func (s *service) readUnit(source Source, selection *Selection, unit Unit, stream grpc.ServerStreamingServer[ftprepv1.ReadResponse]) error {
	framer := &framer{stream: stream, sent: map[*Toolset]bool{}, last: time.Now()}
	emitter := &Emitter{
		plugin: s.plugin.Name, version: s.plugin.Version, unit: unit, selection: selection,
		reject: framer.reject, progress: framer.progress, tallies: tallies{},
	}
	emitter.turnTo(unit.first())
	emitter.send = func(e *Example) error {
		item := NewItem(e)
		if len(item.Example) > maxExample {
			return emitter.tooLarge(e, len(item.Example))
		}
		emitter.observer.example(e)
		return framer.example(e.Toolset, item)
	}
	if err := emitter.RejectFile(source.Read(stream.Context(), unit, emitter)); err != nil {
		return err
	}
	framer.response.Tally = tallyToWire(emitter.tallies.close(unit.first()))
	framer.response.Observations = observationsToWire(&emitter.observer.Observations)
	return framer.flush()
}

// tooLarge takes back an example that no frame can carry.
func (e *Emitter) tooLarge(example *Example, size int) error {
	e.tally.Examples--
	e.tally.InExamples -= e.records
	return e.unfit(example, fmt.Sprintf("the example has %d MiB; examples may have %d MiB", size>>20, maxExample>>20))
}

// framer gathers what a source emits into frames.
type framer struct {
	stream   grpc.ServerStreamingServer[ftprepv1.ReadResponse]
	response ftprepv1.ReadResponse
	size     int
	last     time.Time // when the last frame left
	sent     map[*Toolset]bool
}

func (f *framer) frame() *ftprepv1.Frame {
	if f.response.Frame == nil {
		f.response.Frame = &ftprepv1.Frame{}
	}
	return f.response.Frame
}

func (f *framer) example(tools *Toolset, item Item) error {
	if f.size+len(item.Example) > frameBytes && f.size > 0 {
		if err := f.flush(); err != nil {
			return err
		}
	}
	frame := f.frame()
	if tools != nil && !f.sent[tools] {
		f.sent[tools] = true
		frame.Toolsets = append(frame.Toolsets, toolsetToWire(tools))
	}
	frame.Items = append(frame.Items, itemToWire(item))
	f.size += len(item.Example)
	return f.flushIfDue()
}

func (f *framer) reject(reject Reject) error {
	reject.File, reject.Cause = validText(reject.File), validText(reject.Cause)
	if len(reject.Cause) > longestCause {
		reject.Cause = validText(reject.Cause[:longestCause]) + "..."
	}
	frame := f.frame()
	frame.Rejects = append(frame.Rejects, rejectsToWire([]Reject{reject})...)
	f.size += len(reject.Cause)
	return f.flushIfDue()
}

func (f *framer) progress(bytes int64) error {
	f.response.Progress += bytes
	return f.flushIfDue()
}

func (f *framer) flushIfDue() error {
	items := len(f.response.GetFrame().GetItems())
	if items >= frameItems || f.size >= frameBytes || time.Since(f.last) >= frameTime {
		return f.flush()
	}
	return f.stream.Context().Err()
}

func (f *framer) flush() error {
	err := f.stream.Send(&f.response)
	f.response = ftprepv1.ReadResponse{}
	f.size, f.last = 0, time.Now()
	return err
}
