package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
)

// pipelineFlags are the flags of every command that works on a pipeline.
type pipelineFlags struct {
	variables  []string
	varFiles   []string
	experiment string
	sources    []string
	outputs    []string
	outDir     string
	maxUnits   int
}

// add adds the flags of commands that can work on a part of a pipeline. Their first argument names the pipeline.
func (f *pipelineFlags) add(command *cobra.Command) {
	f.addVariables(command)
	f.addExperiment(command)
	flags := command.Flags()
	flags.StringArrayVar(&f.sources, "source", nil, "use only the source `TYPE.NAME`; may be repeated")
	flags.StringArrayVar(&f.outputs, "output", nil, "use only the output `TYPE.NAME` and the sources that it needs; may be repeated")
	flags.Var((*positive)(&f.maxUnits), "max-units", "read at most `N` units of each source (default: all)")
	completeNames(command, 0)
}

// addVariables adds the flags that set variables.
func (f *pipelineFlags) addVariables(command *cobra.Command) {
	flags := command.Flags()
	flags.StringArrayVar(&f.variables, "var", nil, "set a variable: `NAME=VALUE`; may be repeated")
	flags.StringArrayVar(&f.varFiles, "var-file", nil, "set the variables in `FILE`")
}

func (f *pipelineFlags) addExperiment(command *cobra.Command) {
	command.Flags().StringVar(&f.experiment, "experiment", "", "use the experiment `NAME`")
}

// addPlaces adds the flag of commands that write outputs, or that show or check where they go.
func (f *pipelineFlags) addPlaces(command *cobra.Command) {
	command.Flags().StringVar(&f.outDir, "out-dir", "", "write all outputs below the folder `DIR`")
}

func (f *pipelineFlags) settings(a *app) (plan.Settings, error) {
	variables, err := parseVariables(f.variables)
	if err != nil {
		return plan.Settings{}, err
	}
	cwd, err := os.Getwd()
	if err != nil {
		return plan.Settings{}, fmt.Errorf("find the current folder: %w", err)
	}
	return plan.Settings{
		Variables: variables, VarFiles: f.varFiles, Environ: a.environ, Experiment: f.experiment, Cwd: cwd,
		Sources: f.sources, Outputs: f.outputs, OutDir: f.outDir, Sampled: f.maxUnits > 0,
		Now: a.now,
	}, nil
}

// parseVariables reads the values of --var flags.
func parseVariables(assignments []string) (map[string]string, error) {
	variables := map[string]string{}
	for _, assignment := range assignments {
		name, value, ok := strings.Cut(assignment, "=")
		if !ok || name == "" {
			return nil, usageError("--var %q: write NAME=VALUE", assignment)
		}
		variables[name] = value
	}
	return variables, nil
}

// positive is the value of a flag that takes a number from 1 up; 0 if the flag is not set.
type positive int

var errNumber = errors.New("not a positive integer")

func (n *positive) Set(text string) error {
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		return errNumber
	}
	*n = positive(value)
	return nil
}

func (n *positive) String() string { return strconv.Itoa(int(*n)) }
func (n *positive) Type() string   { return "number" }

// forbidFlags returns an error of usage if the command line sets one of the flags; why ends the sentence that begins with the
// flag.
func forbidFlags(flags *pflag.FlagSet, why string) (err error) {
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Changed && err == nil {
			err = usageError("--%s %s", flag.Name, why)
		}
	})
	return err
}

// runFlags are the flags of commands that execute a pipeline.
type runFlags struct {
	pipelineFlags
	noCache    bool
	cacheSize  string
	parallel   int
	maxRejects string
	progress   string
}

func (f *runFlags) add(command *cobra.Command) {
	f.pipelineFlags.add(command)
	flags := command.Flags()
	flags.BoolVar(&f.noCache, "no-cache", false, "read every unit again, and cache nothing")
	flags.StringVar(&f.cacheSize, "cache-size", size(cache.DefaultBound), "keep at most `SIZE` in the cache, such as 500MB or 2GiB")
	flags.Var((*positive)(&f.parallel), "parallel", "read `N` units, and filter as many streams of examples, at a time (default: a few more than there are processors)")
	flags.StringVar(&f.maxRejects, "max-rejects", "", "exit with 4 if more than `N` records, or N%, are rejected")
	flags.StringVar(&f.progress, "progress", "auto", "how to show progress: `MODE` is auto, plain or none")
	completeValues(command, "progress", "auto", "plain", "none")
}

// options returns what the flags say. The caller closes the cache.
func (f *runFlags) options(a *app) (options run.Options, err error) {
	if _, err := mostRejects(f.maxRejects, 0); err != nil {
		return options, err
	}
	options.Parallel, options.MaxUnits = f.parallel, f.maxUnits
	if options.Progress, err = a.progress(f.progress); err != nil {
		return options, err
	}
	options.Cache, err = f.openCache(a)
	return options, err
}

// openCache opens the cache; it returns nil if there is none. Without a cache everything is read, so that is not a failure.
func (f *runFlags) openCache(a *app) (*cache.Cache, error) {
	bound, err := plan.ParseSize(f.cacheSize)
	if err != nil {
		return nil, usageError("--cache-size: %v", err)
	}
	if _, err := strconv.ParseFloat(f.cacheSize, 64); err == nil && bound > 0 { // so small a bound would empty the cache of every pipeline
		return nil, usageError("--cache-size %s has no unit: write one, such as %[1]sGB", f.cacheSize)
	}
	if f.noCache {
		return nil, nil
	}
	folder, err := a.cacheFolder()
	var opened *cache.Cache
	if err == nil {
		if opened, err = cache.Open(folder, bound); err != nil {
			err = fmt.Errorf("%w; set %s to use another folder", err, cacheVariable)
		}
	}
	if err != nil {
		a.say("nothing is cached: %v", err)
	}
	return opened, nil
}

func (a *app) closeCache(opened *cache.Cache) {
	if err := opened.Close(); err != nil {
		a.say("not everything was cached, so the next run takes longer: %v", err)
	}
}
