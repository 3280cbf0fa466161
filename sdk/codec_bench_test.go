package sdk

import (
	"strings"
	"testing"
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
