package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
)

// completeNames lets shells complete the names in a pipeline: the one that the argument at this index names, or the one in the
// current folder.
func completeNames(command *cobra.Command, argument int) {
	for flag, names := range map[string]func(*load.Pipeline) []string{
		"source":     func(p *load.Pipeline) []string { return blockNames(p.Sources) },
		"output":     func(p *load.Pipeline) []string { return blockNames(p.Outputs) },
		"experiment": experimentNames,
		"var":        variableNames,
	} {
		if command.Flags().Lookup(flag) == nil {
			continue
		}
		completeFlag(command, flag, func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			path := load.FileName
			if len(args) > argument {
				path = args[argument]
			}
			pipeline, err := load.File(path)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return names(pipeline), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// completeValues lets shells complete the values that a flag can have.
func completeValues(command *cobra.Command, flag string, values ...string) {
	completeFlag(command, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func completeFlag(command *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := command.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(fmt.Sprintf("complete --%s: %v", flag, err)) // there is no such flag
	}
}

// completeRuns lets shells complete the names of runs, which are the first arguments, at most this many.
func completeRuns(command *cobra.Command, most int) {
	command.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= most {
			return nil, cobra.ShellCompDirectiveDefault
		}
		pipeline, err := load.File(load.FileName)
		if err != nil {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return runsOf(pipeline).Names(), cobra.ShellCompDirectiveDefault
	}
}

func blockNames(blocks []*load.Block) []string {
	var names []string
	for _, block := range blocks {
		_, name, _ := strings.Cut(block.Address(), ".")
		names = append(names, name)
	}
	return names
}

func experimentNames(p *load.Pipeline) []string {
	names := []string{load.Base}
	for _, experiment := range p.Experiments {
		names = append(names, experiment.Name)
	}
	return names
}

func variableNames(p *load.Pipeline) []string {
	var names []string
	for _, variable := range p.Variables {
		names = append(names, variable.Name+"=")
	}
	return names
}
