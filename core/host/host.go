// Package host finds, starts and stops the processes of plugins.
//
// A built-in plugin is this program, run again; any other is a binary that the pipeline names. Each plugin has one
// process, started when it is first needed, however many steps use it. It has several if experiments start it differently.
package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ftprep/ftprep/core/lock"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/process"
)

// ServeArgument is the first argument with which the host runs this program again to serve the built-in plugin that the
// second one names.
const ServeArgument = "serve-builtin-plugin"

// Host keeps the processes of one run.
type Host struct {
	builtins []sdk.Plugin
	environ  []string
	log      *slog.Logger

	// Lock says which files of plugins may be started; nil: any.
	Lock *lock.File
	// Announce takes what the user should know besides results, such as that a plugin was attached to; nil: nobody listens.
	Announce func(text string)
	// EndTime is how long plugins may take to end before they are killed; 0: [process.EndTime].
	EndTime time.Duration
	// Unpack is the folder into which plugins that come in archives are unpacked; empty: there is none.
	Unpack string

	mu      sync.Mutex
	plugins map[string]*Plugin // by startKey
}

// New makes a host that knows the built-in plugins. environ is this program's environment, of which plugins get little;
// log gets what they write to standard error.
func New(builtins []sdk.Plugin, environ []string, log *slog.Logger) *Host {
	return &Host{builtins: builtins, environ: environ, log: log, plugins: map[string]*Plugin{}}
}

// Builtins lists the built-in plugins.
func (h *Host) Builtins() []sdk.Plugin { return h.builtins }

// A Plugin is a plugin's process, or the error that kept it from starting.
type Plugin struct {
	Name        string
	Description sdk.Plugin

	program program
	ready   chan struct{} // closed when the process runs, or does not
	process *process.Process
	err     error

	abandoned bool // the caller that started it gave up, which says nothing about the plugin
}

// Client returns the wire to the plugin.
func (p *Plugin) Client() *sdk.Client { return p.process.Client }

// An Error is the fault of a plugin: it is missing, was refused, died or fell silent.
type Error struct {
	Plugin string
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("plugin %q: %v", e.Plugin, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Explain returns an [Error] that says what became of the plugin if err is how the host saw it die, fall silent or refuse.
// To any other error it adds the plugin's name. Nil and a cancellation are returned as they are.
func (p *Plugin) Explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	err = p.process.Explain(err)
	if errors.As(err, new(*process.DeathError)) || errors.Is(err, sdk.ErrUnusable) {
		return &Error{Plugin: p.Name, Err: err}
	}
	return fmt.Errorf("plugin %q: %w", p.Name, err)
}

// Conceal hides the values of secret options in what the plugin says from now on.
func (p *Plugin) Conceal(words ...string) { p.process.Conceal(words...) }

// Stop ends the plugin. The error is what the plugin did wrong until then; see [process.Process.Stop].
func (p *Plugin) Stop(ctx context.Context) error {
	if p.process == nil {
		return nil
	}
	return p.process.Stop(ctx)
}

// Describe returns a plugin's description. It starts the plugin, unless the description is compiled in. With this method a
// host is a [plan.Catalog].
func (h *Host) Describe(ctx context.Context, plugin plan.Plugin) (sdk.Plugin, error) {
	if builtin, ok := h.builtin(plugin); ok {
		return builtin, nil
	}
	started, err := h.Start(ctx, plugin)
	if err != nil {
		return sdk.Plugin{}, err
	}
	return started.Description, nil
}

// builtin finds a built-in plugin that is not overridden. If the overrides cannot be read, it finds none, and [Host.Start]
// reports why.
func (h *Host) builtin(plugin plan.Plugin) (sdk.Plugin, bool) {
	overrides, err := h.overrides()
	if err != nil || !plugin.Builtin || overrides.attach[plugin.Name] != "" || overrides.local[plugin.Name] != "" {
		return sdk.Plugin{}, false
	}
	i := slices.IndexFunc(h.builtins, func(p sdk.Plugin) bool { return p.Name == plugin.Name })
	if i < 0 {
		return sdk.Plugin{}, false
	}
	return h.builtins[i], true
}

// startKey returns a key of all that decides how a plugin's process is started. The name is not enough: a block may replace
// a built-in plugin, and what it says may depend on the experiment.
func startKey(p plan.Plugin) string {
	return fmt.Sprintf("%q %t %q %q %q %q %d %d %d", p.Name, p.Builtin, p.Path, p.Command, p.Args, p.Env, p.Idle, p.Timeout, p.Memory)
}

// Start starts a plugin, or finds it running. Different plugins start side by side. The outcome of a start, also a failure,
// is remembered, unless its caller gave it up.
func (h *Host) Start(ctx context.Context, plugin plan.Plugin) (*Plugin, error) {
	for {
		p, known := h.entry(plugin)
		if !known {
			h.startFor(ctx, p, plugin)
			return p, p.err
		}
		select {
		case <-p.ready:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if !p.abandoned {
			return p, p.err
		}
	}
}

// entry returns the plugin that a caller has started or is starting. If it is not known, the plugin is new and this caller
// has to start it.
func (h *Host) entry(plugin plan.Plugin) (p *Plugin, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := startKey(plugin)
	if p, known = h.plugins[key]; known && !p.wasAbandoned() {
		return p, true
	}
	p = &Plugin{Name: plugin.Name, ready: make(chan struct{})}
	h.plugins[key] = p
	return p, false
}

// wasAbandoned reports whether the start of the plugin was given up.
func (p *Plugin) wasAbandoned() bool {
	select {
	case <-p.ready:
		return p.abandoned
	default:
		return false
	}
}

// startFor starts a plugin and records the outcome. Nothing is left of a start that the caller gave up.
func (h *Host) startFor(ctx context.Context, p *Plugin, plugin plan.Plugin) {
	defer close(p.ready)
	p.err = h.start(ctx, p, plugin)
	switch {
	case p.err != nil && ctx.Err() != nil:
		_ = p.Stop(ctx) // it is killed
		p.process, p.abandoned = nil, true
	case p.err != nil && !errors.As(p.err, new(*Error)):
		p.err = &Error{Plugin: plugin.Name, Err: p.err}
	}
}

// start starts the plugin's process, or attaches to one that a developer has started. A plugin that is not built in gets a
// guard and, unless a developer replaces it, is started only if the lock file allows it.
func (h *Host) start(ctx context.Context, p *Plugin, plugin plan.Plugin) (err error) {
	overrides, err := h.overrides()
	if err != nil {
		return err
	}
	if address, ok := overrides.attach[plugin.Name]; ok {
		h.announce("plugin %q: attached to the process at %s (%s)", plugin.Name, address, reattachVariable)
		if p.process, err = process.Attach(ctx, address); err != nil {
			return err
		}
		return p.describe(ctx)
	}
	local, overridden := overrides.local[plugin.Name]
	if overridden {
		h.announce("plugin %q: using %s, whatever the lock file says (%s)", plugin.Name, local, overridesVariable)
		plugin.Builtin, plugin.Path, plugin.Command = false, local, ""
	}
	command, err := h.command(plugin)
	if err != nil {
		return err
	}
	p.program = newProgram(command, h.namedVariables(plugin.Env))
	locked := h.Lock != nil && !plugin.Builtin && !overridden
	var files []lock.Locked
	if locked {
		if files, err = p.program.locked(plugin); err != nil {
			return err
		}
		if err := h.Lock.Check(plugin.Name, files); err != nil {
			return err
		}
	}
	if !plugin.Builtin {
		command = guarded(command)
	}
	if p.process, err = process.Start(ctx, command); err != nil {
		return err
	}
	if err := p.describe(ctx); err != nil || !locked {
		return err
	}
	return h.lock(plugin.Name, p.Description.Version, files)
}

// RunByHand runs a plugin that is not built in without a handshake, as a user would in a shell, and returns what it prints.
// It gets no more of the environment than a plugin that is started, and leaves no process: there may be little reason to
// trust it.
func (h *Host) RunByHand(ctx context.Context, plugin plan.Plugin) ([]byte, error) {
	command, err := h.command(plugin)
	if err != nil {
		return nil, err
	}
	return process.RunByHand(ctx, guarded(command))
}

func (p *Plugin) describe(ctx context.Context) (err error) {
	if p.Description, err = p.process.Describe(ctx); err != nil {
		return p.process.Explain(err) // Start adds the plugin's name
	}
	return nil
}

// lock records what was started. If the lock file may not be written, the plugin runs all the same.
func (h *Host) lock(name, version string, files []lock.Locked) error {
	added, err := h.Lock.Add(name, version, files)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		h.announce("plugin %q: %v; it is not locked", name, err)
		return nil
	}
	if added && err == nil {
		h.announce("plugin %q %s: its files are recorded in %s", name, version, lock.Name)
	}
	return err
}

func (h *Host) announce(format string, args ...any) {
	if h.Announce != nil {
		h.Announce(fmt.Sprintf(format, args...))
	}
}

// command says how a plugin is started: a built-in one is this program, any other a binary.
func (h *Host) command(plugin plan.Plugin) (process.Command, error) {
	command := process.Command{
		Name: plugin.Name, Args: plugin.Args, Env: h.environment(plugin.Env), Idle: plugin.Idle, End: h.EndTime, Log: h.log,
		Limits: process.Limits{Memory: plugin.Memory, Time: plugin.Timeout}, Trusted: plugin.Builtin,
	}
	var err error
	if plugin.Builtin {
		command.Args = []string{ServeArgument, plugin.Name}
		command.Path, err = os.Executable()
		return command, err
	}
	if command.Path, err = Find(plugin); err == nil && isArchive(command.Path) {
		command.Path, err = unpack(command.Path, plugin.Name, h.Unpack)
	}
	return command, err
}

// passedVariables are the variables that every plugin gets.
var passedVariables = []string{
	"PATH", "HOME", "TMPDIR", "TMP", "TEMP", "LANG", "TZ",
	"USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", // Windows
	"GOCOVERDIR", "GORACE", // so that tests see into plugins
}

// environment returns what a plugin gets of this program's environment: the passed variables, those of the locale, and those
// that its block names. If a variable occurs twice, os/exec passes on the last.
func (h *Host) environment(names []string) []string {
	var env []string
	for _, variable := range h.environ {
		name, _, _ := strings.Cut(variable, "=")
		named := slices.ContainsFunc(names, func(n string) bool { return plan.SameVariable(n, name) })
		if named || slices.Contains(passedVariables, strings.ToUpper(name)) || strings.HasPrefix(name, "LC_") {
			env = append(env, variable)
		}
	}
	return env
}

// namedVariables returns the variables that a plugin's block names and that are set, as NAME=VALUE.
func (h *Host) namedVariables(names []string) []string {
	var env []string
	for _, name := range names {
		if value, ok := plan.LookupEnv(h.environ, name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// Close drains the plugins, unless ctx is done, and ends their processes.
func (h *Host) Close(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var stopping sync.WaitGroup
	for _, p := range h.plugins {
		stopping.Go(func() {
			<-p.ready
			if err := p.Stop(ctx); err != nil {
				h.log.Warn(err.Error(), "plugin", p.Name)
			}
		})
	}
	stopping.Wait()
	h.plugins = map[string]*Plugin{}
}
