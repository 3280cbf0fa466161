package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/sdk"
)

// cachedRun runs a pipeline through the cache in the bench's folder and returns how many units of its source came from it.
func (b *bench) cachedRun(t *testing.T, pipeline string) int {
	t.Helper()
	kept, err := cache.Open(filepath.Join(b.folder, "cache"), cache.DefaultBound)
	require.NoError(t, err)
	s := b.run(t, pipeline, Options{Cache: kept})
	require.NoError(t, kept.Close())
	return s.Sources[0].Cached
}

func TestASecondRunIsServedFromTheCache(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ndrop this\n\n{broken\n")
	b.log(t, "b.txt", logged(t, "a", "b"))
	b.log(t, "c.txt", "")
	require.Equal(t, 0, b.cachedRun(t, simple))
	rows := b.read(t, "out/rows.jsonl")
	kept, err := cache.Open(filepath.Join(b.folder, "cache"), cache.DefaultBound)
	require.NoError(t, err)
	var last Progress
	s := b.run(t, simple, Options{Cache: kept, Progress: func(p Progress) { last = p }})
	require.NoError(t, kept.Close())
	require.Equal(t, 3, s.Sources[0].Cached)
	require.Equal(t, 3, last.Cached)
	require.Equal(t, rows, b.read(t, "out/rows.jsonl"))
	read := b.run(t, simple, Options{})
	read.Sources[0].Cached = 3
	require.Equal(t, read.Sources, s.Sources, "every record is accounted for as before")
	require.Equal(t, read.Filters, s.Filters)
	for _, name := range []string{"rejects.jsonl", "examples.jsonl"} {
		require.ElementsMatch(t, strings.Split(b.read(t, filepath.Join(WorkFolder, "runs", read.Run, name)), "\n"),
			strings.Split(b.read(t, filepath.Join(WorkFolder, "runs", s.Run, name)), "\n"))
	}
}

func TestAnyChangeMakesAMiss(t *testing.T) {
	const pipeline = `
tools { file = "tools.json" }
source "lines" "logs" {
  path  = "logs"
  words = "words"
}
output "lab" "rows" { path = "out/rows.jsonl" }
`
	b := newBench(t)
	write := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(b.folder, name), []byte(content), 0o644))
	}
	write("words", "yes")
	write("tools.json", `[{"name": "walk"}]`)
	b.log(t, "a.txt", "one\n")
	b.log(t, "b.txt", "two\n")
	b.cachedRun(t, pipeline)
	require.Equal(t, 2, b.cachedRun(t, pipeline))
	write("words", "no!")
	require.Equal(t, 0, b.cachedRun(t, pipeline), "a file that an option names")
	require.Contains(t, b.read(t, "out/rows.jsonl"), `"a":"no!"`)
	write("tools.json", `[{"name": "run"}]`)
	require.Equal(t, 0, b.cachedRun(t, pipeline), "the declared tools")
	b.log(t, "a.txt", "six\n")
	require.Equal(t, 1, b.cachedRun(t, pipeline), "a unit's file")
	require.Contains(t, b.read(t, "out/rows.jsonl"), `"q":"six"`)
	for _, option := range []string{`answer = "well"`, `tools = ["walk"]`, "tools = [\"walk\"]\nkeep = \"turn\""} {
		changed := "source \"lines\" \"logs\" {\npath = \"logs\"\n" + option + "\n}\noutput \"lab\" \"rows\" { path = \"rows.jsonl\" }\n"
		require.Equal(t, 0, b.cachedRun(t, changed), option)
		require.Equal(t, 2, b.cachedRun(t, changed), option)
	}
	require.Equal(t, 2, b.cachedRun(t, pipeline), "as before")
}

// TestAFolderInAnOptionTurnsTheCacheOff has an option name a folder: nobody can tell whether its content has changed.
func TestAFolderInAnOptionTurnsTheCacheOff(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	words := filepath.Join(b.folder, "words")
	require.NoError(t, os.Mkdir(words, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(words, "answer"), []byte("yes"), 0o600))
	const pipeline = `
source "lines" "logs" {
  path  = "logs"
  words = "words"
}
output "lab" "rows" { path = "out/rows.jsonl" }
`
	for range 2 {
		kept, err := cache.Open(filepath.Join(b.folder, "cache"), cache.DefaultBound)
		require.NoError(t, err)
		require.Zero(t, b.run(t, pipeline, Options{Cache: kept}).Sources[0].Cached)
		require.ErrorContains(t, kept.Close(), "an option of source.lines.logs names the folder "+words)
	}
}

// TestKey changes the things that the key is made of one by one.
func TestKey(t *testing.T) {
	path, other := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "a")
	day := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	write := func(path, content string, modified time.Time) {
		content = content[:1] + strings.Repeat("-", 2*stampBytes) + content[1:] // for the end not to be in the beginning
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
		require.NoError(t, os.Chtimes(path, modified, modified))
	}
	write(path, "content", day)
	write(other, "content", day)
	base := origin{program: "p", setup: [32]byte{1}}
	unit := func(change func(*sdk.Unit)) sdk.Unit {
		u := sdk.Unit{ID: "u", Files: []sdk.File{{Path: path, Name: "a", Size: 7, Modified: day}}}
		change(&u)
		return u
	}
	same := func(*sdk.Unit) {}
	key := func(o origin, change func(*sdk.Unit)) cache.Key {
		key, err := o.key(unit(change))
		require.NoError(t, err)
		return key
	}
	keys := map[cache.Key]string{key(base, same): "nothing"}
	differs := func(what string, k cache.Key) {
		require.NotContains(t, keys, k, what)
		keys[k] = what
	}
	require.Contains(t, keys, key(base, same))
	differs("the program", key(origin{program: "q", setup: [32]byte{1}}, same))
	differs("the setup", key(origin{program: "p", setup: [32]byte{2}}, same))
	differs("a file of an option", key(origin{program: "p", setup: [32]byte{1}, files: []string{path}}, same))
	differs("the id", key(base, func(u *sdk.Unit) { u.ID = "v" }))
	differs("the name", key(base, func(u *sdk.Unit) { u.Files[0].Name = "b" }))
	differs("the path", key(base, func(u *sdk.Unit) { u.Files[0].Path = other }))
	differs("the listed size", key(base, func(u *sdk.Unit) { u.Files[0].Size = 8 }))
	differs("the listed time", key(base, func(u *sdk.Unit) { u.Files[0].Modified = day.Add(1) }))
	differs("one more file", key(base, func(u *sdk.Unit) { u.Files = append(u.Files, u.Files[0]) }))
	write(path, "content", day.Add(time.Microsecond))
	differs("the time", key(base, same))
	write(path, "contents", day)
	differs("the size", key(base, same))
	write(path, "Content", day)
	differs("the first bytes", key(base, same))
	write(path, "contenT", day)
	differs("the last bytes", key(base, same))
	write(path, "content", day)
	require.Equal(t, "nothing", keys[key(base, same)])

	for _, nothing := range []func(*sdk.Unit){
		func(u *sdk.Unit) { u.Files = nil },
		func(u *sdk.Unit) { u.Files[0].Path = filepath.Dir(path) },
		func(u *sdk.Unit) { u.Files[0].Path = filepath.Join(path, "nowhere") },
	} {
		_, err := base.key(unit(nothing))
		require.Error(t, err, "nobody would know whether it has changed")
	}
}

func TestOptionFiles(t *testing.T) {
	options := []sdk.Option{
		{Name: "text", Type: sdk.OptionString},
		{Name: "one", Type: sdk.OptionPath},
		{Name: "more", Type: sdk.OptionPaths},
		{Name: "rule", Type: sdk.OptionBlock, Options: []sdk.Option{{Name: "list", Type: sdk.OptionPath}}},
		{Name: "absent", Type: sdk.OptionPath},
	}
	values := `{"text": "/t", "one": "/a", "more": ["/b", "/c"], "rule": [{"list": "/d"}, {}, {"list": "/e"}]}`
	require.Equal(t, []string{"/a", "/b", "/c", "/d", "/e"}, optionFiles(options, []byte(values)))
}

func TestAUnitWithoutFilesIsReadEachTime(t *testing.T) {
	const pipeline = `
source "lab" "made" { path = "logs" }
output "lab" "rows" { path = "rows.jsonl" }
`
	b := newBench(t)
	require.Equal(t, 0, b.cachedRun(t, pipeline))
	require.Equal(t, 0, b.cachedRun(t, pipeline))
}

func TestWhatChangesWhileItIsReadIsNotKept(t *testing.T) {
	const pipeline = `
source "lines" "logs" {
  path    = "logs"
  appends = true
}
output "lab" "rows" { path = "rows.jsonl" }
`
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	for range 3 {
		require.Equal(t, 0, b.cachedRun(t, pipeline))
	}
	stored, err := cache.List(filepath.Join(b.folder, "cache"))
	require.NoError(t, err)
	require.Empty(t, stored)
}

func TestAFailedRunKeepsWhatFinishedUnitsGave(t *testing.T) {
	const failing = `
source "lines" "logs" {
  path  = "logs"
  fails = "b.txt"
}
output "lab" "rows" { path = "rows.jsonl" }
`
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	b.log(t, "b.txt", "two\n")
	for _, name := range []string{"c", "d", "e", "f", "g", "h"} { // enough for a and b to be read in one batch
		b.log(t, name+".txt", "more\n")
	}
	kept, err := cache.Open(filepath.Join(b.folder, "cache"), cache.DefaultBound)
	require.NoError(t, err)
	_, err = b.job(t, failing).Run(t.Context(), Options{Cache: kept, Parallel: 1})
	require.ErrorContains(t, err, "reading b.txt: plugin \"lab\": it cannot be read")
	require.NoError(t, kept.Close())
	require.NoError(t, os.Remove(filepath.Join(b.folder, "logs", "b.txt")))
	require.Equal(t, 1, b.cachedRun(t, failing))
}

func TestDamageIsReadAgain(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	b.log(t, "b.txt", "two\n")
	b.cachedRun(t, simple)
	rows := b.read(t, "out/rows.jsonl")
	entries, err := filepath.Glob(filepath.Join(b.folder, "cache", "*"))
	require.NoError(t, err)
	for _, entry := range entries {
		require.NoError(t, os.Truncate(entry, 100))
	}
	require.Equal(t, 0, b.cachedRun(t, simple))
	require.Equal(t, rows, b.read(t, "out/rows.jsonl"))
	require.Equal(t, 2, b.cachedRun(t, simple))
}
