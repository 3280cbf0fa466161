package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// child is the process of a plugin, a runner of go-plugin. It holds the plugin's standard input open without ever
// writing to it, so that the plugin sees its end when the host is gone, and keeps what is needed to explain a death.
type child struct {
	command Command
	cmd     *exec.Cmd
	sockets string // the folder for the plugin's socket, which go-plugin removes when the process has run
	stdin   io.Closer
	stdout  *io.PipeReader
	exited  chan struct{} // closed when the process is gone
	secrets secrets.Words

	alive context.Context // ended by kill: before, during or after the start
	kill  context.CancelFunc

	mu      sync.Mutex
	said    string   // the first line on standard output
	noise   []string // the first of the others
	words   []string // the last lines on standard error
	verdict string   // the limit for which the process was ended
}

// How many lines are kept.
const (
	maxWords = 20
	maxNoise = 3
)

func newChild(command Command) *child {
	alive, kill := context.WithCancel(context.Background())
	return &child{command: command, exited: make(chan struct{}), alive: alive, kill: kill}
}

// prepare makes the process ready to start.
func (c *child) prepare(env []string, sockets string) error {
	c.sockets = sockets
	cmd := exec.CommandContext(c.alive, c.command.Path, c.command.Args...)
	cmd.Cancel = func() error {
		killAll(cmd)
		return nil
	}
	cmd.Env = env
	cmd.WaitDelay = time.Second // a grandchild that holds a pipe must not hold up the end
	isolate(cmd)
	c.cmd = cmd
	var err error
	c.stdin, err = cmd.StdinPipe()
	return err
}

// Start starts the process. Its output is read until its end, whoever listens.
func (c *child) Start(context.Context) error {
	reader, writer := io.Pipe()
	c.stdout = reader
	out, errs := &lineWriter{take: c.hear}, &lineWriter{take: c.note}
	c.cmd.Stdout, c.cmd.Stderr = io.MultiWriter(out, &firstLine{to: writer}), errs
	return c.launch(func() {
		out.flush()
		errs.flush()
		_ = writer.Close()
	})
}

// launch starts the process with the output that it has been given; at its end something is done.
func (c *child) launch(atEnd func()) error {
	if err := c.cmd.Start(); err != nil {
		_ = os.RemoveAll(c.sockets)
		close(c.exited)
		return err
	}
	adopt(c.cmd)
	go func() {
		_ = c.cmd.Wait() // ProcessState says how it ended
		atEnd()
		close(c.exited)
	}()
	go c.limit()
	return nil
}

// firstLine passes on the first line only, which is the handshake: nobody reads what comes after it, and a plugin that
// prints must not wait for that.
type firstLine struct {
	to     io.Writer
	passed int
	done   bool
}

const longestHandshake = 4 << 10

func (f *firstLine) Write(p []byte) (int, error) {
	if f.done {
		return len(p), nil
	}
	line := p
	if end := bytes.IndexByte(p, '\n'); end >= 0 {
		line, f.done = p[:end+1], true
	}
	_, err := f.to.Write(line)
	f.passed += len(line)
	if err != nil || f.passed > longestHandshake { // the host has stopped listening, or will
		f.done = true
	}
	return len(p), nil
}

// Wait waits for the end of the process.
func (c *child) Wait(context.Context) error {
	<-c.exited
	return nil
}

// Kill ends the process and what it started, even when the process itself is gone; one that has not started yet never
// will. During the start only kill may be called.
func (c *child) Kill(context.Context) error {
	c.kill()
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
	first := c.said == ""
	if first {
		c.said = line
	}
	c.mu.Unlock()
	if !first {
		c.printed(line)
	}
}

// printed logs what the plugin's code prints to standard output.
func (c *child) printed(line string) {
	line = c.secrets.Hide(line)
	c.command.Log.Warn("printed to standard output: "+line, "plugin", c.command.Name)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.noise) < maxNoise {
		c.noise = append(c.noise, line)
	}
}

// note logs a line on standard error and keeps the last ones.
func (c *child) note(line string) {
	entry := parseLogLine(line)
	entry.conceal(&c.secrets)
	entry.log(c.command.Log, c.command.Name)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.words) == maxWords {
		c.words = c.words[1:]
	}
	c.words = append(c.words, entry.String())
}

// misconduct is what a process that has ended did wrong, joined: it printed to standard output, or had to be killed.
func (c *child) misconduct() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var faults []error
	for _, line := range c.noise {
		faults = append(faults, fmt.Errorf("it printed %q to standard output, where only a plugin's handshake belongs: print to standard error", line))
	}
	if c.ended() && c.cmd.ProcessState != nil && killedBy(c.cmd.ProcessState) != "" {
		faults = append(faults, errors.New("it did not end after it had been asked to, and was killed"))
	}
	return errors.Join(faults...)
}

// death says how the process ended, or what it did instead of shaking hands.
func (c *child) death(err error) *DeathError {
	c.mu.Lock()
	defer c.mu.Unlock()
	death := &DeathError{Manner: c.secrets.Hide(err.Error()), LastWords: strings.Join(c.words, "\n")}
	parts := strings.Split(c.said, "|")
	switch {
	case c.verdict != "":
		death.Manner = c.verdict
	case strings.Contains(err.Error(), "timeout while waiting for plugin to start"): // go-plugin has killed it
		death.Manner = fmt.Sprintf("did not shake hands within %s", sdk.AnswerTime)
		if c.said != "" {
			death.Manner += fmt.Sprintf(": what it printed, %q, has no line end", c.said)
		}
	case c.ended() && c.cmd.ProcessState == nil:
		death.Manner = "cannot be started: " + err.Error()
	case len(parts) > 1 && parts[0] == "1" && parts[1] != strconv.Itoa(ProtocolVersion):
		death.Manner = otherVersion(parts[1])
	case c.said != "" && !shakesHands(parts):
		death.Manner = fmt.Sprintf("printed %q to standard output, where only a plugin's handshake belongs: 1|%d|unix|/path/of/the/socket|grpc", c.said, ProtocolVersion)
	case c.ended():
		death.Manner = manner(c.cmd.ProcessState)
	}
	return death
}

// shakesHands reports whether the parts of a line are those of a handshake. Plugins made with go-plugin add some more.
func shakesHands(parts []string) bool {
	return len(parts) >= 5 && parts[0] == "1" && (parts[2] == "unix" || parts[2] == "tcp") && parts[3] != "" && parts[4] == "grpc"
}

// otherVersion says who has to be renewed.
func otherVersion(theirs string) string {
	text := fmt.Sprintf("speaks version %s of the plugin protocol, and this ftprep version %d: ", theirs, ProtocolVersion)
	if n, err := strconv.Atoi(theirs); err == nil && n > ProtocolVersion {
		return text + "use a newer ftprep, or an older version of the plugin"
	}
	return text + "use a newer version of the plugin, or build it against the SDK of this ftprep"
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
