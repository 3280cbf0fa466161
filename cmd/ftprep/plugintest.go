package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/sdk/conformance"
)

// pluginTestFlags are the flags of plugin test.
type pluginTestFlags struct {
	options []string
	input   []string
}

func (a *app) pluginTestCommand() *cobra.Command {
	var flags pluginTestFlags
	command := &cobra.Command{
		Use: "test BINARY [ARG...]", Short: "Check that a plugin does what every plugin must",
		Long: "Start a plugin in any language and check it over the wire: its description, that it refuses bad options, odd and\n" +
			"hostile input, that the same input gives the same output, that a cancelled call stops, and how it ends. Each fault\n" +
			"is a line. What the plugin writes to standard error is in .ftprep/plugins.log.\n\n" +
			"BINARY is the path of a binary, the NAME of an ftprep-plugin-NAME on $PATH, a program on $PATH with its arguments,\n" +
			"or a built-in plugin.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.pluginTest(cmd.Context(), args, flags) },
	}
	command.Flags().StringArrayVar(&flags.options, "options", nil, "open a step with these options: `KIND.TYPE=JSON`, such as filter.short={\"least\":2}; may be repeated")
	command.Flags().StringArrayVar(&flags.input, "input", nil, "a file or folder with `LOGS` that its sources can read")
	return command
}

// testedPlugin is the result of plugin test as JSON.
type testedPlugin struct {
	Version int           `json:"version"`
	Plugin  string        `json:"plugin"`
	Checks  []testedCheck `json:"checks"`
	Faults  int           `json:"faults"`
}

type testedCheck struct {
	Name   string   `json:"name"`
	Faults []string `json:"faults"`
}

// Checked adds the result of one check.
func (t *testedPlugin) Checked(name string, faults []string) {
	lines := []string{}
	for _, fault := range faults {
		lines = append(lines, strings.ReplaceAll(fault, "\n", " | "))
	}
	t.Checks = append(t.Checks, testedCheck{Name: name, Faults: lines})
	t.Faults += len(lines)
}

func (a *app) pluginTest(ctx context.Context, words []string, flags pluginTestFlags) error {
	log := newLogFile(run.WorkFolder)
	defer log.close()
	kit := conformance.Kit{Start: a.startTested(words, log.logger())}
	var err error
	if kit.Options, err = parseStepOptions(flags.options); err != nil {
		return err
	}
	for _, path := range flags.input {
		switch _, err := os.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
			return usageError("--input: %s does not exist", path)
		case err != nil:
			return usageError("--input: %v", err)
		}
		absolute, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		kit.Input = append(kit.Input, absolute)
	}
	tested := &testedPlugin{Version: 1, Plugin: strings.Join(words, " ")}
	kit.Run(ctx, tested)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if len(tested.Checks) > 1 { // otherwise the plugin does not start
		tested.Checked("run by hand", a.runByHand(ctx, words, log.logger()))
	}
	if err := a.printResult(tested, tested.write); err != nil {
		return err
	}
	if tested.Faults > 0 {
		hint := "see docs/plugins.md for what a plugin must do"
		if log.written() {
			hint += "; what it wrote to standard error is in " + log.path
		}
		return &codeError{code: exitPlugin, err: fmt.Errorf("%s has %s", tested.Plugin, count(tested.Faults, "fault")), hint: hint}
	}
	return nil
}

// byHandTimeout is how long a plugin may take to say what it is when it is run by hand.
const byHandTimeout = 10 * time.Second

// runByHand runs a plugin as somebody would who has found it: it has to say what it is, and end. Built-in plugins are left out,
// because they are not programs of their own.
func (a *app) runByHand(ctx context.Context, words []string, log *slog.Logger) []string {
	plugin := namedPlugin(words)
	if plugin.Builtin {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, byHandTimeout)
	defer cancel()
	switch said, err := a.newHost(log).RunByHand(ctx, plugin); {
	case ctx.Err() != nil:
		return []string{fmt.Sprintf("started without the handshake variable, it does not exit within %s: it should say what it is, and exit", byHandTimeout)}
	case err != nil: // another check has said that it does not start
		return nil
	case len(said) == 0:
		return []string{"started without the handshake variable, it prints nothing: it should say what it is, and exit"}
	}
	return nil
}

// startTested returns a function that starts another process of a plugin.
func (a *app) startTested(words []string, log *slog.Logger) func(context.Context) (*conformance.Instance, error) {
	return func(ctx context.Context) (*conformance.Instance, error) {
		h := a.newHost(log)
		h.EndTime = conformance.EndTime
		plugin, err := h.Start(ctx, namedPlugin(words))
		if err != nil {
			closeHost(ctx, h) // it may be running although it has not described itself
			return nil, err
		}
		explain := func(err error) error { // without the plugin's name, which every line would repeat
			if inner := errors.Unwrap(plugin.Explain(err)); inner != nil {
				return inner
			}
			return err
		}
		return &conformance.Instance{Client: plugin.Client(), Explain: explain, Stop: plugin.Stop}, nil
	}
}

// parseStepOptions reads the values of --options.
func parseStepOptions(assignments []string) (map[string]string, error) {
	options := map[string]string{}
	for _, assignment := range assignments {
		step, values, ok := strings.Cut(assignment, "=")
		if !ok || !json.Valid([]byte(values)) {
			return nil, usageError("--options %q: write KIND.TYPE=JSON, such as filter.short={\"least\":2}", assignment)
		}
		options[step] = values
	}
	return options, nil
}

func (t *testedPlugin) write(w io.Writer) {
	for _, check := range t.Checks {
		if len(check.Faults) == 0 {
			fmt.Fprintf(w, "ok     %s\n", check.Name)
		}
		for _, fault := range check.Faults {
			fmt.Fprintf(w, "FAULT  %s: %s\n", check.Name, fault)
		}
	}
	fmt.Fprintf(w, "%s: %s, %s\n", t.Plugin, count(len(t.Checks), "check"), count(t.Faults, "fault"))
}
