package garbage

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheMemoryLimitIsAboveWhatIsInUse(t *testing.T) {
	require.Equal(t, int64(leastLimit), memoryLimit(1<<20))
	require.Equal(t, int64(300<<20), memoryLimit(200<<20))
}

func TestAfterEachCollection(t *testing.T) {
	collected := make(chan struct{}, 1)
	afterCollection(func() {
		select {
		case collected <- struct{}{}:
		default:
		}
	})
	for seen := 0; seen < 3; {
		runtime.GC()
		select {
		case <-collected:
			seen++
		default: // it runs after one of the next collections
			runtime.Gosched()
		}
	}
}
