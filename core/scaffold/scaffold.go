// Package scaffold writes the beginnings of a plugin: working code, its tests, a pipeline that uses it, and logs to run on.
package scaffold

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// A Plan says what to write.
type Plan struct {
	Name   string // of the plugin and its step
	Kind   string // source, filter or format
	Lang   string // go or python
	Folder string // to be made
	SDK    string // the checkout of ftprep whose SDK or contract it uses, absolute
}

// A file is a file of a plugin and the template that it is made from.
type file struct{ path, template string }

// files lists the files of a plugin. A file that is the same for every kind has a template without a kind in its name.
func (p Plan) files() []file {
	sample := map[string]string{"source": "sample/log.jsonl", "filter": "sample/journal.md", "format": "sample/journal.md"}[p.Kind]
	common := []file{{"README.md", "README.md"}, {".gitignore", "gitignore"}}
	shared := []file{{sample, "go/" + p.Kind + ".sample"}}
	if p.Lang == "python" {
		return append(p.under("python", append(common, file{"plugin.py", "plugin.py"}, file{"requirements.txt", "requirements.txt"},
			file{"pipeline.hcl", "pipeline.hcl"})), shared...)
	}
	return append(p.under("go", append(common, file{"main_test.go", "main_test.go"}, file{"main.go", p.Kind + ".main.go"},
		file{"testdata/first.txtar", p.Kind + ".case.txtar"}, file{"pipeline.hcl", p.Kind + ".pipeline.hcl"})), shared...)
}

// Python returns the interpreter of the environment that a plugin in Python runs in, as a path below its folder.
func (p Plan) Python() string {
	if runtime.GOOS == "windows" {
		return ".venv/Scripts/python.exe"
	}
	return ".venv/bin/python"
}

func (p Plan) under(folder string, files []file) []file {
	for i := range files {
		files[i].template = folder + "/" + files[i].template
	}
	return files
}

// Write makes the folder, which must not exist yet, and everything in it. If it fails, it removes the folder.
func (p Plan) Write() (err error) {
	if err := os.MkdirAll(filepath.Dir(p.Folder), 0o755); err != nil {
		return fmt.Errorf("make the folder of the plugin: %w", err)
	}
	if err := os.Mkdir(p.Folder, 0o755); err != nil {
		return fmt.Errorf("make the folder of the plugin: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(p.Folder))
		}
	}()
	for _, file := range p.files() {
		content, err := p.render(file.template)
		if err != nil {
			return err
		}
		if err := p.put(file.path, content); err != nil {
			return err
		}
	}
	if p.Lang == "python" {
		return p.copyContract()
	}
	return p.writeModule()
}

func (p Plan) render(name string) ([]byte, error) {
	parsed, err := template.ParseFS(templates, "templates/"+name+".tmpl")
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	if err := parsed.Execute(&content, p); err != nil {
		return nil, err
	}
	if strings.HasSuffix(name, ".go") {
		return format.Source(content.Bytes())
	}
	return content.Bytes(), nil
}

func (p Plan) put(name string, content []byte) error {
	path := filepath.Join(p.Folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write the plugin: %w", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("write the plugin: %w", err)
	}
	return nil
}

// copyContract copies the files from which stubs are generated.
func (p Plan) copyContract() error {
	for _, name := range []string{"example.proto", "plugin.proto"} {
		content, err := os.ReadFile(filepath.Join(p.SDK, "proto", "ftprep", "v1", name))
		if err != nil {
			return fmt.Errorf("copy the contract: %w", err)
		}
		if err := p.put("proto/ftprep/v1/"+name, content); err != nil {
			return err
		}
	}
	return nil
}
