package plan

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/whole"
)

// checkPlaces reports outputs that would overwrite each other, what is read, or the pipeline.
func (p *planner) checkPlaces(sources []*Source, outputs []*Output) {
	written := slices.DeleteFunc(slices.Clone(outputs), func(o *Output) bool { return o.Path == "" }) // a path that is missing or wrong is reported already
	for i, output := range written {
		path := followLinks(output.Path)
		p.checkPlace(output, path)
		p.checkFiles(output, path)
		p.checkInputs(output, path, sources)
		for _, earlier := range written[:i] {
			if outputsOverlap(path, followLinks(earlier.Path)) {
				p.problems.add(output.optionRanges["path"], "Outputs overlap", "%s and %s (line %d) would write to the same place. Give each its own path; to share a folder, name the files, such as \"data/sft.jsonl\".",
					output.Address(), earlier.Address(), earlier.optionRanges["path"].Start.Line)
			}
		}
	}
}

// checkPlace reports an output that cannot be written where it belongs. Like the checks after it, it also gets the output's
// path with its links followed.
func (p *planner) checkPlace(output *Output, path string) {
	at := output.optionRanges["path"]
	if info, err := os.Stat(path); err == nil && info.IsDir() && !output.Folder {
		p.problems.add(at, "Output is a folder", "%s is a folder. Name a file, or add a slash at the end to write into the folder.", output.Path)
	}
	folder := filepath.Dir(output.Path)
	if output.Folder {
		folder = output.Path
	}
	if file := notFolder(folder); file != "" {
		p.problems.add(at, "Output below a file", "%s is not a folder but a file or a broken link. Choose another folder, or remove it.", file)
	}
	if whole.IsDevice(output.Path) {
		p.problems.add(at, "Output is not a file", "%s is a device, a pipe or a socket, which the output would replace. Name a file.", output.Path)
	}
}

// checkFiles reports an output that would overwrite the pipeline or a file that it reads besides its sources.
func (p *planner) checkFiles(output *Output, path string) {
	at := output.optionRanges["path"]
	if pipeline, err := filepath.Abs(p.file.Filename); err == nil && isFile(path, pipeline) {
		p.problems.add(at, "Output is the pipeline", "The output would overwrite the pipeline's own file.")
	}
	if slices.ContainsFunc(p.locate.files, func(file string) bool { return isFile(path, file) || inside(path, followLinks(file)) }) {
		p.problems.add(at, "Output is an input", "%s would overwrite something that the pipeline reads, so the next run would read something else.", output.Address())
	}
}

// checkInputs reports an output that would write into what a source reads, or would be read by a later run.
func (p *planner) checkInputs(output *Output, path string, sources []*Source) {
	for _, source := range sources {
		reads := func(input string) bool {
			input = followLinks(input)
			return inside(path, input) || inside(input, path)
		}
		matches := func(pattern string) bool { return p.locate.matches(pattern, output.Path) }
		if slices.ContainsFunc(source.Paths, reads) || slices.ContainsFunc(source.written, matches) {
			elsewhere := ""
			if p.partial() {
				elsewhere = " A run that reads only a part of the logs writes below partial/ in the pipeline's folder; choose another folder with --out-dir."
			}
			p.problems.add(output.optionRanges["path"], "Output inside an input", "%s would write into what %s (line %d) reads.%s",
				output.Address(), source.Address(), source.optionRanges["path"].Start.Line, elsewhere)
		}
	}
}

// notFolder returns the file, or the link to nothing, because of which a folder neither exists nor can be made; it is empty
// if there is none.
func notFolder(folder string) string {
	info, err := os.Stat(folder)
	if err == nil && info.IsDir() {
		return ""
	}
	if _, linkErr := os.Lstat(folder); err == nil || linkErr == nil && errors.Is(err, fs.ErrNotExist) {
		return folder
	}
	if parent := filepath.Dir(folder); parent != folder {
		return notFolder(parent)
	}
	return ""
}

// outputsOverlap reports whether two outputs would write to the same path, or one below the other. Case does not count: some
// file systems take Data and data for one folder, and a pipeline must mean the same on all. The names of an output's shards
// are taken, too, because a run replaces whatever shards there are.
func outputsOverlap(a, b string) bool {
	a, b = strings.ToLower(container.Unsharded(a)), strings.ToLower(container.Unsharded(b))
	return lexicallyInside(a, b) || lexicallyInside(b, a)
}

// lexicallyInside reports whether a path is another or below it, judging by their names alone.
func lexicallyInside(path, folder string) bool {
	relative, err := filepath.Rel(folder, path)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}

// inside reports whether a path is an existing folder or file, or below it. The names may differ in case where the file
// system takes Data and data for one.
func inside(path, folder string) bool {
	if lexicallyInside(path, folder) {
		return true
	}
	if !lexicallyInside(strings.ToLower(path), strings.ToLower(folder)) {
		return false
	}
	separator := string(filepath.Separator)
	for strings.Count(path, separator) > strings.Count(folder, separator) {
		path = filepath.Dir(path)
	}
	return sameFile(path, folder)
}

// isFile reports whether path, whose links were followed, is the given file.
func isFile(path, file string) bool { return path == followLinks(file) || sameFile(path, file) }

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// followLinks follows the links in the part of a path that exists.
func followLinks(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(followLinks(parent), filepath.Base(path))
}
