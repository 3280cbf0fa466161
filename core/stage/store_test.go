package stage

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestAChunkNarrows(t *testing.T) {
	s := NewStore(t.TempDir())
	defer s.Close()
	for _, size := range []int{10, mostInMemory} { // in memory, and in the file
		var items []sdk.Item
		for i := range 5 {
			items = append(items, sdk.Item{ID: fmt.Sprint(i), Example: []byte(strings.Repeat("x", size))})
		}
		all, err := s.PutEncoded(items, sdk.AppendItems(nil, items))
		require.NoError(t, err)
		require.Equal(t, size == 10, all.items != nil)
		left := func(c Chunk) (ids string) {
			items, err := s.Get(c)
			require.NoError(t, err)
			require.Len(t, items, c.count)
			for _, item := range items {
				ids += item.ID
			}
			return ids
		}
		narrow := func(c Chunk, keep ...bool) Chunk {
			items, err := s.Get(c)
			require.NoError(t, err)
			narrowed, err := s.Narrow(c, items, keep)
			require.NoError(t, err)
			return narrowed
		}
		some := narrow(all, true, false, true, true, true)
		fewer := narrow(some, false, true, true, true)
		require.Equal(t, "234", left(fewer))
		require.Equal(t, all.offset, fewer.offset, "it waits where it was")
		require.Equal(t, "0234", left(some), "what it was narrowed from stays as it is")
		require.Equal(t, "01234", left(narrow(all, true, true, true, true, true)))
		few := narrow(fewer, false, false, true)
		require.Equal(t, "4", left(few))
		require.Equal(t, size == 10, few.offset == all.offset, "most of the file's part is not read for one example")
		require.Equal(t, "", left(narrow(fewer, false, false, false)))
	}
}

func TestAStoreIsRewound(t *testing.T) {
	s := NewStore(t.TempDir())
	defer s.Close()
	item := func(text string) []sdk.Item {
		return []sdk.Item{{ID: text, Example: []byte(strings.Repeat(text, mostInMemory))}}
	}
	before, err := s.Put(item("a"))
	require.NoError(t, err)
	mark := s.Mark()
	one, err := s.Put(item("b"))
	require.NoError(t, err)
	s.Rewind(mark)
	other, err := s.Put(item("c"))
	require.NoError(t, err)
	require.Equal(t, one.offset, other.offset)
	for id, c := range map[string]Chunk{"a": before, "c": other} {
		got, err := s.Get(c)
		require.NoError(t, err)
		require.Equal(t, item(id), got)
	}
}

// TestWhatAKilledProcessLeftIsGone: on some systems a killed process leaves its file, which holds what logs say.
func TestWhatAKilledProcessLeftIsGone(t *testing.T) {
	folder := t.TempDir()
	left, other := filepath.Join(folder, "waiting-1"), filepath.Join(folder, "other")
	require.NoError(t, os.WriteFile(left, nil, 0o600))
	require.NoError(t, os.WriteFile(other, nil, 0o600))
	file, err := temporary(folder)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, file.Close())
		_ = os.Remove(file.Name())
	})
	require.NoFileExists(t, left)
	require.FileExists(t, other)
}
