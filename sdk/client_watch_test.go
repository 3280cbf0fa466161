package sdk

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAPluginIsSilentWhileTheHostWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := NewClient(nil, ClientOptions{}).watch(t.Context())
		defer w.stop()
		time.Sleep(time.Hour)
		require.NoError(t, ctx.Err(), "the host does not wait yet")
		for range 3 {
			w.beginWait()
			time.Sleep(idleTime - time.Second)
			require.NoError(t, ctx.Err())
			w.endWait()
			time.Sleep(time.Hour)
			require.NoError(t, ctx.Err())
		}
		w.beginWait()
		time.Sleep(idleTime + time.Second)
		require.EqualError(t, context.Cause(ctx), ErrSilent.Error()+" for 1m0s, the idle_timeout of its plugin block")
	})
}

// TestAHostThatWasStopped sets the beginning of a step long back, as it looks to a process that was stopped and
// continued.
func TestAHostThatWasStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := NewClient(nil, ClientOptions{}).watch(t.Context())
		defer w.stop()
		w.beginWait()
		for range 3 * watchSteps {
			w.mu.Lock()
			w.began = w.began.Add(-time.Hour)
			w.mu.Unlock()
			time.Sleep(idleTime / watchSteps)
			synctest.Wait()
		}
		require.NoError(t, ctx.Err())
	})
}
