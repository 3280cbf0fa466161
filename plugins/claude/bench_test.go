package claude

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// BenchmarkTranscript measures the way from the bytes of a session to its examples.
func BenchmarkTranscript(b *testing.B) {
	content := session(2000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		split, decoder := newSplitter(""), newDecoder()
		for line, err := range sdk.Lines(bytes.NewReader(content)) {
			if err != nil {
				b.Fatal(err)
			}
			record, ok := decoder.decode(scan.New(line.Text), line.Number, line.Offset)
			if !ok {
				b.Fatal("a line is no record")
			}
			split.add(record)
		}
		w := &writer{window: &window{file: bytes.NewReader(content)}, thinking: true, wanted: func(string) bool { return true }}
		for _, c := range split.conversations {
			c.build()
			for _, t := range c.turns {
				if _, err := w.example(t); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

// session returns a transcript of n turns with one call each, in the proportions of real ones.
func session(n int) []byte {
	var content bytes.Buffer
	output := strings.Repeat(`drwxr-xr-x 2 user user 4096 Jan  2 03:04 folder\n`, 40)
	for i := range n {
		fmt.Fprintf(&content, `{"type":"user","uuid":"u%d","message":{"role":"user","content":"list the files"}}`+"\n", i)
		fmt.Fprintf(&content, `{"type":"assistant","uuid":"a%d","message":{"id":"m%d","content":[{"type":"tool_use","id":"c%d","name":"Bash","input":{"command":"ls"}}]}}`+"\n", i, i, i)
		fmt.Fprintf(&content, `{"type":"progress","uuid":"p%d","data":{"type":"bash_progress","output":"%s"}}`+"\n", i, output)
		fmt.Fprintf(&content, `{"type":"user","uuid":"r%d","message":{"content":[{"type":"tool_result","tool_use_id":"c%d","content":"%s"}]},"toolUseResult":{"stdout":"%s"}}`+"\n", i, i, output, output)
		fmt.Fprintf(&content, `{"type":"assistant","uuid":"b%d","message":{"id":"n%d","content":[{"type":"text","text":"There are forty folders."}]}}`+"\n", i, i)
	}
	return content.Bytes()
}
