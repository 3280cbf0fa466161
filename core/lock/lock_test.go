package lock

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func locked(name, digit string) Locked { return Locked{Name: name, Sum: strings.Repeat(digit, 64)} }

func TestWhatWasRecordedIsAllThatStarts(t *testing.T) {
	folder := t.TempDir()
	f, err := Open(folder, Grow)
	require.NoError(t, err)
	first := []Locked{locked("a", "1"), locked("b", "2")}
	require.NoError(t, f.Check("x", first))
	added, err := f.Add("x", "1.0", first)
	require.NoError(t, err)
	require.True(t, added)

	f, err = Open(folder, ReadOnly)
	require.NoError(t, err)
	require.NoError(t, f.Check("x", []Locked{locked("renamed", "1"), locked("b", "2")}))
	for name, files := range map[string][]Locked{
		"another": {locked("a", "3"), locked("b", "2")},
		"fewer":   {locked("a", "1")},
		"more":    {locked("a", "1"), locked("b", "2"), locked("c", "3")},
		"order":   {locked("b", "2"), locked("a", "1")},
	} {
		require.Error(t, f.Check("x", files), name)
	}
	require.ErrorContains(t, f.Check("x", []Locked{locked("a", "3"), locked("b", "2")}), strings.Repeat("1", 64)+"\n  found  "+strings.Repeat("3", 64))
	require.ErrorContains(t, f.Check("x", []Locked{locked("interpreter", "3")}), "interpreter is not the file that was locked as a:\n")
	require.ErrorContains(t, f.Check("y", first), "is not in .ftprep.lock.hcl")
	added, err = f.Add("y", "1.0", first)
	require.NoError(t, err)
	require.False(t, added)
}

func TestRenew(t *testing.T) {
	folder := t.TempDir()
	content := head + "\nplugin \"x\" {\n  version = \"1.0\"\n  platform \"plan9_mips\" {\n    files = [\"" + locked("x", "5").String() + "\"]\n  }\n}\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, Name), []byte(content), 0o600))
	f, err := Open(folder, Renew)
	require.NoError(t, err)
	for _, version := range []string{"1.0", "2.0"} {
		require.NoError(t, f.Check("x", []Locked{locked("x", "6")}))
		_, err = f.Add("x", version, []Locked{locked("x", "6")})
		require.NoError(t, err)
		platforms := f.Records()[0].Platforms
		require.Contains(t, platforms, platform())
		require.Equal(t, version == "1.0", platforms["plan9_mips"] != nil, "of an earlier version the hashes for other platforms are of no use")
	}
	removed, err := f.Keep([]string{"other"})
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, removed)
	require.Empty(t, f.Records())
}

// FuzzParse: whatever parses is the same when it is written and read again.
func FuzzParse(f *testing.F) {
	f.Add(head + "\nplugin \"x\" {\n  version = \"1\"\n  platform \"linux_amd64\" {\n    files = [\"" + locked("${x}", "a").String() + "\"]\n  }\n}\n")
	f.Add("plugin \"x\" {}")
	f.Add("plugin \"x\" {\n version = \"1\"\n platform \"p\" { files = [\"zz  x\"] }\n}")
	f.Fuzz(func(t *testing.T, text string) {
		plugins, err := parse([]byte(text), Name)
		if err != nil {
			return
		}
		again, err := parse(format(plugins), Name)
		require.NoError(t, err)
		require.Equal(t, len(plugins), len(again))
		for name, e := range plugins {
			require.Equal(t, e.version, again[name].version)
			for platform, files := range e.platforms {
				require.Equal(t, files, again[name].platforms[platform])
			}
		}
	})
}
