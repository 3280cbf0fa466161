package claude

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
	"github.com/tidwall/match"
)

// Units makes a unit of each session with the files of its sub-agents. Those lie in a folder named after the session
// or, as older versions wrote them, beside it, where only their session id tells whose they are. The file of a
// sub-agent whose session is gone is a unit of its own.
func (s *source) Units(ctx context.Context, paths []string) ([]sdk.Unit, error) {
	files, err := sdk.ListFiles(paths, func(base string) bool { return strings.HasSuffix(base, ".jsonl") })
	if err != nil {
		return nil, err
	}
	var units []sdk.Unit
	sessions := map[string]int{} // the session file's name without its ending -> index of its unit
	for _, file := range files {
		if agentOf(file.Name) == "" && s.ofProjects(file) {
			sessions[strings.TrimSuffix(file.Name, ".jsonl")] = len(units)
			units = append(units, sdk.Unit{ID: file.Name, Files: []sdk.File{file}})
		}
	}
	for _, file := range files {
		if agentOf(file.Name) == "" || !s.options.Subagents {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i, ok := sessions[sessionOf(file)]; ok {
			units[i].Files = append(units[i].Files, file)
		} else if s.ofProjects(file) {
			units = append(units, sdk.Unit{ID: file.Name, Files: []sdk.File{file}})
		}
	}
	if len(units) == 0 && len(files) > 0 && len(s.options.Projects) > 0 {
		return nil, fmt.Errorf("projects = %q fits none of the %d files, which are of: %s", s.options.Projects, len(files), strings.Join(folders(files), ", "))
	}
	return units, nil
}

// folders are the folders that files were worked on in, a few of them.
func folders(files []sdk.File) []string {
	var all []string
	for _, file := range files {
		if folder := folderOf(file); !slices.Contains(all, folder) {
			all = append(all, folder)
		}
		if len(all) == 5 {
			return append(all, "...")
		}
	}
	return all
}

// folderOf is the folder that a file's session was worked on in, as its records say.
func folderOf(file sdk.File) string {
	return strings.ReplaceAll(first(file, 100, textMember("cwd")), `\`, "/")
}

// agentOf is the id of the sub-agent that a file belongs to, judged by its name; empty for a session's own file.
func agentOf(name string) string {
	base := strings.TrimSuffix(path.Base(name), ".jsonl")
	if id, ok := strings.CutPrefix(base, "agent-"); ok {
		return id
	}
	if strings.Contains("/"+name, "/subagents/") {
		return base
	}
	return ""
}

// sessionOf is the name, without its ending, that the session file of a sub-agent's file must have.
func sessionOf(file sdk.File) string {
	if before, _, ok := strings.Cut("/"+file.Name, "/subagents/"); ok {
		return strings.TrimPrefix(before, "/")
	}
	return path.Join(path.Dir(file.Name), sessionID(file))
}

// sessionID is the first session id in a file. One that cannot be read has none; reading it later reports why.
func sessionID(file sdk.File) string { return first(file, 10, textMember("sessionId")) }

// conversationOf names a session by the first record of its main conversation: a session that was resumed or forked as another
// begins with the same. It is read when it is first asked for, and empty where there is none.
func conversationOf(session sdk.File) func() string {
	return sync.OnceValue(func() string { return first(session, 100, originalID) })
}

// first is the first text that is read from one of the first lines of a file.
func first(file sdk.File, lines int, read func(line []byte) string) string {
	f, err := file.Open()
	if err != nil {
		return ""
	}
	defer f.Close()
	for line, err := range sdk.Lines(f) {
		if err != nil || line.Number > lines {
			break
		}
		if text := read(line.Text); text != "" {
			return text
		}
	}
	return ""
}

// textMember reads the text of a member of a line.
func textMember(name string) func(line []byte) string {
	return func(line []byte) string { return scan.Text(scan.Member(line, name)) }
}

// originalID is the id that the record of a line and its copies share; empty for a record that forks leave out.
func originalID(line []byte) string {
	if scan.Text(scan.Member(line, "type")) == "progress" || scan.True(scan.Member(line, "isSidechain")) {
		return ""
	}
	return cmp.Or(copiedFrom(scan.Member(line, "forkedFrom")), scan.Text(scan.Member(line, "uuid")))
}

// ofProjects reports whether a file's session belongs to one of the chosen projects. Records say in which folder the
// program worked; the name of the project's own folder has lost what is no letter or digit.
func (s *source) ofProjects(file sdk.File) bool {
	if len(s.options.Projects) == 0 {
		return true
	}
	folder := folderOf(file)
	project, _, _ := strings.Cut(file.Name, "/")
	for _, glob := range s.options.Projects {
		if match.Match(folder, glob) || match.Match(path.Base(folder), glob) || match.Match(project, glob) {
			return true
		}
	}
	return false
}
