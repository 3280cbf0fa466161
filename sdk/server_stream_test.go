package sdk

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSlowWorkGivesSignsOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead, answers := make(chan received, 3), make(chan encoded, 9)
		ahead <- received{framed: true}
		ahead <- received{framed: true}
		ahead <- received{err: io.EOF}
		pause := 400 * time.Millisecond
		handle := func(_ received, alive func()) (any, error) {
			for range 6 {
				time.Sleep(pause)
				alive()
			}
			pause = 100 * time.Millisecond
			return encodedItems{{Refused: "no"}}, nil
		}
		require.NoError(t, handleAll(t.Context(), ahead, handle, answers))
		close(answers)
		var signs []bool
		for answer := range answers {
			signs = append(signs, len(answer) == 0)
		}
		require.Equal(t, []bool{true, true, false, false}, signs, "the second frame takes little time")
	})
}
