package sdk

import (
	"bytes"
	"fmt"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// A ReadFrame is one piece of what a source found in a unit.
type ReadFrame struct {
	Items    []Item
	Toolsets []*Toolset
	Rejects  []Reject
	Progress int64         // bytes read since the last frame
	Tally    *Tally        // in the last frame of a unit
	Observed *Observations // in the last frame of a unit

	wire  []byte   // the encoded frame as it came; nil if it was made or changed here
	names []string // what the plugin calls the toolsets
	items []byte   // the part of wire that [AppendItems] would append; nil if other fields stand among the items
}

// Encoding returns the part of the encoded frame that [AppendItems] would append for its items. It is nil if the frame
// has not come over the wire, was changed since, or has other fields between the items. It must not be changed.
func (f ReadFrame) Encoding() []byte { return f.items }

// AppendBinary appends the encoded frame, as it came over the wire if it did, so that nothing of it is lost.
// [ParseReadFrame] is the inverse.
func (f ReadFrame) AppendBinary(data []byte) ([]byte, error) {
	if f.wire != nil {
		return append(data, f.wire...), nil
	}
	return f.message().appendTo(data)
}

// ParseReadFrame is the inverse of [ReadFrame.AppendBinary]. The frame does not share memory with data.
func ParseReadFrame(data []byte) (ReadFrame, error) {
	message := newReadMessage()
	if err := message.parse(bytes.Clone(data)); err != nil {
		return ReadFrame{}, fmt.Errorf("decode a frame: %w", err)
	}
	return readFrameOf(message), nil
}

// newReadMessage returns an empty ReadResponse to decode into.
func newReadMessage() *framed { return &framed{field: responseFrame, rest: &ftprepv1.ReadResponse{}} }

func readFrameOf(message *framed) ReadFrame {
	response := message.rest.(*ftprepv1.ReadResponse)
	frame := ReadFrame{
		Items: message.items, Rejects: mapped(message.frame.GetRejects(), rejectFromWire), Progress: response.Progress,
		wire: message.data, items: message.encoding,
	}
	for _, tools := range message.frame.GetToolsets() {
		frame.Toolsets, frame.names = append(frame.Toolsets, toolsetFromWire(tools)), append(frame.names, tools.Hash)
	}
	if response.Tally != nil {
		frame.Tally, frame.Observed = new(tallyFromWire(response.Tally)), observationsFromWire(response.Observations)
	}
	return frame
}

// conceal hides words in the causes of rejects. A frame in which it has hidden some is encoded anew.
func (f *ReadFrame) conceal(words *secrets.Words) {
	for i := range f.Rejects {
		cause := &f.Rejects[i].Cause
		if hidden := words.Hide(*cause); hidden != *cause {
			*cause, f.wire = hidden, nil
		}
	}
}

func (f *ReadFrame) message() *framed {
	response := &ftprepv1.ReadResponse{Progress: f.Progress}
	if f.Tally != nil {
		response.Tally = tallyToWire(*f.Tally)
	}
	if f.Observed != nil {
		response.Observations = observationsToWire(f.Observed)
	}
	message := &framed{field: responseFrame, rest: response}
	if len(f.Items)+len(f.Toolsets)+len(f.Rejects) > 0 {
		message.frame, message.items = &ftprepv1.Frame{Toolsets: mapped(f.Toolsets, toolsetToWire), Rejects: mapped(f.Rejects, rejectToWire)}, f.Items
	}
	return message
}
