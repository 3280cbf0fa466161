package run

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestAChunkNarrows(t *testing.T) {
	s := newStore(t.TempDir())
	defer s.close()
	for _, size := range []int{10, mostInMemory} { // in memory, and in the file
		var items []sdk.Item
		for i := range 5 {
			items = append(items, sdk.Item{ID: fmt.Sprint(i), Example: []byte(strings.Repeat("x", size))})
		}
		all, err := s.put(items)
		require.NoError(t, err)
		require.Equal(t, size == 10, all.items != nil)
		left := func(c chunk) (ids string) {
			items, err := s.get(c)
			require.NoError(t, err)
			require.Len(t, items, c.count)
			for _, item := range items {
				ids += item.ID
			}
			return ids
		}
		some := all.narrow([]bool{true, false, true, true, false})
		fewer := some.narrow([]bool{false, true, true})
		require.Equal(t, "23", left(fewer))
		require.Equal(t, "023", left(some), "what it was narrowed from stays as it is")
		require.Equal(t, "01234", left(all.narrow([]bool{true, true, true, true, true})))
		require.Equal(t, "", left(fewer.narrow([]bool{false, false})))
	}
}
