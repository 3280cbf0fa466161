package host

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/core/lock"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk/process"
)

// program is what a plugin's process runs, as it was when the process was started.
type program struct {
	files []cache.File // the executable, and the files among the arguments, which an interpreter may run
	words []string     // the arguments, and the variables that the plugin's block names
}

// newProgram looks at what a command is about to run.
func newProgram(command process.Command, variables []string) program {
	p := program{files: []cache.File{cache.Look(command.Path)}, words: slices.Concat(command.Args, variables)}
	for _, argument := range command.Args {
		if info, err := os.Stat(argument); err == nil && info.Mode().IsRegular() {
			p.files = append(p.files, cache.Look(argument))
		}
	}
	return p
}

// Digest returns a hash of all that the plugin is made of: its name and version, the content of its executable and of any
// other file that its command line names, its arguments, and the variables that its block names.
func (p *Plugin) Digest(known *cache.Cache) (string, error) {
	if len(p.program.files) == 0 {
		return "", fmt.Errorf("plugin %q was attached to, so its program is not known and nothing that it gives is cached", p.Name)
	}
	digest := sha256.New()
	for _, word := range append([]string{p.Description.Name, p.Description.Version}, p.program.words...) {
		fmt.Fprintf(digest, "%d %s\n", len(word), word)
	}
	for _, file := range p.program.files {
		sum, err := known.Hash(file)
		if err != nil {
			return "", fmt.Errorf("hash the program of plugin %q: %w", p.Name, err)
		}
		digest.Write(sum)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// Locked hashes the binary of a plugin for another platform, which cannot be started here. path is that of the binary, or of
// an archive that holds it.
func (h *Host) Locked(path, name string) ([]lock.Locked, error) {
	var err error
	if isArchive(path) {
		if path, err = unpack(path, name, h.Unpack); err != nil {
			return nil, err
		}
	}
	sum, err := sumOf(path)
	if err != nil {
		return nil, fmt.Errorf("hash the binary: %w", err)
	}
	return []lock.Locked{{Name: filepath.Base(path), Sum: sum}}, nil
}

// locked hashes the files that the lock file records: the executable and the files among the arguments. If the block names a
// command and a file is among the arguments, the command is an interpreter, which belongs to the system and not to the
// plugin.
func (p program) locked(plugin plan.Plugin) ([]lock.Locked, error) {
	files := p.files
	if plugin.Command != "" && len(files) > 1 {
		files = files[1:]
	}
	var all []lock.Locked
	for _, file := range files {
		sum, err := sumOf(file.Path())
		if err != nil {
			return nil, fmt.Errorf("hash its files: %w", err)
		}
		all = append(all, lock.Locked{Name: filepath.Base(file.Path()), Sum: sum})
	}
	return all, nil
}

// sumOf returns the SHA-256 of a file in hexadecimal.
func sumOf(path string) (string, error) {
	sum, err := cache.HashFile(path)
	return hex.EncodeToString(sum), err
}
