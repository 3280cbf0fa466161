package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// app is what all commands share.
type app struct {
	stdout, stderr io.Writer
	environ        []string
	json           bool
	live           bool // a progress line is on the terminal
}

// command builds the command line.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "ftprep",
		Short:         "Turn the logs of tool-using agents into fine-tuning data",
		Long:          "ftprep turns the logs of tool-using agents into fine-tuning data that trainers accept.\n\nStart with: ftprep init && ftprep run",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &codeError{code: exitUsage, err: err, hint: "see " + cmd.CommandPath() + " --help"}
	})
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print one JSON document on standard output")
	root.AddCommand(a.initCommand(), a.validateCommand(), a.fmtCommand(), a.planCommand(), a.runCommand(), a.statsCommand(),
		a.showCommand(), a.pluginCommand(), a.versionCommand())
	for _, command := range root.Commands() {
		asUsage(command)
	}
	return root
}

// asUsage makes wrong numbers of arguments usage errors.
func asUsage(command *cobra.Command) {
	if check := command.Args; check != nil {
		command.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return &codeError{code: exitUsage, err: err, hint: "see " + cmd.CommandPath() + " --help"}
			}
			return nil
		}
	}
	for _, sub := range command.Commands() {
		asUsage(sub)
	}
}

// say prints a line for people; results go to standard output instead.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.stderr, format+"\n", args...) }

// result prints a document, as JSON where that is asked for, else as print does.
func (a *app) result(document any, print func(io.Writer)) error {
	if !a.json {
		print(a.stdout)
		return nil
	}
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show which build this is", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			build := buildInformation()
			return a.result(build, func(w io.Writer) {
				fmt.Fprintf(w, "ftprep %s (%s, plugin protocol %d)\n", build.Release, build.Go, build.Protocol)
			})
		},
	}
}

// build says how this program was built.
type build struct {
	Version  int    `json:"version"` // of this document
	Release  string `json:"release"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Protocol int    `json:"plugin_protocol"`
}

func buildInformation() build {
	b := build{Version: 1, Release: "development", Protocol: 1}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		b.Release = info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			b.Revision = setting.Value
		}
	}
	return b
}
