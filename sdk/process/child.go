package process

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// child is the process of a plugin. It implements go-plugin's runner. It holds the plugin's standard input open without
// ever writing to it, so that the plugin sees its end when the host is gone, and it keeps what is needed to explain a
// death.
type child struct {
	command Command
	cmd     *exec.Cmd
	group   *group
	sockets string // the folder for the plugin's socket; go-plugin removes it once the process has run
	stdin   io.Closer
	stdout  *io.PipeReader
	exited  chan struct{} // closed when the process is gone
	secrets secrets.Words

	alive context.Context // cancelled by kill, which may happen before, during or after the start
	kill  context.CancelFunc

	mu         sync.Mutex
	firstLine  string   // the first line on standard output
	otherLines []string // the first of the other lines on standard output
	lastWords  []string // the last lines on standard error
	crash      crash
	endReason  string // why the host ended the process: the limit that it exceeded
}

func newChild(command Command) *child {
	command.End, command.Log = cmp.Or(command.End, EndTime), cmp.Or(command.Log, slog.New(slog.DiscardHandler))
	alive, kill := context.WithCancel(context.Background())
	return &child{command: command, exited: make(chan struct{}), alive: alive, kill: kill}
}

// prepare makes the process ready to be started.
func (c *child) prepare(env []string, sockets string) error {
	c.sockets = sockets
	cmd := exec.CommandContext(c.alive, c.command.Path, c.command.Args...)
	cmd.Cancel = func() error {
		c.group.kill()
		return nil
	}
	cmd.Env = env
	cmd.WaitDelay = time.Second // a grandchild that holds a pipe must not delay the end
	c.cmd, c.group = cmd, isolate(cmd)
	var err error
	c.stdin, err = cmd.StdinPipe()
	return err
}

// Start starts the process. Its output is read to the end, whether anybody listens or not.
func (c *child) Start(context.Context) error {
	reader, writer := io.Pipe()
	c.stdout = reader
	out, errs := &lineWriter{take: c.hear}, &lineWriter{take: c.note}
	c.cmd.Stdout, c.cmd.Stderr = io.MultiWriter(out, &firstLineWriter{to: writer}), errs
	return c.launch(func() {
		out.flush()
		errs.flush()
		_ = writer.Close()
	})
}

// launch starts the process and calls atEnd when it has ended.
func (c *child) launch(atEnd func()) error {
	if err := c.cmd.Start(); err != nil {
		_ = os.RemoveAll(c.sockets)
		close(c.exited)
		return err
	}
	c.group.adopt()
	go func() {
		_ = c.cmd.Wait() // ProcessState says how it ended
		atEnd()
		close(c.exited)
	}()
	go c.limit()
	return nil
}

// Wait waits for the end of the process.
func (c *child) Wait(context.Context) error {
	<-c.exited
	return nil
}

// Kill ends the process and what it has started, even if the process itself is gone. A process that has not been started
// yet never will be. During the start only kill may be called.
func (c *child) Kill(context.Context) error {
	c.kill()
	if c.ID() != "" {
		c.group.kill()
	}
	return nil
}

func (c *child) ID() string {
	if c.cmd == nil || c.cmd.Process == nil {
		return ""
	}
	return strconv.Itoa(c.cmd.Process.Pid)
}

func (c *child) Name() string                    { return c.command.Path }
func (c *child) Diagnose(context.Context) string { return "" }
func (c *child) Stdout() io.ReadCloser           { return c.stdout }
func (c *child) Stderr() io.ReadCloser           { return io.NopCloser(strings.NewReader("")) } // note gets it instead

func (c *child) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

func (c *child) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

func (c *child) ended() bool {
	select {
	case <-c.exited:
		return true
	default:
		return false
	}
}

// awaitExit waits until the process is gone, at most for a limit.
func (c *child) awaitExit(limit time.Duration) {
	select {
	case <-c.exited:
	case <-time.After(limit):
	}
}
