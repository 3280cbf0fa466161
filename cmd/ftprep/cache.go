package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/cache"
)

// cacheVariable is the environment variable that moves the cache.
const cacheVariable = "FTPREP_CACHE_DIR"

// cacheFolder returns the folder of this user's cache.
func (a *app) cacheFolder() (string, error) {
	folder := a.getenv(cacheVariable)
	if folder == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find the cache folder: %w; set %s to choose one", err, cacheVariable)
		}
		folder = filepath.Join(base, "ftprep")
	}
	return filepath.Join(folder, "units"), nil
}

func (a *app) cacheCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "cache", Short: "Show where the cache is and how large",
		Long: "Show where the cache is and how much it holds.\n\n" +
			"What was read from a unit is kept in a folder that only you can read, and the unit is not read again until its files,\n" +
			"options or plugin change. " + cacheVariable + " moves the folder.",
		RunE: func(*cobra.Command, []string) error { return a.cacheList() },
	}
	command.AddCommand(&cobra.Command{
		Use: "clear", Short: "Remove everything in the cache", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.cacheClear() },
	})
	return command
}

// cacheDocument is the content of the cache as JSON.
type cacheDocument struct {
	Version  int            `json:"version"`
	Location string         `json:"location"`
	Entries  int            `json:"entries"`
	Bytes    int64          `json:"bytes"`
	Plugins  []cachedPlugin `json:"plugins"`
}

// cachedPlugin sums up what is cached of the sources of one plugin.
type cachedPlugin struct {
	Plugin  string    `json:"plugin"`
	Entries int       `json:"entries"`
	Bytes   int64     `json:"bytes"`
	Oldest  time.Time `json:"oldest"` // last use of the least recently used entry
	Newest  time.Time `json:"newest"`
}

func (a *app) cacheList() error {
	folder, err := a.cacheFolder()
	if err != nil {
		return err
	}
	stored, err := cache.List(folder)
	if err != nil {
		return err
	}
	document := newCacheDocument(folder, stored)
	return a.printResult(document, document.write)
}

func newCacheDocument(folder string, stored []cache.Stored) *cacheDocument {
	d := &cacheDocument{Version: 1, Location: folder, Entries: len(stored), Plugins: []cachedPlugin{}}
	for _, entry := range stored { // the least recently used comes first
		d.Bytes += entry.Bytes
		i := slices.IndexFunc(d.Plugins, func(p cachedPlugin) bool { return p.Plugin == entry.Label })
		if i < 0 {
			i = len(d.Plugins)
			d.Plugins = append(d.Plugins, cachedPlugin{Plugin: entry.Label, Oldest: entry.Used})
		}
		p := &d.Plugins[i]
		p.Entries++
		p.Bytes += entry.Bytes
		p.Newest = entry.Used
	}
	slices.SortFunc(d.Plugins, func(a, b cachedPlugin) int { return cmp.Compare(a.Plugin, b.Plugin) })
	return d
}

func (d *cacheDocument) write(w io.Writer) {
	fmt.Fprintf(w, "%s: %s, %s\n", d.Location, size(d.Bytes), count(d.Entries, "unit"))
	var t table
	for _, p := range d.Plugins {
		used := fmt.Sprintf("last used %s to %s", p.Oldest.Format(time.DateTime), p.Newest.Format(time.DateTime))
		t.row("  "+p.Plugin, count(p.Entries, "unit"), size(p.Bytes), used)
	}
	t.write(w)
}

// cleared is the result of cache clear as JSON.
type cleared struct {
	Version  int    `json:"version"`
	Location string `json:"location"`
	Removed  int    `json:"removed"` // files
	Bytes    int64  `json:"bytes"`
}

func (a *app) cacheClear() error {
	folder, err := a.cacheFolder()
	if err != nil {
		return err
	}
	removed, err := cache.Clear(folder)
	if err != nil {
		return err
	}
	document := cleared{Version: 1, Location: folder, Removed: len(removed)}
	for _, entry := range removed {
		document.Bytes += entry.Bytes
	}
	return a.printResult(document, func(w io.Writer) {
		fmt.Fprintf(w, "%s: removed %s\n", folder, size(document.Bytes))
	})
}
