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
	"github.com/ftprep/ftprep/sdk/packed"
	"github.com/tidwall/match"
)

// Units makes a unit of each session with the files of its sub-agents. These lie in a folder named after the session.
// Older versions wrote them beside the session's file, where only their session id tells which session they belong to.
// The file of a sub-agent whose session is gone is a unit of its own.
func (s *source) Units(ctx context.Context, paths []string) ([]sdk.Unit, error) {
	files, err := sdk.ListFiles(paths, isTranscript)
	if err != nil {
		return nil, err
	}
	var units []sdk.Unit
	chosen := chooser{options: s.options, met: map[string]bool{}}
	sessions := map[string]int{} // the session file's name without its ending -> index of its unit
	for _, file := range files {
		if agentOf(file.Name) != "" {
			continue
		}
		name := bare(file.Name)
		if sessions[name] = leftOut; chosen.takes(file) {
			sessions[name] = len(units)
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
		i, ok := sessions[sessionOf(file)]
		if ok && i == leftOut {
			continue
		}
		if ok {
			units[i].Files = append(units[i].Files, file)
		} else if chosen.takes(file) {
			units = append(units, sdk.Unit{ID: file.Name, Files: []sdk.File{file}})
		}
	}
	if len(units) == 0 && len(files) > 0 && s.options.choose() {
		return nil, fmt.Errorf("%s leaves none of %d files; their projects are: %s", s.options.choice(), len(files), strings.Join(projects(files), ", "))
	}
	return units, chosen.check(files)
}

// ending ends the names of transcripts; the name of a compressed one has a second ending.
const ending = ".jsonl"

func isTranscript(base string) bool {
	plain, _ := packed.SplitEnding(base)
	return strings.HasSuffix(plain, ending)
}

// bare returns a file's name without its endings.
func bare(name string) string {
	plain, _ := packed.SplitEnding(name)
	return strings.TrimSuffix(plain, ending)
}

// leftOut stands in place of the index of a unit for a session whose project is not read.
const leftOut = -1

func (o options) choose() bool { return len(o.Projects)+len(o.ExceptProjects) > 0 }

// choice returns the options that chose the projects, as a pipeline writes them.
func (o options) choice() string {
	var parts []string
	if len(o.Projects) > 0 {
		parts = append(parts, fmt.Sprintf("projects = %q", o.Projects))
	}
	if len(o.ExceptProjects) > 0 {
		parts = append(parts, fmt.Sprintf("except_projects = %q", o.ExceptProjects))
	}
	return strings.Join(parts, ", ")
}

// projects returns a few projects of files for a message: the folder worked in or, if it is unknown, the project's own folder.
func projects(files []sdk.File) []string {
	var all []string
	for _, file := range files {
		if project := cmp.Or(folderOf(file), projectOf(file)); !slices.Contains(all, project) {
			all = append(all, project)
		}
		if len(all) == 5 {
			return append(all, "...")
		}
	}
	return all
}

// folderOf returns the folder that a file's session worked in, as one of its first records says.
func folderOf(file sdk.File) string {
	return strings.ReplaceAll(first(file, 100, textMember("cwd")), `\`, "/")
}

// agentOf returns the id of the sub-agent that a file belongs to, judging by its name; it is empty for a session's own file.
func agentOf(name string) string {
	base := bare(path.Base(name))
	if id, ok := strings.CutPrefix(base, "agent-"); ok {
		return id
	}
	if strings.Contains("/"+name, "/subagents/") {
		return base
	}
	return ""
}

// sessionOf returns the name, without its ending, that the session file of a sub-agent's file must have.
func sessionOf(file sdk.File) string {
	if before, _, ok := strings.Cut("/"+file.Name, "/subagents/"); ok {
		return strings.TrimPrefix(before, "/")
	}
	return path.Join(path.Dir(file.Name), sessionID(file))
}

// sessionID returns the first session id in a file. A file that cannot be read has none; reading it later reports why.
func sessionID(file sdk.File) string { return first(file, 10, textMember("sessionId")) }

// conversationOf returns a function that names a session by the first record of its main conversation, because a session
// that was resumed or forked as another one begins with the same record. The function reads the file when it is first
// called. The name is empty if there is no such record.
func conversationOf(session sdk.File) func() string {
	return sync.OnceValue(func() string { return first(session, 100, originalID) })
}

// first calls read for the first lines of a file and returns the first text that is not empty.
func first(file sdk.File, lines int, read func(line []byte) string) string {
	f, err := packed.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for line, err := range sdk.Lines(newLineReader(f)) {
		if err != nil || line.Number > lines {
			break
		}
		if text := read(line.Text); text != "" {
			return text
		}
	}
	return ""
}

// textMember returns a function that reads the text of the named member of a line.
func textMember(name string) func(line []byte) string {
	return func(line []byte) string { return scan.Text(scan.Member(line, name)) }
}

// originalID returns the id that the record of a line and its copies share; it is empty for a record that forks leave out.
func originalID(line []byte) string {
	m := scan.Members(line, "type", "isSidechain", "forkedFrom", "uuid")
	kind, sidechain, forked, uuid := m[0], m[1], m[2], m[3]
	if scan.Text(kind) == "progress" || scan.True(sidechain) {
		return ""
	}
	return cmp.Or(copiedFrom(forked), scan.Text(uuid))
}

// projectOf returns the project's folder below path. Its name is the folder worked in, in which every character that is no
// letter or digit was replaced.
func projectOf(file sdk.File) string {
	project, _, _ := strings.Cut(file.Name, "/")
	return project
}

// A chooser chooses files by the projects of their sessions and notes which globs have matched one.
type chooser struct {
	options
	met map[string]bool
}

func (c chooser) takes(file sdk.File) bool {
	if !c.choose() {
		return true
	}
	folder, project := folderOf(file), projectOf(file)
	fits := func(globs []string) bool {
		fit := false
		for _, glob := range globs {
			if match.Match(folder, glob) || match.Match(path.Base(folder), glob) || match.Match(project, glob) {
				fit, c.met[glob] = true, true
			}
		}
		return fit
	}
	left := fits(c.ExceptProjects)
	return (len(c.Projects) == 0 || fits(c.Projects)) && !left
}

// check returns an error for a plain name that no session's project matches: if it was a typo, a project that is to be left
// out would be read. A pattern may be meant for future projects.
func (c chooser) check(files []sdk.File) error {
	if len(files) == 0 {
		return nil
	}
	for _, name := range slices.Concat(c.Projects, c.ExceptProjects) {
		if !c.met[name] && !match.IsPattern(name) {
			return fmt.Errorf("%s: none of %d files belongs to the project %q; their projects are: %s; to allow for no match, write a pattern such as %q",
				c.choice(), len(files), name, strings.Join(projects(files), ", "), name+"*")
		}
	}
	return nil
}
