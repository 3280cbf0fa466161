package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAFaultOfTheHostNamesNoPlugin: examples that wait can neither be written nor read, and the plugins are not to blame.
func TestAFaultOfTheHostNamesNoPlugin(t *testing.T) {
	b := newBench(t)
	x := b.job(t, `
source "lab" "made" {
  path  = "logs"
  bytes = 1000000
}
filter "lab" "judge" {}
filter "first_word" "one" {}
output "lab" "out" { path = "out.jsonl" }
`).newExecution(Options{})
	taken := filepath.Join(x.work(), "waiting")
	require.NoError(t, os.Mkdir(x.work(), 0o700))
	require.NoError(t, os.WriteFile(taken, nil, 0o600))
	_, err := x.read(t.Context())
	requireHostFault(t, err, "source.lab.made, reading unit-000", "create a temporary file for examples", "copy the pipeline to a folder that you can write to")

	require.NoError(t, os.Remove(taken))
	damaged, err := x.read(t.Context())
	require.NoError(t, err)
	defer damaged.Close()
	damaged.Store.Close()
	require.Len(t, x.filters, 3)
	for _, filter := range x.filters {
		_, err = x.through(t.Context(), []*step{filter}, damaged)
		requireHostFault(t, err, filter.block.Address()+": read examples from a temporary file: ")
	}
	requireHostFault(t, x.write(t.Context(), damaged, nil), "read examples from a temporary file: ")
}

func requireHostFault(t *testing.T, err error, says ...string) {
	t.Helper()
	for _, says := range says {
		require.ErrorContains(t, err, says)
	}
	require.NotContains(t, err.Error(), "plugin")
}

// TestAFaultOfTheHostInAFrame: the answers of a plugin are right, but the rows in them cannot be written.
func TestAFaultOfTheHostInAFrame(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", strings.Repeat("request\n", 3))
	x := b.job(t, `
source "lines" "logs" { path = "logs" }
output "lab" "out" { path = "out.jsonl" }
`).newExecution(Options{})
	read, err := x.read(t.Context())
	require.NoError(t, err)
	defer read.Close()
	x.outputs[0].file = filepath.Join(b.folder, strings.Repeat("long", 100))
	requireHostFault(t, x.write(t.Context(), read, nil), "output.lab.out: write "+x.outputs[0].file+": ")
}

// TestOneOutputThatFailsEndsTheOthers: outputs wait for each other, so the others would not end by themselves.
func TestOneOutputThatFailsEndsTheOthers(t *testing.T) {
	b := newBench(t)
	for i := range 20 * mostAhead {
		b.log(t, fmt.Sprintf("%02d.txt", i), strings.Repeat("request\n", 3))
	}
	for failing := range 3 {
		x := b.job(t, `
source "lines" "logs" { path = "logs" }
output "lab" "a" { path = "a.jsonl" }
output "text" "b" { path = "b.txt" }
output "lab" "c" { path = "c.jsonl" }
`).newExecution(Options{})
		read, err := x.read(t.Context())
		require.NoError(t, err)
		defer read.Close()
		output := x.outputs[failing]
		output.file = filepath.Join(b.folder, strings.Repeat("long", 100))
		requireHostFault(t, x.write(t.Context(), read, nil), output.output.Address()+": write "+output.file+": ")
	}
}

// TestFramesAreSharedAmongStreams: no stream takes a frame that another could work on.
func TestFramesAreSharedAmongStreams(t *testing.T) {
	b := newBench(t)
	for i := range 8 {
		b.log(t, fmt.Sprintf("%d.txt", i), "request\n")
	}
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
filter "meeting" "all" {}
pipeline { redact = false }
output "lab" "out" { path = "out.jsonl" }
`, Options{Parallel: 8})
	require.Equal(t, 8, s.Outputs[0].Rows)
}

// TestLargeExamplesGoAlone: large examples go one by one, whatever the outputs.
func TestLargeExamplesGoAlone(t *testing.T) {
	b := newBench(t)
	var outputs strings.Builder
	for i := range 3 {
		fmt.Fprintf(&outputs, "output \"text\" \"o%d\" { path = \"o%d\" }\n", i, i)
	}
	s := b.run(t, `
source "lab" "made" {
  path     = "logs"
  units    = 2
  examples = 2
  bytes    = 20000000
}
pipeline { redact = false }
`+outputs.String(), Options{})
	for _, output := range s.Outputs {
		require.Equal(t, 4, output.Encoded)
	}
}
