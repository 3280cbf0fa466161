package process

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatAGoProgramSaysOfItsCrash(t *testing.T) {
	for said, want := range map[string]string{
		"panic: out of cheese\n\ngoroutine 7 [running]:\nmain.main()\n\t/x/main.go:3 +0x1d":                                                     "panic: out of cheese",
		"panic: a [recovered]\n\tpanic: b\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 7 [running]:\nmain.main()":            "panic: a [recovered]\n\tpanic: b\n[signal SIGSEGV: segmentation violation code=0x1]",
		"runtime: may need to increase max user processes (ulimit -u)\nfatal error: newosproc\n\nruntime stack:\nruntime.throw()\n\nrax    0x0": "runtime: may need to increase max user processes (ulimit -u)\nfatal error: newosproc",
		"goroutine 7 [running]:\nmain.main()\nout of cheese":                                                                                    "",
	} {
		child := newChild(mute(t))
		for line := range strings.SplitSeq(said, "\n") {
			child.note(line)
		}
		require.Equal(t, want, strings.Join(child.crash.lines, "\n"))
	}
}
