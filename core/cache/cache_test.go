package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func open(t *testing.T, folder string, bound int64) *Cache {
	c, err := Open(folder, bound)
	require.NoError(t, err)
	return c
}

func store(c *Cache, key Key, records ...string) {
	draft := c.Draft(key, "plugin")
	defer draft.Discard()
	for _, r := range records {
		draft.Add(record(r))
	}
	draft.Keep()
}

// load returns the records of an entry, or nil if there is none.
func load(t *testing.T, c *Cache, key Key) []string {
	entry := c.Get(key)
	if entry == nil {
		return nil
	}
	defer entry.Close()
	all := []string{}
	require.NoError(t, entry.Each(func(record []byte) error { all = append(all, string(record)); return nil }))
	return all
}

func names(t *testing.T, folder string) []string {
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

// noise returns text that does not compress.
func noise(length int) string {
	random := rand.NewChaCha8([32]byte{})
	text := make([]byte, length)
	_, _ = random.Read(text)
	return string(text)
}

func TestRecordsComeBack(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made", "units")
	c := open(t, folder, DefaultBound)
	for name, records := range map[string][]string{
		"none": {}, "empty": {""}, "some": {"one", "", "three"}, "large": {strings.Repeat("same", 1<<20), noise(3 << 20), "last"},
	} {
		key := Key([]byte(fmt.Sprintf("%-32s", name)))
		require.Nil(t, load(t, c, key), "a miss")
		store(c, key, records...)
		require.Equal(t, records, load(t, c, key), name)
		require.Equal(t, records, load(t, open(t, folder, DefaultBound), key), name)
	}
	require.NoError(t, c.Close())
	require.Len(t, names(t, folder), 4)
}

func TestOthersCannotLookInto(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders of a user are private there")
	}
	folder := filepath.Join(t.TempDir(), "units")
	require.NoError(t, os.Mkdir(folder, 0o777))
	require.NoError(t, os.Chmod(folder, 0o777))
	c := open(t, folder, DefaultBound)
	store(c, Key{}, "secret")
	for path, mode := range map[string]os.FileMode{folder: 0o700, c.path(Key{}): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), path)
	}
}

// TestDamagedEntriesAreMisses cuts an entry at every byte, flips every bit, and puts it where another belongs.
func TestDamagedEntriesAreMisses(t *testing.T) {
	c := open(t, t.TempDir(), DefaultBound)
	key, path := Key{1}, c.path(Key{1})
	store(c, key, "one", strings.Repeat("two", 50), noise(20))
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	miss := func(content []byte, name string, args ...any) {
		require.NoError(t, os.WriteFile(path, content, 0o600))
		require.Nil(t, c.Get(key), fmt.Sprintf(name, args...))
		require.NoFileExists(t, path)
	}
	for end := range whole {
		miss(whole[:end], "cut at %d", end)
	}
	for i := range whole {
		for bit := range 8 {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << bit
			miss(damaged, "bit %d of byte %d", bit, i)
		}
	}
	miss(append(bytes.Clone(whole), 0), "something behind it")
	miss([]byte("what is this?"), "a foreign file")
	store(c, Key{2}, "another")
	other, err := os.ReadFile(c.path(Key{2}))
	require.NoError(t, err)
	miss(other, "the entry of another key")
	require.NoError(t, os.WriteFile(path, whole, 0o600))
	require.Len(t, load(t, c, key), 3, "whole again")
}

func TestOnlyWholeEntriesAreSeen(t *testing.T) {
	folder := t.TempDir()
	c := open(t, folder, DefaultBound)
	draft := c.Draft(Key{}, "plugin")
	draft.Add(record("half"))
	require.Nil(t, c.Get(Key{}))
	draft.Discard()
	draft.Keep()
	draft.Add(record("late"))
	require.Nil(t, c.Get(Key{}))
	require.Empty(t, names(t, folder))
}

// TestManyAtOnce has goroutines of several caches in one folder write and read the same entries, while one empties it.
func TestManyAtOnce(t *testing.T) {
	folder := t.TempDir()
	content := func(i int) []string { return []string{fmt.Sprint("entry ", i), strings.Repeat("x", i*1000)} }
	var work sync.WaitGroup
	for range 4 {
		c := open(t, folder, DefaultBound)
		for range 4 {
			work.Go(func() {
				for n := range 100 {
					i := n % 5
					if got := load(t, c, Key{byte(i)}); got != nil && !equal(got, content(i)) {
						t.Errorf("entry %d is wrong: %.100q", i, got)
					}
					store(c, Key{byte(i)}, content(i)...)
				}
			})
		}
		t.Cleanup(func() { require.NoError(t, c.Close()) })
	}
	work.Go(func() {
		for range 20 {
			if _, err := Clear(folder); err != nil && !inUse(err) {
				t.Error(err)
			}
			if err := trim(folder, 5000); err != nil {
				t.Error(err)
			}
		}
	})
	work.Wait()
	require.NotContains(t, strings.Join(names(t, folder), " "), draftEnding)
}

func equal(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

// TestTheLongestUnusedGoFirst fills a cache beyond its bound.
func TestTheLongestUnusedGoFirst(t *testing.T) {
	folder := t.TempDir()
	c := open(t, folder, DefaultBound)
	for i := range 4 {
		store(c, Key{byte(i)}, noise(1000))
		hour := time.Now().Add(time.Duration(i-10) * time.Hour)
		require.NoError(t, os.Chtimes(c.path(Key{byte(i)}), hour, hour))
	}
	require.NotNil(t, load(t, c, Key{0}), "it is used, which makes it the youngest")
	store(c, Key{9}, noise(1000))
	all, err := List(folder)
	require.NoError(t, err)
	require.NoError(t, trim(folder, 3*all[0].Bytes))
	for i, there := range map[int]bool{0: true, 1: false, 2: false, 3: true, 9: true} {
		require.Equal(t, there, load(t, c, Key{byte(i)}) != nil, "entry %d", i)
	}
}

// TestARunDoesNotPushOutWhatItNeeds reads more than a cache holds: what came first stays, so that the next run finds it.
func TestARunDoesNotPushOutWhatItNeeds(t *testing.T) {
	folder := t.TempDir()
	read := func() (hits int) {
		c := open(t, folder, 3500)
		for i := range 10 {
			if load(t, c, Key{byte(i)}) != nil {
				hits++
			} else {
				store(c, Key{byte(i)}, noise(1000))
			}
		}
		require.NoError(t, c.Close())
		return hits
	}
	require.Equal(t, 0, read())
	require.Equal(t, 3, read())
	require.Equal(t, 3, read())
	require.Len(t, names(t, folder), 3)
}

func TestWhatKilledRunsLeaveIsSweptAway(t *testing.T) {
	folder := t.TempDir()
	old, young := filepath.Join(folder, "1"+draftEnding), filepath.Join(folder, "2"+draftEnding)
	require.NoError(t, os.WriteFile(old, []byte("x"), 0o600))
	require.NoError(t, os.WriteFile(young, []byte("x"), 0o600))
	before := time.Now().Add(-2 * abandoned)
	require.NoError(t, os.Chtimes(old, before, before))
	c := open(t, folder, DefaultBound)
	store(c, Key{}, "entry")
	require.NoError(t, c.Close())
	require.NoFileExists(t, old)
	require.FileExists(t, young, "another run may be writing it")
}

func TestClearTouchesNothingElse(t *testing.T) {
	folder := t.TempDir()
	c := open(t, folder, DefaultBound)
	store(c, Key{}, "entry")
	for _, name := range []string{"mine.txt", "1" + draftEnding} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600))
	}
	stored, err := List(folder)
	require.NoError(t, err)
	require.Len(t, stored, 1)
	require.Equal(t, "plugin", stored[0].Label)
	removed, err := Clear(folder)
	require.NoError(t, err)
	require.Len(t, removed, 2)
	require.Equal(t, []string{"mine.txt"}, names(t, folder))
	stored, err = List(filepath.Join(folder, "nowhere"))
	require.NoError(t, err)
	require.Empty(t, stored)
}

// TestAFolderThatCannotBeWritten: nothing fails, and the fault is reported at the end.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a folder with an open file stays")
	}
	folder := filepath.Join(t.TempDir(), "units")
	c := open(t, folder, DefaultBound)
	draft := c.Draft(Key{1}, "plugin")
	require.NoError(t, os.RemoveAll(folder))
	store(c, Key{2}, "entry")
	draft.Add(record("entry"))
	draft.Keep()
	require.Nil(t, load(t, c, Key{1}))
	require.ErrorContains(t, c.Close(), "write the cache: ")
	_, err := Open(filepath.Join(folder, "\x00"), DefaultBound)
	require.ErrorContains(t, err, "create the cache folder")
}

func TestNoCacheTakesEverything(t *testing.T) {
	var c *Cache
	store(c, Key{}, "entry")
	require.Nil(t, load(t, c, Key{}))
	require.NoError(t, c.Close())
}
