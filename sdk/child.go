package sdk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// child is the process of a plugin, a runner of go-plugin. It holds the plugin's standard input open without ever
// writing to it, so that the plugin sees its end when the host is gone, and keeps what is needed to explain a death.
type child struct {
	command Command
	cmd     *exec.Cmd
	stdout  *io.PipeReader
	exited  chan struct{} // closed when the process is gone

	mu    sync.Mutex
	said  string   // the first line on standard output
	words []string // the last lines on standard error
}

const maxWords = 20

func newChild(command Command) *child {
	return &child{command: command, exited: make(chan struct{})}
}

// prepare makes the process ready to start.
func (c *child) prepare(env []string) error {
	c.cmd = exec.Command(c.command.Path, c.command.Args...)
	c.cmd.Env = env
	c.cmd.WaitDelay = time.Second // a grandchild that holds a pipe must not hold up the end
	isolate(c.cmd)
	_, err := c.cmd.StdinPipe()
	return err
}

// Start starts the process. Its output is read until its end, whoever listens.
func (c *child) Start(context.Context) error {
	reader, writer := io.Pipe()
	c.stdout = reader
	out, errs := &lineWriter{take: c.hear}, &lineWriter{take: c.note}
	c.cmd.Stdout, c.cmd.Stderr = io.MultiWriter(out, writer), errs
	if err := c.cmd.Start(); err != nil {
		close(c.exited)
		return err
	}
	adopt(c.cmd)
	go func() {
		_ = c.cmd.Wait() // ProcessState says how it ended
		out.flush()
		errs.flush()
		_ = writer.Close()
		close(c.exited)
	}()
	return nil
}

// Wait waits for the end of the process.
func (c *child) Wait(context.Context) error {
	<-c.exited
	return nil
}

// Kill ends the process and what it started.
func (c *child) Kill(context.Context) error {
	if c.ID() != "" {
		killAll(c.cmd)
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
func (c *child) Stderr() io.ReadCloser           { return io.NopCloser(strings.NewReader("")) } // note gets it

func (c *child) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

func (c *child) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// hear keeps the first line on standard output: when it is no handshake, the user has to see it.
func (c *child) hear(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said == "" {
		c.said = line
		return
	}
	c.printed(line)
}

// printed logs what the plugin's code prints to standard output.
func (c *child) printed(line string) {
	c.command.Log.Warn("printed to standard output: "+line, "plugin", c.command.Name)
}

// note logs a line on standard error and keeps the last ones.
func (c *child) note(line string) {
	c.command.Log.Info(line, "plugin", c.command.Name)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.words) == maxWords {
		c.words = c.words[1:]
	}
	c.words = append(c.words, line)
}

// death says how the process ended, or what it did instead of shaking hands.
func (c *child) death(err error) *DeathError {
	c.mu.Lock()
	defer c.mu.Unlock()
	death := &DeathError{Manner: err.Error(), LastWords: strings.Join(c.words, "\n")}
	parts := strings.Split(c.said, "|")
	switch {
	case c.ended() && c.cmd.ProcessState == nil:
		death.Manner = "cannot be started: " + err.Error()
	case c.said != "" && parts[0] != "1":
		death.Manner = fmt.Sprintf("printed %q to standard output, where only a plugin's handshake belongs", c.said)
	case len(parts) > 1 && parts[1] != strconv.Itoa(int(handshake.ProtocolVersion)):
		death.Manner = fmt.Sprintf("speaks version %s of the plugin protocol, and this ftprep version %d: build the plugin "+
			"against the SDK of this ftprep", parts[1], handshake.ProtocolVersion)
	case c.ended():
		death.Manner = manner(c.cmd.ProcessState)
	case c.said == "":
		death.Manner = fmt.Sprintf("did not shake hands within %s", AnswerTime)
	}
	return death
}

func (c *child) ended() bool {
	select {
	case <-c.exited:
		return true
	default:
		return false
	}
}

func manner(state *os.ProcessState) string {
	if signal := killedBy(state); signal != "" {
		return "was killed by signal: " + signal
	}
	return fmt.Sprintf("exited with code %d", state.ExitCode())
}

// awaitExit gives a process whose connection broke the time to be gone.
func (c *child) awaitExit(limit time.Duration) {
	select {
	case <-c.exited:
	case <-time.After(limit):
	}
}

// lineWriter hands over what is written to it line by line; a very long line comes in pieces.
type lineWriter struct {
	take func(string)
	rest []byte
}

const longestLine = 64 << 10

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		if end < 0 {
			break
		}
		w.take(strings.TrimRight(string(w.rest[:end]), "\r"))
		w.rest = w.rest[end+1:]
	}
	if len(w.rest) > longestLine {
		w.flush()
	}
	return len(p), nil
}

func (w *lineWriter) flush() {
	if len(w.rest) > 0 {
		w.take(string(w.rest))
	}
	w.rest = nil
}
