package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/scaffold"
	"github.com/ftprep/ftprep/sdk"
)

// pluginNewFlags are the flags of plugin new.
type pluginNewFlags struct{ lang, sdk, dir string }

func (a *app) pluginNewCommand() *cobra.Command {
	var flags pluginNewFlags
	command := &cobra.Command{
		Use: "new source|filter|format NAME", Short: "Start a plugin of your own",
		Long: "Write a working plugin into the new folder ftprep-plugin-NAME: its code, its tests, a pipeline that uses it and a\n" +
			"sample to run on. A plugin in Go builds without a network, against the SDK in a checkout of ftprep.",
		Example:   "  ftprep plugin new source mybot\n  ftprep plugin new format sharegpt --lang python",
		Args:      cobra.ExactArgs(2),
		ValidArgs: pluginKinds(),
		RunE:      func(_ *cobra.Command, args []string) error { return a.pluginNew(args[0], args[1], flags) },
	}
	command.Flags().StringVar(&flags.lang, "lang", "go", "the plugin's `LANGUAGE`: go or python")
	completeValues(command, "lang", "go", "python")
	command.Flags().StringVar(&flags.sdk, "sdk", "", "the checkout `DIR` of ftprep to build with (default: the one that this ftprep was built from)")
	command.Flags().StringVar(&flags.dir, "dir", "", "create the folder `DIR` (default: ftprep-plugin-NAME)")
	return command
}

func pluginKinds() []string { return []string{"source", "filter", "format"} }

// newPlugin is the result of plugin new as JSON.
type newPlugin struct {
	Version int    `json:"version"`
	Folder  string `json:"folder"`
}

func (a *app) pluginNew(kind, name string, flags pluginNewFlags) error {
	if !slices.Contains(pluginKinds(), kind) {
		return usageError("unknown kind of plugin %q: choose source, filter or format", kind)
	}
	if flags.lang != "go" && flags.lang != "python" {
		return usageError("--lang must be go or python, not %q; docs/plugins.md explains how to write a plugin in another language", flags.lang)
	}
	named := sdk.Plugin{Name: name, Version: "0", Doc: "x", Steps: []sdk.Step{{Kind: sdk.KindFilter, Type: name, Doc: "x"}}}
	if named.CheckDescription() != nil {
		return usageError("%q is not a valid plugin name: begin with a letter, and use only lower-case letters, digits and single dashes", name)
	}
	if err := checkTaken(kind, name); err != nil {
		return err
	}
	checkout, err := findSDK(flags.sdk)
	if err != nil {
		return err
	}
	plan := scaffold.Plan{Name: name, Kind: kind, Lang: flags.lang, Folder: flags.dir, SDK: checkout}
	if plan.Folder == "" {
		plan.Folder = sdk.BinaryPrefix + name
	}
	if err := plan.Write(); errors.Is(err, fs.ErrExist) {
		return &codeError{code: exitUsage, err: fmt.Errorf("%s already exists", plan.Folder), hint: "choose another folder with --dir"}
	} else if err != nil {
		return err
	}
	binary := sdk.BinaryPrefix + name
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	next := fmt.Sprintf("cd %s && go test ./... && go build -o %s . && ftprep run", shellWords(plan.Folder), binary)
	if flags.lang == "python" {
		next = fmt.Sprintf("cd %s, and the commands in README.md", shellWords(plan.Folder))
	}
	return a.printResult(newPlugin{1, plan.Folder}, func(w io.Writer) {
		fmt.Fprintf(w, "created %s\nnext: %s\n", plan.Folder, next)
	})
}

// checkTaken refuses the name of a built-in plugin, which a plugin block of that name would replace, and the name of a built-in
// step of the same kind, which a pipeline could not tell from the new one.
func checkTaken(kind, name string) error {
	block := sdk.Kind(kind)
	if kind == "format" {
		block = sdk.KindFormat
	}
	for _, plugin := range builtins() {
		if plugin.Name == name {
			return usageError("%s is a built-in plugin, and a plugin block of that name would replace it: choose another name", name)
		}
		if plugin.Step(block, name) != nil {
			return usageError("the built-in plugin %s already has a %s %s, and a pipeline could not tell the two apart: choose another name", plugin.Name, kind, name)
		}
	}
	return nil
}

// findSDK returns the folder of the checkout of ftprep: the one that is named, or the one that this program was built from.
func findSDK(named string) (string, error) {
	folder := named
	if folder == "" {
		_, file, _, ok := runtime.Caller(0)
		if !ok || !filepath.IsAbs(file) { // built with -trimpath
			return "", usageError("this ftprep does not know which checkout it was built from: name one with --sdk DIR")
		}
		folder = filepath.Join(filepath.Dir(file), "..", "..")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	if err := scaffold.CheckSDK(folder); err != nil {
		return "", usageError("%s is not a checkout of ftprep: %v; name one with --sdk DIR", folder, err)
	}
	return folder, nil
}
