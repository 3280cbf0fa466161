package process

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/ftprep/ftprep/sdk"
)

// A DeathError says how a plugin's process ended, or what it did instead of what it should.
type DeathError struct {
	Manner    string // such as "exited with code 3"
	LastWords string // the last lines on its standard error; may be empty
}

func (e *DeathError) Error() string {
	if e.LastWords == "" {
		return e.Manner
	}
	return fmt.Sprintf("%s; its last words:\n  %s", e.Manner, strings.ReplaceAll(e.LastWords, "\n", "\n  "))
}

// misconduct returns what a process that has ended did wrong, joined: it printed to standard output, or it had to be
// killed.
func (c *child) misconduct() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var faults []error
	for _, line := range c.otherLines {
		faults = append(faults, fmt.Errorf("it printed %q to standard output, where only a plugin's handshake belongs: print to standard error", line))
	}
	if c.ended() && c.cmd.ProcessState != nil && killedBy(c.cmd.ProcessState) != "" {
		faults = append(faults, errors.New("it did not end after it had been asked to, and was killed"))
	}
	return errors.Join(faults...)
}

// crashCode is the exit code of a Go program that has crashed.
const crashCode = 2

// death returns how the process ended, or what it did instead of shaking hands.
func (c *child) death(err error) *DeathError {
	c.mu.Lock()
	defer c.mu.Unlock()
	death := &DeathError{Manner: c.secrets.Hide(err.Error()), LastWords: strings.Join(c.lastWords, "\n")}
	parts := handshakeParts(c.firstLine)
	switch {
	case c.endReason != "":
		death.Manner = c.endReason
	case strings.Contains(err.Error(), "timeout while waiting for plugin to start"): // go-plugin's error after it has killed the process
		death.Manner = fmt.Sprintf("did not shake hands within %s", sdk.AnswerTime)
		if c.firstLine != "" {
			death.Manner += fmt.Sprintf(": what it printed, %q, has no line end", c.firstLine)
		}
	case c.ended() && c.cmd.ProcessState == nil:
		death.Manner = "cannot be started: " + err.Error()
	case otherVersion(parts) != "":
		death.Manner = otherVersion(parts)
	case c.firstLine != "" && !shakesHands(parts):
		address := "unix|/path/of/the/socket"
		if len(parts) > 2 && parts[2] == "tcp" {
			address = "tcp|127.0.0.1:PORT"
		}
		death.Manner = fmt.Sprintf("printed %q to standard output, where only a plugin's handshake belongs: 1|%d|%s|grpc", c.firstLine, ProtocolVersion, address)
	case c.ended():
		death.Manner = manner(c.cmd.ProcessState)
		if len(c.crash.lines) > 0 && c.cmd.ProcessState.ExitCode() == crashCode {
			death.LastWords = strings.Join(c.crash.lines, "\n")
		}
		if c.firstLine == "" {
			death.Manner += " before its handshake"
		}
	}
	return death
}

// checkHandshake returns an error if go-plugin has accepted an address that nobody can dial, such as unix:/path or the
// bare number of a port.
func (c *child) checkHandshake() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !shakesHands(handshakeParts(c.firstLine)) {
		return errors.New("its handshake is not valid")
	}
	return nil
}

func handshakeParts(line string) []string { return strings.Split(strings.TrimSpace(line), "|") }

// shakesHands reports whether the parts of a line are a handshake. Plugins made with go-plugin add more parts.
func shakesHands(parts []string) bool {
	return len(parts) >= 5 && parts[0] == "1" && parts[1] == strconv.Itoa(ProtocolVersion) && isAddress(parts[2], parts[3]) && parts[4] == "grpc"
}

func isAddress(network, address string) bool {
	switch network {
	case "unix":
		return filepath.IsAbs(address) || strings.HasPrefix(address, "/") // Windows accepts such a path, too
	case "tcp":
		_, _, err := net.SplitHostPort(address)
		return err == nil
	}
	return false
}

// otherVersion returns who must be updated if a handshake names another version of the protocol, and "" otherwise.
func otherVersion(parts []string) string {
	if len(parts) < 2 || parts[0] != "1" {
		return ""
	}
	theirs, err := strconv.Atoi(parts[1])
	if err != nil || theirs == ProtocolVersion {
		return ""
	}
	text := fmt.Sprintf("speaks version %d of the plugin protocol, and this ftprep version %d: ", theirs, ProtocolVersion)
	if theirs > ProtocolVersion {
		return text + "use a newer ftprep, or an older version of the plugin"
	}
	return text + "use a newer version of the plugin, or build it against the SDK of this ftprep"
}

func manner(state *os.ProcessState) string {
	if signal := killedBy(state); signal != "" {
		text := "was killed by signal: " + signal
		if signal == syscall.SIGKILL.String() {
			text += ", as the system does when memory runs out"
		}
		return text
	}
	return fmt.Sprintf("exited with code %d", state.ExitCode())
}
