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
	require.NotContains(t, f.Check("x", []Locked{locked("a", "3"), locked("b", "2")}).Error(), " as ", "its name is right")
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
	require.NoError(t, f.Keep([]string{"other"}))
	require.Empty(t, f.Records())
}

// TestWhoAdds: what each mode allows for a plugin that is recorded for this platform, or only for another one.
func TestWhoAdds(t *testing.T) {
	files, others := []Locked{locked("x", "5")}, []Locked{locked("x", "6")}
	for _, c := range []struct {
		mode      Mode
		at        string // the platform that the plugin is recorded for
		files     []Locked
		version   string
		unchecked bool // it may not be started
		added     bool
	}{
		{mode: Grow, at: platform(), files: files, version: "1.0"},
		{mode: Grow, at: platform(), files: files, version: "2.0"},
		{mode: Grow, at: platform(), files: others, version: "1.0", unchecked: true},
		{mode: Grow, at: "plan9_mips", files: others, version: "1.0", added: true},
		{mode: ReadOnly, at: "plan9_mips", files: files, version: "1.0", unchecked: true},
		{mode: Peek, at: "plan9_mips", files: others, version: "1.0"},
		{mode: Peek, at: platform(), files: others, version: "1.0", unchecked: true},
		{mode: Renew, at: platform(), files: files, version: "1.0"},
		{mode: Renew, at: platform(), files: files, version: "2.0", added: true},
		{mode: Renew, at: platform(), files: others, version: "1.0", added: true},
		{mode: Renew, at: "plan9_mips", files: files, version: "1.0", added: true},
	} {
		path := filepath.Join(t.TempDir(), Name)
		before := format(map[string]*entry{"x": {version: "1.0", platforms: map[string][]Locked{c.at: files}}})
		require.NoError(t, os.WriteFile(path, before, 0o600))
		f, err := Open(filepath.Dir(path), c.mode)
		require.NoError(t, err)
		require.Equal(t, c.unchecked, f.Check("x", c.files) != nil, "%+v", c)
		added, err := f.Add("x", c.version, c.files)
		require.Equal(t, c.unchecked && c.mode == Grow, err != nil, "%+v", c)
		require.Equal(t, c.added, added, "%+v", c)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, c.added, string(before) != string(after), "%+v", c)
	}
}

func TestKeep(t *testing.T) {
	folder := t.TempDir()
	f, err := Open(folder, Renew)
	require.NoError(t, err)
	require.NoError(t, f.Keep([]string{"x"}))
	require.NoFileExists(t, filepath.Join(folder, Name), "nothing was removed of it")
	for _, name := range []string{"b", "x", "c", "a"} {
		_, err := f.Add(name, "1.0", []Locked{locked(name, "5")})
		require.NoError(t, err)
	}
	require.NoError(t, f.Keep([]string{"x"}))
	again, err := Open(folder, Renew)
	require.NoError(t, err)
	require.Len(t, again.Records(), 1)
	require.Equal(t, "x", again.Records()[0].Plugin)
}

// TestALockFileThatCannotBeRead is an error: without one anything could be started.
func TestALockFileThatCannotBeRead(t *testing.T) {
	plugin := func(line string) string {
		return "plugin \"x\" {\n  version = \"1\"\n  platform \"p\" {\n    files = [\"" + line + "\"]\n  }\n}\n"
	}
	sum := strings.Repeat("5", 64)
	for content, problem := range map[string]string{
		"plugin {":                "read the lock file: ",
		plugin(sum):               `"` + sum + `" is not a SHA-256 followed by the name of a file; remove it, and ftprep plugin lock writes a new one`,
		plugin(sum + "55  x"):     "is not a SHA-256",
		plugin(sum + "g  x"):      "is not a SHA-256",
		plugin(sum[:63] + "g  x"): "is not a SHA-256",
		plugin(sum[:62] + "  x"):  "is not a SHA-256",
	} {
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, Name), []byte(content), 0o600))
		_, err := Open(folder, Grow)
		require.ErrorContains(t, err, problem)
	}
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, Name), 0o700))
	_, err := Open(folder, Grow)
	require.ErrorContains(t, err, "read the lock file: ")
}

func TestALockFileThatCannotBeWritten(t *testing.T) {
	f, err := Open(t.TempDir(), Grow)
	require.NoError(t, err)
	f.path = filepath.Join(t.TempDir(), strings.Repeat("x", 240)+".hcl") // too long for the name of the part that would be renamed to it
	_, err = f.Add("x", "1.0", []Locked{locked("x", "5")})
	require.ErrorContains(t, err, "write the lock file: ")
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

// TestWhatAnotherProcessRecordsStays: two commands at once may each start a plugin that is new.
func TestWhatAnotherProcessRecordsStays(t *testing.T) {
	folder := t.TempDir()
	one, err := Open(folder, Grow)
	require.NoError(t, err)
	other, err := Open(folder, Grow)
	require.NoError(t, err)
	_, err = one.Add("x", "1.0", []Locked{locked("x", "1")})
	require.NoError(t, err)
	added, err := other.Add("y", "1.0", []Locked{locked("y", "2")})
	require.NoError(t, err)
	require.True(t, added)
	added, err = other.Add("x", "1.0", []Locked{locked("x", "1")})
	require.NoError(t, err)
	require.False(t, added, "it is there already")

	again, err := Open(folder, Grow)
	require.NoError(t, err)
	require.Len(t, again.Records(), 2)
	_, err = one.Add("y", "1.0", []Locked{locked("y", "3")})
	require.ErrorContains(t, err, "y is not the file that was locked")
}
