// Command ftprep turns the logs of tool-using agents into fine-tuning data.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/plugins/claude"
	"github.com/ftprep/ftprep/plugins/discord"
	"github.com/ftprep/ftprep/plugins/filters"
	"github.com/ftprep/ftprep/plugins/formats"
	"github.com/ftprep/ftprep/plugins/journal"
	"github.com/ftprep/ftprep/plugins/redact"
	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/garbage"
)

func main() {
	garbage.Bound()
	ctx, stop := interruptible()
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// builtins returns the plugins inside this program.
func builtins() []sdk.Plugin {
	return []sdk.Plugin{journal.Plugin, claude.Plugin, discord.Plugin, redact.Plugin, filters.Plugin, formats.Plugin}
}

// errInterrupted is the cause of a context that a signal cancelled.
var errInterrupted = errors.New("interrupted")

// interruptible returns a context that the first interrupt cancels; a second one ends the process at once. The end of the terminal
// counts as an interrupt, too, unless nohup has this process ignore it.
func interruptible() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for range signals {
			if ctx.Err() != nil {
				os.Exit(exitInterrupted)
			}
			cancel(errInterrupted)
		}
	}()
	return ctx, func() { signal.Stop(signals); close(signals); cancel(nil) }
}

// execute runs the program and returns its exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) > 1 && args[0] == host.ServeArgument:
		return serve(args[1], stderr)
	case len(args) > 2 && args[0] == host.GuardArgument:
		return host.Guard(args[1:])
	}
	a := &app{stdout: stdout, stderr: stderr, environ: os.Environ(), now: time.Now()}
	root := a.command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.json = a.json || slices.Contains(args, "--json") // it may stand behind a wrong flag
	return a.exitCode(ctx, err)
}

// serve serves a built-in plugin to the host that started this process.
func serve(name string, stderr io.Writer) int {
	for _, plugin := range builtins() {
		if plugin.Name == name {
			sdk.Serve(plugin)
			return 0
		}
	}
	fmt.Fprintf(stderr, "there is no built-in plugin %q\n", name)
	return exitUsage
}
