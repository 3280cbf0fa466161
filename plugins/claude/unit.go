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

// Units makes a unit of each session with the files of its sub-agents. Those lie in a folder named after the session
// or, as older versions wrote them, beside it, where only their session id tells whose they are. The file of a
// sub-agent whose session is gone is a unit of its own.
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
		return nil, fmt.Errorf("%s leaves none of %d files, which are of: %s", s.options.choice(), len(files), strings.Join(projects(files), ", "))
	}
	return units, chosen.check(files)
}

// lines ends the names of transcripts, which may be compressed.
const ending = ".jsonl"

func isTranscript(base string) bool {
	plain, _ := packed.Cut(base)
	return strings.HasSuffix(plain, ending)
}

// bare is a file's name without its endings.
func bare(name string) string {
	plain, _ := packed.Cut(name)
	return strings.TrimSuffix(plain, ending)
}

// leftOut stands for the unit of a session of a project that is not read.
const leftOut = -1

func (o options) choose() bool { return len(o.Projects)+len(o.ExceptProjects) > 0 }

// choice is how the projects were chosen, as a pipeline writes it.
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

// projects are those of files, a few of them: by the folder that was worked in, else by their own.
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

// folderOf is the folder that a file's session was worked on in, as its records say.
func folderOf(file sdk.File) string {
	return strings.ReplaceAll(first(file, 100, textMember("cwd")), `\`, "/")
}

// agentOf is the id of the sub-agent that a file belongs to, judged by its name; empty for a session's own file.
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
	f, err := packed.Open(file)
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
	m := scan.Members(line, "type", "isSidechain", "forkedFrom", "uuid")
	kind, sidechain, forked, uuid := m[0], m[1], m[2], m[3]
	if scan.Text(kind) == "progress" || scan.True(sidechain) {
		return ""
	}
	return cmp.Or(copiedFrom(forked), scan.Text(uuid))
}

// projectOf is the project's folder below path. Its name has lost what is no letter or digit of the folder worked in.
func projectOf(file sdk.File) string {
	project, _, _ := strings.Cut(file.Name, "/")
	return project
}

// A chooser chooses files by the projects that their sessions are of, and knows which globs have met one.
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

// check reports a name that no session is of: a slip of the pen would have a project read that is to be left out. A pattern may
// be there for projects to come.
func (c chooser) check(files []sdk.File) error {
	if len(files) == 0 {
		return nil
	}
	for _, name := range slices.Concat(c.Projects, c.ExceptProjects) {
		if !c.met[name] && !match.IsPattern(name) {
			return fmt.Errorf("%s: none of %d files is of a project %q, they are of: %s; a pattern such as %q need not match any",
				c.choice(), len(files), name, strings.Join(projects(files), ", "), name+"*")
		}
	}
	return nil
}
