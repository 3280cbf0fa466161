package sdk

import (
	"bytes"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRestingGivesMemoryBack(t *testing.T) {
	released := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/released:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	const size = 64 << 20
	var w work
	first, second := w.begin(), w.begin()
	used := bytes.Repeat([]byte("x"), size)
	require.Len(t, used, size)
	before := released()

	first()
	require.Nil(t, w.idleTimer, "one call is still in flight")
	second()

	require.Eventually(t, func() bool { return released() >= before+size/2 }, 30*time.Second, 10*time.Millisecond)
}
