package plan

import (
	"context"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// Settings is what the command line and the environment add to a pipeline.
//
// A variable has the value that the command line gives (--var before --var-file), else the experiment's, else
// FTPREP_VAR_name of the environment, else its default.
type Settings struct {
	Variables  map[string]string // --var
	VarFiles   []string          // --var-file; of several that set a variable the last counts
	Environ    []string          // as os.Environ gives it
	Experiment string            // --experiment; empty or "base": none
	Cwd        string            // absolute
	Sources    []string          // --source: "claude.sessions"; none: all
	Outputs    []string          // --output: "chatml.qwen"; none: all
	Sampled    bool              // the run will not read everything, as with --max-units, or reads other logs than the pipeline in this folder
	Unwritten  bool              // no output will be written, so it does not matter where it would go
	OutDir     string            // --out-dir
	Now        time.Time         // when the command began: relative values of since and until count back from it
}

// A Catalog is what the host knows about plugins.
type Catalog interface {
	// Builtins lists the built-in plugins as compiled in. The list shows which of them a pipeline needs, and what to
	// suggest.
	Builtins() []sdk.Plugin
	// Describe returns the description of a plugin, which it starts unless it is compiled in. It is called from several
	// goroutines at once. Its error is the Extra of the diagnostic that reports it.
	Describe(ctx context.Context, plugin Plugin) (sdk.Plugin, error)
}
