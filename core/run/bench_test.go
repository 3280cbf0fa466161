package run

import (
	"fmt"
	"testing"

	"github.com/ftprep/ftprep/sdk/garbage"
)

// BenchmarkHop measures what it costs to pass through a plugin's process: examples of one size go from a source through two
// filters into a format and become a file. Those for the format "text" pass through the host as they are; for "lab", which
// holds less, the host decodes and shapes each.
func BenchmarkHop(b *testing.B) {
	garbage.Bound() // as the host does
	const units = 20
	for _, way := range []struct {
		name            string
		bytes, examples int
		format          string
	}{
		{"200B", 200, 200_000, "text"},
		{"1KiB", 1 << 10, 100_000, "text"},
		{"1KiB_shaped", 1 << 10, 100_000, "lab"},
		{"10KiB", 10 << 10, 20_000, "text"},
		{"100KiB", 100 << 10, 2_000, "text"},
	} {
		b.Run(way.name, func(b *testing.B) {
			job := newBench(b).job(b, fmt.Sprintf(`
source "lab" "made" {
  path     = "logs"
  units    = %d
  examples = %d
  bytes    = %d
}
filter "lab" "first" {}
filter "lab" "second" {}
pipeline { redact = false }
output %q "rows" { path = "rows" }
`, units, way.examples/units, way.bytes, way.format))
			b.SetBytes(int64(way.bytes * way.examples))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := job.Run(b.Context(), Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(way.examples*b.N)/b.Elapsed().Seconds(), "examples/s")
		})
	}
}
