package owned

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnEntryThatWasNotWrittenIsNotRemembered(t *testing.T) {
	list := func(text string) *List {
		list, err := ParseList([]byte(text))
		require.NoError(t, err)
		return list
	}
	path := filepath.Join(t.TempDir(), strings.Repeat("l", 250)) // so long that no file with a longer name can be made beside it
	require.NoError(t, os.WriteFile(path, []byte(`{"rows": 1}`), 0o600))
	files := &Files{written: map[string]string{}}
	files.addEntry(path, "rows", []byte("1"))
	_, err := list(`{"rows": 2}`).Place(path, files)
	require.Error(t, err)
	require.True(t, files.hasEntry(path, "rows", []byte("1")), "or the next run would take its own entry for somebody else's")
}

func TestParseList(t *testing.T) {
	list, err := ParseList([]byte(" {\"b\": [1, 2],\n\"a\":{}} "))
	require.NoError(t, err)
	text, err := list.text()
	require.NoError(t, err)
	require.Equal(t, "{\n  \"b\": [1, 2],\n  \"a\": {}\n}\n", string(text))
	for _, bad := range []string{"", " ", "[]", "null", "{", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,}`, `{"a":1,"a":2}`, `{} {}`, `{}x`, "{\"a\":\"\xff\"}"} {
		_, err := ParseList([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}
