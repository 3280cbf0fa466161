package sdk

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// TestTheEncodingIsProtobufs compares with protobuf's own code: what that has encoded is decoded here and encoded again,
// and protobuf then decodes the same message.
func TestTheEncodingIsProtobufs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		message := &ftprepv1.Example{}
		fill(random, message.ProtoReflect())
		data, err := proto.Marshal(message)
		require.NoError(t, err)
		example, err := decodeExample(data)
		require.NoError(t, err)
		message.Toolset = "" // it travels beside the example
		again := &ftprepv1.Example{}
		require.NoError(t, proto.Unmarshal(example.appendTo(nil), again))
		requireEqual(t, message, again)
	}
}

func TestAFieldThatProtobufDoesNotKnow(t *testing.T) {
	beyond := protowire.AppendVarint(nil, uint64(protowire.MaxValidNumber+1)<<3)
	for _, data := range [][]byte{append(beyond, 0), {1<<3 | byte(protowire.VarintType), 0}} {
		_, err := decodeExample(data)
		require.Error(t, err)
	}
	example, err := decodeExample(protowire.AppendString(protowire.AppendTag(nil, 99, protowire.BytesType), "later"))
	require.NoError(t, err)
	require.Equal(t, &Example{}, example)
}

// TestShortTextsAreCopied: keeping an id or a name must not keep the whole message.
func TestShortTextsAreCopied(t *testing.T) {
	data := (&Example{ID: "id", Messages: []Message{{Text: strings.Repeat("x", longName), Calls: []Call{{Tool: "tool"}}}}}).appendTo(nil)
	example, err := decodeExample(data)
	require.NoError(t, err)
	clear(data) // not allowed otherwise; it shows what is a copy
	require.Equal(t, "id", example.ID)
	require.Equal(t, "tool", example.Messages[0].Calls[0].Tool)
	require.Equal(t, strings.Repeat("\x00", longName), example.Messages[0].Text)
}

// TestLongMessages: their lengths need three bytes and more.
func TestLongMessages(t *testing.T) {
	long := &Example{Messages: []Message{{Role: RoleUser, Text: strings.Repeat("x", 3<<20)}, {Role: RoleAssistant, Text: strings.Repeat("y", 20_000)}}}
	got, err := decodeExample(long.appendTo(nil))
	require.NoError(t, err)
	require.True(t, cmp.Equal(long, got))
	message := &ftprepv1.Example{}
	require.NoError(t, proto.Unmarshal(long.appendTo(nil), message))
	require.Equal(t, long.Messages[1].Text, message.Messages[1].Text)
}

// TestEncodedExamplesMerge appends one encoded example to another, as annotations are.
func TestEncodedExamplesMerge(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var both []byte
		for range 2 {
			message := &ftprepv1.Example{}
			fill(random, message.ProtoReflect())
			data, err := proto.Marshal(message)
			require.NoError(t, err)
			both = append(both, data...)
		}
		merged := &ftprepv1.Example{}
		require.NoError(t, proto.Unmarshal(both, merged))
		whole, err := proto.Marshal(merged)
		require.NoError(t, err)
		want, err := decodeExample(whole)
		require.NoError(t, err)
		got, err := decodeExample(both)
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()))
	}
}

func requireEqual(t *testing.T, want, got proto.Message) {
	t.Helper()
	if !proto.Equal(want, got) {
		t.Fatal(cmp.Diff(want, got, protocmp.Transform()))
	}
}

// fill sets at least one field of a message, to values that can be told apart and are valid in an example.
func fill(random *rand.Rand, message protoreflect.Message) {
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		switch {
		case random.IntN(3) == 0 && i > 0 && field.Name() != "provenance":
		case field.IsMap():
			for range random.IntN(3) {
				message.Mutable(field).Map().Set(protoreflect.ValueOfString(word(random)).MapKey(), protoreflect.ValueOfInt32(1+random.Int32N(99)))
			}
		case field.IsList():
			for range random.IntN(4) {
				if field.Message() == nil {
					message.Mutable(field).List().Append(scalar(random, field))
					continue
				}
				element := message.Mutable(field).List().AppendMutable()
				fill(random, element.Message())
			}
		case field.Message() != nil:
			fill(random, message.Mutable(field).Message())
		default:
			message.Set(field, scalar(random, field))
		}
	}
}

func scalar(random *rand.Rand, field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.StringKind:
		if field.Name() == "time" {
			return protoreflect.ValueOfString(fmt.Sprintf("2026-01-02T03:04:%02dZ", random.IntN(60)))
		}
		return protoreflect.ValueOfString(word(random))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(word(random)))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(random.Float64())
	case protoreflect.Int32Kind:
		if field.Name() == "weight" {
			return protoreflect.ValueOfInt32(0)
		}
		return protoreflect.ValueOfInt32(random.Int32() - 1<<30)
	}
	panic("an example has a field of the kind " + field.Kind().String() + ", which this test does not know")
}

// word returns a short text most of the time, and sometimes one whose length needs two bytes.
func word(random *rand.Rand) string {
	length := 1 + random.IntN(3)
	if random.IntN(20) == 0 {
		length += 100
	}
	return strings.Repeat(string(rune('a'+random.IntN(26)))+"\u00e9", length)
}

// TestMessagesWithAFrameAreProtobufs compares with protobuf's own code: what that has encoded is decoded here and encoded
// again, and protobuf then decodes the same message.
func TestMessagesWithAFrameAreProtobufs(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		frame := &ftprepv1.Frame{}
		fill(random, frame.ProtoReflect())
		for _, item := range frame.Items {
			item.Answered = 0 // the field is not used, so it is not kept
		}
		for _, message := range []proto.Message{
			&ftprepv1.ReadResponse{Frame: frame, Progress: 3, Tally: &ftprepv1.Tally{Read: 1}},
			&ftprepv1.ReadResponse{Progress: 3},
			&ftprepv1.ApplyRequest{Handles: []string{"a", "b"}, Frame: frame},
			&ftprepv1.KeysRequest{Handle: "a", Frame: frame},
			&ftprepv1.EncodeRequest{Step: &ftprepv1.EncodeRequest_Frame{Frame: frame}},
			&ftprepv1.EncodeRequest{Step: &ftprepv1.EncodeRequest_Begin{Begin: &ftprepv1.BeginEncoding{Handle: "a"}}},
		} {
			field := requestFrame
			if _, ok := message.(*ftprepv1.ReadResponse); ok {
				field = responseFrame
			}
			empty := func() *framed { return &framed{field: field, rest: message.ProtoReflect().New().Interface()} }
			requireSame(t, message, empty(), empty())
		}
	}
}

func TestAnswersAreProtobufs(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		judged, encoding := &ftprepv1.ApplyResponse{}, &ftprepv1.EncodeResponse{}
		fill(random, judged.ProtoReflect())
		judged.Verdicts = append(judged.Verdicts, &ftprepv1.Verdict{})
		fill(random, encoding.ProtoReflect())
		encoding.Items, encoding.Companions = append(encoding.Items, &ftprepv1.Encoded{}), nil
		requireSame(t, judged, &verdicts{}, &verdicts{})
		requireSame(t, encoding, &encodedItems{}, &encodedItems{})
	}
}

type coded interface {
	appender
	parser
}

// requireSame requires that a message that protobuf has encoded is the same after it was decoded and encoded here.
func requireSame(t *testing.T, message proto.Message, own, other coded) {
	t.Helper()
	data, err := proto.Marshal(message)
	require.NoError(t, err)
	require.NoError(t, own.parse(data))
	encoded, err := own.appendTo([]byte("before"))
	require.NoError(t, err)
	require.Len(t, encoded, len("before")+own.size())
	again := message.ProtoReflect().New().Interface()
	require.NoError(t, proto.Unmarshal(encoded[len("before"):], again))
	requireEqual(t, message, again)
	if len(data) > 0 {
		require.Error(t, other.parse(data[:len(data)-1]), "half a message")
	}
}

// TestARowEndsWhereItEnds: rows share one piece of memory, and appending to one must not change the next.
func TestARowEndsWhereItEnds(t *testing.T) {
	data, err := encodedItems{{Rows: [][]byte{[]byte("first"), []byte("second")}}}.appendTo(nil)
	require.NoError(t, err)
	var encoded encodedItems
	require.NoError(t, encoded.parse(data))
	_ = append(encoded[0].Rows[0], "and more"...)
	require.Equal(t, "second", string(encoded[0].Rows[1]))
}

// TestNamesOfItemsAreCopied: keeping an id must not keep the frame that it came with.
func TestNamesOfItemsAreCopied(t *testing.T) {
	items := []Item{
		{ID: "one", Opening: "opening", Alias: "alias", Source: "source", Type: TypeMultiStep, Split: "train", Toolset: "tools", Example: []byte("example")},
		{ID: "two", Source: "source", Type: TypeReasoningChain},
	}
	data := AppendItems(nil, items)
	got, err := ParseItems(data)
	require.NoError(t, err)
	clear(data) // not allowed otherwise; it shows what is a copy
	require.Equal(t, make([]byte, len("example")), got[0].Example)
	got[0].Example = items[0].Example
	require.Equal(t, items, got)
}

// TestNamesOfAnItemKeepNoOthers: keeping an id for long must not keep those of the other items of its frame.
func TestNamesOfAnItemKeepNoOthers(t *testing.T) {
	name := func(n int) string { return fmt.Sprintf("a name that is long enough %d", n) } // the runtime lets the shortest texts share memory anyway
	data := AppendItems(nil, []Item{{ID: name(1), Opening: name(2), Alias: name(5)}, {ID: name(3), Opening: name(4)}})
	parse := func() (kept string, others []weak.Pointer[byte]) {
		items, err := ParseItems(data)
		require.NoError(t, err)
		for _, other := range []string{items[0].Opening, items[0].Alias, items[1].ID, items[1].Opening} {
			others = append(others, weak.Make(unsafe.StringData(other)))
		}
		return items[0].ID, others
	}
	kept, others := parse()
	runtime.GC()
	for _, other := range others {
		require.Nil(t, other.Value())
	}
	require.Equal(t, name(1), kept)
}

func TestItemsAreParsedToTheLast(t *testing.T) {
	quality := 0.25
	items := []Item{{ID: "id", Quality: &quality, Example: []byte("\x00\xff")}, {ID: "other"}}
	data := AppendItems(nil, items)
	got, err := ParseItems(data)
	require.NoError(t, err)
	require.Equal(t, items, got)
	for _, damaged := range [][]byte{data[:len(data)-1], append(data, 0), protowire.AppendVarint(protowire.AppendTag(data, 2, protowire.VarintType), 1)} {
		_, err := ParseItems(damaged)
		require.Error(t, err)
	}
}

func FuzzDecodeExample(f *testing.F) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		message := &ftprepv1.Example{}
		fill(random, message.ProtoReflect())
		data, err := proto.Marshal(message)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		example, err := decodeExample(data)
		if err != nil {
			return
		}
		require.NoError(t, proto.Unmarshal(data, &ftprepv1.Example{}), "protobuf does not read what is read here")
		again, err := decodeExample(example.appendTo(nil))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(example, again, cmpopts.EquateEmpty(), cmpopts.EquateNaNs()))
	})
}

func FuzzDecodeFrame(f *testing.F) {
	random := rand.New(rand.NewPCG(9, 10))
	for range 20 {
		frame := &ftprepv1.Frame{}
		fill(random, frame.ProtoReflect())
		data, err := proto.Marshal(&ftprepv1.ReadResponse{Frame: frame, Progress: 1})
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, want := newReadMessage(), &ftprepv1.ReadResponse{}
		if err := got.parse(data); err != nil {
			return
		}
		require.NoError(t, proto.Unmarshal(data, want), "protobuf does not read what is read here")
		require.Empty(t, cmp.Diff(mapped(want.GetFrame().GetItems(), itemFromWire), got.items, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()))
		frame := readFrameOf(got)
		require.Len(t, frame.Toolsets, len(want.GetFrame().GetToolsets()))
		require.Equal(t, mapped(want.GetFrame().GetRejects(), rejectFromWire), frame.Rejects)
		require.Equal(t, want.Progress, frame.Progress)
	})
}

func FuzzDecodeAnswers(f *testing.F) {
	random := rand.New(rand.NewPCG(13, 14))
	for range 20 {
		judged, encoding := &ftprepv1.ApplyResponse{}, &ftprepv1.EncodeResponse{}
		for _, message := range []proto.Message{judged, encoding} {
			fill(random, message.ProtoReflect())
			data, err := proto.Marshal(message)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var judged verdicts
		if judged.parse(data) == nil {
			want := &ftprepv1.ApplyResponse{}
			if proto.Unmarshal(data, want) == nil { // fields that are not looked at may be damaged
				require.Equal(t, len(want.Verdicts), len(judged.list))
				for i, verdict := range want.Verdicts {
					require.True(t, proto.Equal(verdict, orNew(judged.list[i])))
				}
				require.True(t, proto.Equal(&ftprepv1.ApplyResponse{Toolsets: want.Toolsets}, judged.withoutVerdicts()))
			}
		}
		var rows encodedItems
		if rows.parse(data) == nil {
			want := &ftprepv1.EncodeResponse{}
			if proto.Unmarshal(data, want) == nil {
				require.Equal(t, len(want.Items), len(rows))
				for i, item := range want.Items {
					require.Empty(t, cmp.Diff(Encoded{Rows: item.Rows, Refused: item.Refused}, rows[i], cmpopts.EquateEmpty()))
				}
			}
		}
	})
}
