package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ftprep/ftprep/core/plan"
)

// moreGroup is the title of the commands that everyday work does not need.
const moreGroup = "More:"

// command builds the command line. Each command is in the file of its name, and files whose names begin with it hold the rest of
// the command.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "ftprep",
		Short:         "Turn the logs of tool-using agents into fine-tuning data",
		Long:          "ftprep turns the logs of tool-using agents into fine-tuning data.\n\nStart with: ftprep init && ftprep run",
		Version:       buildInformation().Release,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print the result as one JSON document on standard output")
	root.PersistentFlags().StringVar(&a.lockfile, "lockfile", "grow", "`MODE` for plugins that are not in the lock file: grow records them, readonly refuses them")
	completeValues(root, "lockfile", "grow", "readonly")
	addGroup(root, "Pipelines:", a.initCommand(), a.validateCommand(), a.fmtCommand(), a.planCommand())
	addGroup(root, "Runs:", a.runCommand(), a.statsCommand(), a.toolsCommand(), a.showCommand(), a.diffCommand(), a.reportCommand(),
		a.scanCommand())
	addGroup(root, moreGroup, a.pluginCommand(), a.cacheCommand(), a.doctorCommand(), a.versionCommand())
	root.SetCompletionCommandGroupID(moreGroup)
	root.SetHelpCommand(helpCommand())
	root.InitDefaultCompletionCmd()
	checkArguments(root)
	return root
}

// addGroup adds commands under a title of their own.
func addGroup(root *cobra.Command, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: title, Title: title})
	for _, command := range commands {
		command.GroupID = title
	}
	root.AddCommand(commands...)
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND...]", Short: "Explain a command", GroupID: moreGroup,
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(found, rest)
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

// checkArguments turns mistakes that cobra lets pass, or explains badly, into errors of usage.
func checkArguments(command *cobra.Command) {
	if command.HasSubCommands() {
		command.Args = unknownCommand
		if command.RunE == nil {
			command.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	} else if check := command.Args; check != nil {
		command.Args = func(cmd *cobra.Command, args []string) error {
			if check(cmd, args) == nil {
				return nil
			}
			return &codeError{
				code: exitUsage, err: fmt.Errorf("wrong number of arguments for %s: %d", cmd.CommandPath(), len(args)),
				hint: "usage: " + cmd.UseLine(),
			}
		}
	}
	command.Args = forbidEmpty(command.Args)
	for _, sub := range command.Commands() {
		checkArguments(sub)
	}
}

// forbidEmpty returns an error for an empty argument and for empty values of flags: a script with an unset variable must not run
// something else.
func forbidEmpty(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		empty := ""
		cmd.Flags().Visit(func(flag *pflag.Flag) {
			values, several := flag.Value.(pflag.SliceValue)
			if flag.Value.String() == "" || several && slices.Contains(values.GetSlice(), "") {
				empty = "--" + flag.Name
			}
		})
		if len(args) > 0 && args[0] == "" {
			empty = "the argument of " + cmd.CommandPath()
		}
		switch {
		case empty != "":
			return &codeError{code: exitUsage, err: fmt.Errorf("%s is empty", empty), hint: "a shell variable in the command may be unset"}
		case check == nil:
			return nil
		}
		return check(cmd, args)
	}
}

// wrongLetters lets [plan.Nearest] take one wrong letter in two: there are only few names that a wrong one could mean.
const wrongLetters = 2

// unknownCommand returns an error for arguments that stand where the name of a command should be.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Name())
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if near := plan.Nearest(args[0], names, wrongLetters); near != "" {
		hint = "did you mean " + cmd.CommandPath() + " " + near + "?"
	}
	return &codeError{code: exitUsage, err: fmt.Errorf("unknown command %q for %s", args[0], cmd.CommandPath()), hint: hint}
}

// flagError explains a wrong flag.
func flagError(cmd *cobra.Command, err error) error {
	coded := &codeError{code: exitUsage, err: err, hint: "see " + cmd.CommandPath() + " --help"}
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
		if near := plan.Nearest(unknown.GetSpecifiedName(), names, wrongLetters); near != "" {
			coded.hint = "did you mean --" + near + "?"
		}
	case errors.As(err, &invalid) && errors.Is(err, errNumber):
		coded.err = fmt.Errorf("--%s must be a positive integer, not %q", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		coded.err = fmt.Errorf("--%s must be true or false, not %q", invalid.GetFlag().Name, invalid.GetValue())
	}
	return coded
}
