// Package lock keeps the lock file of a pipeline: which files of plugins it may start.
//
// The first time a plugin is started on a platform, the hashes of its files are recorded; from then on only files with these
// hashes are started, whatever they are called and wherever they are.
package lock

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/core/whole"
)

// Name is the base name of a lock file; it lies beside the pipeline.
const Name = ".ftprep.lock.hcl"

// Locked is a file of a plugin.
type Locked struct {
	Name string // base name, for people
	Sum  string // SHA-256, in hexadecimal
}

func (l Locked) String() string { return l.Sum + "  " + l.Name } // as sha256sum writes it

// Mode says what may be done to a lock file.
type Mode int

// The modes.
const (
	Grow     Mode = iota // what is not recorded yet is added
	ReadOnly             // what is not recorded yet is refused
	Renew                // what is recorded is replaced
	Peek                 // what is not recorded yet may be started, but is not added
)

// ParseMode reads the value of --lockfile.
func ParseMode(text string) (Mode, error) {
	switch text {
	case "grow":
		return Grow, nil
	case "readonly":
		return ReadOnly, nil
	}
	return 0, fmt.Errorf("--lockfile must be grow or readonly, not %q", text)
}

// A File is a lock file. Several goroutines may use it at once.
type File struct {
	path string
	mode Mode

	mu      sync.Mutex
	plugins map[string]*entry
}

// entry is what is recorded of one plugin.
type entry struct {
	version   string
	platforms map[string][]Locked
}

// platform is the platform that this program runs on, such as "linux_amd64".
func platform() string { return runtime.GOOS + "_" + runtime.GOARCH }

// Open reads the lock file in a folder. If there is none, nothing is recorded yet.
func Open(folder string, mode Mode) (*File, error) {
	f := &File{path: filepath.Join(folder, Name), mode: mode}
	if err := f.read(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) read() error {
	data, err := os.ReadFile(f.path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("read the lock file: %w", err)
	}
	plugins, err := parse(data, f.path)
	if err != nil {
		return fmt.Errorf("read the lock file: %w; remove it, and ftprep plugin lock writes a new one", err)
	}
	f.plugins = plugins
	return nil
}

// Check returns an error that says why a plugin's files may not be started, or nil if they may.
func (f *File) Check(plugin string, files []Locked) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.check(plugin, files)
}

func (f *File) check(plugin string, files []Locked) error {
	want, known := f.plugins[plugin].at(platform())
	switch {
	case f.mode == Renew:
		return nil
	case !known && f.mode == ReadOnly:
		return fmt.Errorf("it is not in %s for %s, and --lockfile=readonly adds nothing; add it with ftprep plugin lock", Name, platform())
	case !known:
		return nil
	}
	for i, file := range files {
		if i >= len(want) || want[i].Sum != file.Sum {
			return mismatch(file, want, i)
		}
	}
	if len(want) != len(files) {
		return fmt.Errorf("it was locked with %d files and now has %d; if you trust it, accept it with ftprep plugin lock", len(want), len(files))
	}
	return nil
}

func mismatch(file Locked, want []Locked, i int) error {
	expected, as := "no such file", ""
	if i < len(want) {
		expected = want[i].Sum
		if want[i].Name != file.Name { // it may be another file altogether
			as = " as " + want[i].Name
		}
	}
	return fmt.Errorf("%s is not the file that was locked%s:\n  locked %s\n  found  %s\n"+
		"If you trust it, accept it with ftprep plugin lock; while you work on it, FTPREP_DEV_OVERRIDES=NAME=PATH starts any build",
		file.Name, as, expected, file.Sum)
}

func (e *entry) at(platform string) ([]Locked, bool) {
	if e == nil {
		return nil, false
	}
	files, ok := e.platforms[platform]
	return files, ok
}

// Add records the files of a plugin for this platform and writes the lock file, if that changes anything and the mode allows
// it. What other processes have recorded since the file was opened stays. If they have recorded other files of this plugin,
// that is an error, unless the mode is [Renew].
func (f *File) Add(plugin, version string, files []Locked) (added bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mode == ReadOnly || f.mode == Peek {
		return false, nil
	}
	if err := f.read(); err != nil {
		return false, err
	}
	e := f.plugins[plugin]
	have, known := e.at(platform())
	switch {
	case known && f.mode == Grow:
		return false, f.check(plugin, files)
	case known && slices.Equal(have, files) && e.version == version:
		return false, nil
	}
	if e == nil || e.version != version { // the hashes of another version for other platforms are of no use
		e = &entry{version: version, platforms: map[string][]Locked{}}
	}
	e.platforms[platform()] = files
	f.plugins[plugin] = e
	return true, f.save()
}

// AddFor records the files of a plugin for another platform, which cannot be started here. The plugin must be recorded
// already, which tells its version.
func (f *File) AddFor(plugin, platform string, files []Locked) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.plugins[plugin]
	if e == nil {
		return fmt.Errorf("the pipeline names no plugin %q", plugin)
	}
	e.platforms[platform] = files
	return f.save()
}

// Keep removes what is recorded of all plugins except those named.
func (f *File) Keep(names []string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := len(f.plugins)
	maps.DeleteFunc(f.plugins, func(name string, _ *entry) bool { return !slices.Contains(names, name) })
	if len(f.plugins) == all {
		return nil
	}
	return f.save()
}

// A Record is what a lock file says of one plugin.
type Record struct {
	Plugin    string              `json:"plugin"`
	Version   string              `json:"version"`
	Platforms map[string][]string `json:"platforms"` // hashes and names of its files
}

// Records lists what is recorded, sorted by name.
func (f *File) Records() []Record {
	f.mu.Lock()
	defer f.mu.Unlock()
	records := []Record{}
	for _, name := range sortedKeys(f.plugins) {
		record := Record{Plugin: name, Version: f.plugins[name].version, Platforms: map[string][]string{}}
		for platform, files := range f.plugins[name].platforms {
			for _, file := range files {
				record.Platforms[platform] = append(record.Platforms[platform], file.String())
			}
		}
		records = append(records, record)
	}
	return records
}

func (f *File) save() error {
	if err := whole.Replace(f.path, format(f.plugins)); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	return nil
}
