// Package scout finds logs and drafts a pipeline for them, for people who have logs and no pipeline yet.
package scout

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/load"
)

// A Find is a folder or file with logs of one kind.
type Find struct {
	Source  string // the type of the source that reads it
	Name    string // for the source block
	Path    string
	Files   int
	Bytes   int64
	Servers map[string]int // sessions: sampled calls by MCP server
}

// mostEntries bounds how much of a folder is looked at: init answers at once, however large the disk.
const mostEntries = 50_000

// Logs looks below a path for logs of every kind; a file is judged by itself.
func Logs(path string) ([]Find, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("look for logs: %w", err)
	}
	if !info.IsDir() {
		if kind := kindOf(path); kind != "" {
			return []Find{newFind(kind, path, 1, info.Size())}, nil
		}
		return nil, nil
	}
	finds := map[string]*Find{}
	entries := 0
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if entries++; err != nil || entries > mostEntries {
			return fs.SkipDir // what cannot be listed is reported when the pipeline runs
		}
		if entry.IsDir() || !entry.Type().IsRegular() {
			return nil
		}
		kind := kindOf(name)
		if kind == "" {
			return nil
		}
		if finds[kind] == nil {
			find := newFind(kind, path, 0, 0)
			finds[kind] = &find
		}
		finds[kind].Files++
		if info, err := entry.Info(); err == nil {
			finds[kind].Bytes += info.Size()
		}
		finds[kind].sample(name)
		return nil
	})
	var all []Find
	for _, kind := range []string{journal, claude, discord} {
		if finds[kind] != nil {
			all = append(all, *finds[kind])
		}
	}
	return all, err
}

// The kinds of logs, by the types of the sources that read them.
const (
	journal = "journal"
	claude  = "claude"
	discord = "discord"
)

var names = map[string]string{journal: "notes", claude: "sessions", discord: "bot"}

func newFind(kind, path string, files int, bytes int64) Find {
	find := Find{Source: kind, Name: names[kind], Path: path, Files: files, Bytes: bytes, Servers: map[string]int{}}
	if files == 1 {
		find.sample(path)
	}
	return find
}

// kindOf judges a file by its name, and a session by how it begins.
func kindOf(path string) string {
	base := strings.ToLower(filepath.Base(path))
	switch {
	case strings.HasSuffix(base, ".md") || strings.HasSuffix(base, ".markdown"):
		return journal
	case !strings.HasSuffix(base, ".jsonl"):
		return ""
	case strings.HasPrefix(base, "conversations_"):
		return discord
	}
	head := head(path, 64<<10)
	if bytes.Contains(head, []byte(`"sessionId"`)) || bytes.Contains(head, []byte(`"leafUuid"`)) {
		return claude
	}
	return ""
}

func head(path string, size int) []byte {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	data := make([]byte, size)
	n, _ := file.Read(data) // a file that cannot be read looks like no log
	return data[:n]
}

var mcpCall = regexp.MustCompile(`"type":\s?"tool_use"[^}]{0,200}?"name":\s?"mcp__([A-Za-z0-9_-]+?)__`)

// sampledBytes is how much of each session is searched for MCP servers.
const sampledBytes = 4 << 20

func (f *Find) sample(path string) {
	if f.Source != claude || f.Files > 100 {
		return
	}
	for _, match := range mcpCall.FindAllSubmatch(head(path, sampledBytes), -1) {
		f.Servers[string(match[1])]++
	}
}

// Draft makes the default pipeline for logs, in memory.
func Draft(paths []string) (*load.Pipeline, error) {
	var finds []Find
	for _, path := range paths {
		found, err := Logs(path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s holds no logs that a built-in source reads", path)
		}
		finds = append(finds, found...)
	}
	return load.Source(load.FileName, []byte(Pipeline(finds, "")))
}

// journalFolders are names of folders that people keep journals in.
var journalFolders = []string{"journals", "journal", "docs/journals", "docs/journal", "notes", "devlog", "lessons"}

// discordFolders are names of folders that bots log into.
var discordFolders = []string{"logs/conversations", "conversations", "logs", "discord", "discord_logs"}

// Places looks where people keep logs: journals and a bot's logs below folder, the sessions of this folder's project, or
// of all projects, below the folder of Claude Code (config).
func Places(folder, config string) ([]Find, error) {
	var finds []Find
	for _, search := range []struct {
		kind    string
		folders []string
	}{{journal, join(folder, journalFolders)}, {claude, sessionFolders(folder, config)}, {discord, join(folder, discordFolders)}} {
		for _, path := range search.folders {
			if info, err := os.Stat(path); err != nil || !info.IsDir() {
				continue
			}
			found, err := Logs(path)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(found, func(f Find) bool { return f.Source == search.kind })
			if i >= 0 {
				finds = append(finds, found[i])
				break
			}
		}
	}
	return finds, nil
}

func join(folder string, names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(folder, filepath.FromSlash(name)))
	}
	return paths
}

var notInProjectName = regexp.MustCompile(`[^A-Za-z0-9]`)

// sessionFolders lists where sessions may be, this folder's project first. Claude Code names a project's folder after its
// path, every other character replaced by a dash.
func sessionFolders(folder, config string) []string {
	var folders []string
	for _, projects := range []string{filepath.Join(config, "projects"), filepath.Join(folder, ".claude", "projects")} {
		folders = append(folders, filepath.Join(projects, notInProjectName.ReplaceAllString(folder, "-")), projects)
	}
	return folders
}
