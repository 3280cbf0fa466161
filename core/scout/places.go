package scout

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
)

// journalFolders are names of folders that people keep journals in.
var journalFolders = []string{"journals", "journal", "docs/journals", "docs/journal", "notes", "devlog", "lessons"}

// discordFolders are names of folders that bots log into.
var discordFolders = []string{"logs/conversations", "conversations", "logs", "discord", "discord_logs"}

// Places looks where people keep logs: journals and a bot's logs below folder, the sessions of this folder's project, or
// of all projects, below the folder of Claude Code (config).
func Places(folder, config string) []Find {
	var finds []Find
	for _, place := range []struct {
		kind    string
		folders []string
	}{
		{journal, join(folder, journalFolders)},
		{claude, sessionFolders(folder, config)},
		{discord, join(folder, discordFolders)},
	} {
		finds = append(finds, first(place.kind, place.folders)...)
	}
	return finds
}

// toolsName is the name of a file with definitions of tools.
const toolsName = "tools.json"

// Tools finds a file with definitions of tools, in the current folder or else directly in one of the given ones. It returns
// the empty string if there is none.
func Tools(folders []string) string {
	for _, folder := range append([]string{"."}, folders...) {
		path := filepath.Join(folder, toolsName)
		text, _ := head(path, sampledBytes) // what cannot be read counts as having no tools
		if bytes.Contains(text, []byte(`"name"`)) && toolSchema.Match(text) {
			return path
		}
	}
	return ""
}

// toolSchema matches how MCP, Anthropic and OpenAI begin the schema of a tool.
var toolSchema = regexp.MustCompile(`"(inputSchema|input_schema|parameters)"\s*:\s*\{`)

// first finds the logs of a kind in the first folder that has some.
func first(kind string, folders []string) []Find {
	for _, path := range folders {
		found, _ := Logs(path) // a folder that is not there has none, and one that cannot be read may not hold logs
		if i := slices.IndexFunc(found, func(f Find) bool { return f.Source == kind }); i >= 0 {
			return found[i : i+1]
		}
	}
	return nil
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
// path without links, in which it replaces all but letters and digits by dashes.
func sessionFolders(folder, config string) []string {
	var folders []string
	for _, projects := range []string{filepath.Join(config, "projects"), filepath.Join(folder, ".claude", "projects")} {
		if physical, err := filepath.EvalSymlinks(folder); err == nil {
			folders = append(folders, filepath.Join(projects, notInProjectName.ReplaceAllString(physical, "-")))
		}
		folders = append(folders, filepath.Join(projects, notInProjectName.ReplaceAllString(folder, "-")), projects)
	}
	return folders
}
