package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/scout"
)

const systemFile = "system.md"

// systemPrompt is what a model is told first, to be changed by the user.
const systemPrompt = `You control a system through tools.

Call a tool to act; never describe a call in words. Look before you act where the state matters.
Keep answers short.
`

func (a *app) initCommand() *cobra.Command {
	var force bool
	command := &cobra.Command{
		Use: "init [PATH...]", Short: "Find logs and write a pipeline for them",
		Long: "Looks for journals, Claude Code sessions (this folder's project first) and Discord logs, here or at the paths given,\n" +
			"and writes a commented pipeline.hcl and system.md.",
		RunE: func(_ *cobra.Command, args []string) error { return a.init(args, force) },
	}
	command.Flags().BoolVar(&force, "force", false, "replace files that are there")
	return command
}

func (a *app) init(paths []string, force bool) error {
	finds, err := a.scout(paths)
	if err != nil {
		return err
	}
	if len(finds) == 0 {
		return &codeError{
			code: exitUsage, err: errors.New("found no journals, sessions or Discord logs"),
			hint: "say where they are: ftprep init PATH...",
		}
	}
	for _, find := range finds {
		a.say("found %s: %s, %s in %s", find.Source, count(find.Files, "file"), size(find.Bytes), shorten(find.Path))
	}
	for name, content := range map[string]string{systemFile: systemPrompt, load.FileName: scout.Pipeline(finds, systemFile)} {
		if err := a.writeNew(name, content, force); err != nil {
			return err
		}
	}
	if err := a.result(map[string]any{"version": 1, "pipeline": load.FileName, "found": finds}, func(io.Writer) {}); err != nil {
		return err
	}
	a.say("wrote %s and %s\nnext: ftprep run", load.FileName, systemFile)
	return nil
}

// scout looks at the paths given, or where people keep logs. Paths below this folder stay relative, so that the pipeline
// can move with it.
func (a *app) scout(paths []string) ([]scout.Find, error) {
	folder, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the current folder: %w", err)
	}
	var finds []scout.Find
	for _, path := range paths {
		found, err := scout.Logs(path)
		if err != nil {
			return nil, &codeError{code: exitUsage, err: err}
		}
		finds = append(finds, found...)
	}
	if len(paths) == 0 {
		if finds, err = scout.Places(folder, a.claudeFolder()); err != nil {
			return nil, err
		}
	}
	for i := range finds {
		if relative, err := filepath.Rel(folder, finds[i].Path); err == nil && filepath.IsLocal(relative) {
			finds[i].Path = filepath.ToSlash(relative)
		}
	}
	return finds, nil
}

// claudeFolder is where Claude Code keeps its files.
func (a *app) claudeFolder() string {
	home := ""
	for _, variable := range a.environ {
		if value, ok := strings.CutPrefix(variable, "CLAUDE_CONFIG_DIR="); ok && value != "" {
			return value
		}
		if value, ok := strings.CutPrefix(variable, "HOME="); ok {
			home = value
		}
	}
	return filepath.Join(home, ".claude")
}

func (a *app) writeNew(name, content string, force bool) error {
	flags := os.O_CREATE | os.O_WRONLY | os.O_EXCL
	if force {
		flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	file, err := os.OpenFile(name, flags, 0o644)
	if errors.Is(err, os.ErrExist) {
		return &codeError{code: exitUsage, err: fmt.Errorf("%s is there already", name), hint: "--force replaces it"}
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if _, err := io.WriteString(file, content); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), file.Close())
	}
	return file.Close()
}
