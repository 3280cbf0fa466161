package sdk

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkCodec encodes and decodes an example of about 1 KiB.
func BenchmarkCodec(b *testing.B) {
	e := &Example{
		ID: "012345678901234567890123", Source: "lab", SourceFile: "unit", Type: TypeDirectExecution, TaskType: taskConversation,
		Provenance: Provenance{Plugin: "lab", PluginVersion: "1.0.0", Unit: "unit-0001", Records: 1, File: "unit"},
		Messages:   []Message{{Role: RoleUser, Text: "unit-0001 request 17"}, {Role: RoleAssistant, Text: strings.Repeat("x", 1024)}},
	}
	data := e.appendTo(nil)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			data = e.appendTo(data[:0])
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeExample(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// vast is a message that only says how large it would be.
type vast int

func (v vast) size() int { return int(v) }

func (vast) appendTo([]byte) ([]byte, error) { panic("it is not encoded") }

func TestAMessageThatIsTooLargeIsNotEncoded(t *testing.T) {
	_, err := codec{&buffers{}}.Marshal(vast(maxMessage + 1<<20))
	require.EqualError(t, err, "a message, such as one with the rows of an example, would be 257 MiB; the limit is 256 MiB")
}
