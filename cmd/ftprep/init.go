package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/scout"
	"github.com/ftprep/ftprep/core/whole"
)

const systemFile = "system.md"

// systemPrompt is the first system prompt of a pipeline, for the user to change.
const systemPrompt = `You control a system through tools.

Call a tool to act; never describe a call in words. Look before you act where the state matters.
Keep answers short.
`

func (a *app) initCommand() *cobra.Command {
	var force, sample bool
	command := &cobra.Command{
		Use: "init [PATH...]", Short: "Find logs and write a pipeline for them",
		Long: "Look for journals, Claude Code sessions (this folder's project first) and Discord logs, here or at the given\n" +
			"paths, and write a commented pipeline.hcl and a system.md.",
		Example: "  ftprep init && ftprep run\n" +
			"  ftprep init ~/notes ../bot/logs\n" +
			"  ftprep init --sample",
		RunE: func(_ *cobra.Command, args []string) error { return a.init(args, force, sample) },
	}
	command.Flags().BoolVar(&force, "force", false, "replace an existing pipeline.hcl")
	command.Flags().BoolVar(&sample, "sample", false, "write small logs into ./"+scout.SampleFolder+" and use those")
	return command
}

// initialized is the result of init as JSON.
type initialized struct {
	Version  int          `json:"version"`
	Pipeline string       `json:"pipeline"`
	Found    []scout.Find `json:"found"`
	Tools    string       `json:"tools,omitempty"` // the file with their definitions
}

func (a *app) init(paths []string, force, sample bool) error {
	if _, err := os.Lstat(load.FileName); err == nil && !force {
		return &codeError{code: exitUsage, err: fmt.Errorf("%s already exists", load.FileName), hint: "--force replaces it"}
	}
	if sample {
		folders, err := scout.WriteSample(".")
		if err != nil {
			return err
		}
		paths = append(paths, folders...)
	}
	folder, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the current folder: %w", err)
	}
	finds, err := a.findLogs(folder, paths)
	if err != nil {
		return err
	}
	a.sayFinds(finds)
	tools := scout.Tools(paths)
	if tools != "" {
		tools = a.portable(folder, tools)
		a.say("found tool definitions in %s", tools)
	}
	if err := a.writePipeline(finds, tools); err != nil {
		return err
	}
	if err := a.printResult(initialized{1, load.FileName, finds, tools}, func(io.Writer) {}); err != nil {
		return err
	}
	a.say("next: ftprep run")
	return nil
}

// logFiles says how logs are named.
const logFiles = "journals in *.md, Claude Code's sessions in *.jsonl, and a bot's logs in conversations_*.jsonl"

// findLogs looks for logs in the given paths or, without paths, where people keep them: below the current folder and in the folder
// of Claude Code.
func (a *app) findLogs(folder string, paths []string) ([]scout.Find, error) {
	var finds []scout.Find
	var empty []string
	for _, path := range paths {
		found, err := scout.Logs(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usageError("%s does not exist", path)
		}
		if err != nil {
			return nil, &codeError{code: exitUsage, err: err}
		}
		if len(found) == 0 {
			empty = append(empty, path)
		}
		finds = append(finds, found...)
	}
	if len(paths) == 0 {
		finds = scout.Places(folder, a.claudeFolder())
	}
	if len(finds) == 0 && len(paths) > 0 {
		return nil, &codeError{
			code: exitUsage, err: fmt.Errorf("found no journals, sessions or Discord logs in %s", strings.Join(paths, ", ")),
			hint: "ftprep looks for " + logFiles + "; to try it on a sample, run ftprep init --sample",
		}
	}
	if len(finds) == 0 {
		return nil, &codeError{
			code: exitUsage, err: errors.New("found no journals, sessions or Discord logs"),
			hint: "name their folders with ftprep init PATH..., or try a sample with ftprep init --sample",
		}
	}
	for _, path := range empty {
		a.say("skipping %s: it holds no journals, sessions or Discord logs", path)
	}
	for i := range finds {
		finds[i].Path = a.portable(folder, finds[i].Path)
	}
	return finds, nil
}

// portable writes a path relative to the folder of the pipeline, so that both can move together, or else relative to the home
// folder.
func (a *app) portable(folder, path string) string {
	if relative, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(relative) {
		return filepath.ToSlash(relative)
	}
	if relative, err := filepath.Rel(a.home(), path); err == nil && filepath.IsLocal(relative) {
		return "~/" + filepath.ToSlash(relative)
	}
	return path
}

// claudeFolder returns the folder in which Claude Code keeps its files.
func (a *app) claudeFolder() string {
	return cmp.Or(a.getenv("CLAUDE_CONFIG_DIR"), filepath.Join(a.home(), ".claude"))
}

func (a *app) home() string { return cmp.Or(a.getenv("HOME"), a.getenv("USERPROFILE")) }

// sayFinds says what was found, and how often sessions call which MCP server.
func (a *app) sayFinds(finds []scout.Find) {
	kinds := map[string]string{"journal": "journals", "claude": "Claude Code sessions", "discord": "Discord logs"}
	for _, find := range finds {
		a.say("found %s in %s: %s, %s", kinds[find.Source], find.Path, count(find.Files, "file"), size(find.Bytes))
		var servers []string
		for _, server := range slices.Sorted(maps.Keys(find.Servers)) {
			servers = append(servers, fmt.Sprintf("%s (%s)", server, count(find.Servers[server], "call")))
		}
		if len(servers) > 0 {
			a.say("  MCP servers in a sample of them: %s", strings.Join(servers, ", "))
		}
	}
}

// writePipeline writes the pipeline, and a system prompt unless the user has one. toolsFile is the file with the definitions of
// tools; empty if there is none.
func (a *app) writePipeline(finds []scout.Find, toolsFile string) error {
	if _, err := os.Lstat(systemFile); errors.Is(err, os.ErrNotExist) {
		if err := whole.Replace(systemFile, []byte(systemPrompt)); err != nil {
			return fmt.Errorf("write a system prompt: %w", err)
		}
		a.say("wrote %s", systemFile)
	}
	if err := whole.Replace(load.FileName, []byte(scout.Pipeline(finds, toolsFile, systemFile))); err != nil {
		return err
	}
	a.say("wrote %s", load.FileName)
	return nil
}
