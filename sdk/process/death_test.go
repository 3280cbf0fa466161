package process

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheDeathOfWhatDoesNotShakeHands starts no process: it only needs go-plugin's error for a process that it has
// killed, and what the process printed.
func TestTheDeathOfWhatDoesNotShakeHands(t *testing.T) {
	const form = ` to standard output, where only a plugin's handshake belongs: 1|1|unix|/path/of/the/socket|grpc`
	timeout := errors.New("timeout while waiting for plugin to start")
	for said, c := range map[string]struct {
		err  error
		want string
	}{
		"listening":                 {want: `printed "listening"` + form},
		"1|1|unix|/tmp/x":           {want: `printed "1|1|unix|/tmp/x"` + form},
		"1|1|unix|/tmp/x|netrpc":    {want: `printed "1|1|unix|/tmp/x|netrpc"` + form},
		"1|1||/tmp/x|grpc":          {want: `printed "1|1||/tmp/x|grpc"` + form},
		"1|1|unix||grpc":            {want: `printed "1|1|unix||grpc"` + form},
		"2|1|unix|/tmp/x|grpc":      {want: `printed "2|1|unix|/tmp/x|grpc"` + form},
		"1|1|unix|unix:/tmp/x|grpc": {want: `printed "1|1|unix|unix:/tmp/x|grpc"` + form},
		"1|1|unix|x|grpc":           {want: `printed "1|1|unix|x|grpc"` + form},
		"1|1|tcp|50051|grpc":        {want: `printed "1|1|tcp|50051|grpc"` + strings.Replace(form, "unix|/path/of/the/socket", "tcp|127.0.0.1:PORT", 1)},
		" 1|1|unix|/tmp/x|grpc\r":   {want: "it broke off"},
		"1|2|unix|/tmp/x|grpc":      {want: "speaks version 2 of the plugin protocol, and this ftprep version 1: use a newer ftprep, or an older version of the plugin"},
		"1|0|unix|/tmp/x|grpc":      {want: "speaks version 0 of the plugin protocol, and this ftprep version 1: use a newer version of the plugin, or build it against the SDK of this ftprep"},
		"1|x|unix|/tmp/x|grpc":      {want: `printed "1|x|unix|/tmp/x|grpc"` + form},
		"1|1|unix|/tmp/x|grpc||":    {want: "it broke off"},
		"1|1|tcp|127.0.0.1:80|grpc": {want: "it broke off"},
		"":                          {err: timeout, want: "did not shake hands within 10s"},
		"1|1|unix|/tmp/y|grpc":      {err: timeout, want: `did not shake hands within 10s: what it printed, "1|1|unix|/tmp/y|grpc", has no line end`},
	} {
		child := newChild(mute(t))
		child.hear(said)
		if c.err == nil {
			c.err = errors.New("it broke off")
		}
		require.EqualError(t, child.death(c.err), c.want, said)
	}
}

// TestWhatIsKeptOfWhatAPluginSays: the last lines on standard error, and the first ones on standard output.
func TestWhatIsKeptOfWhatAPluginSays(t *testing.T) {
	child := newChild(mute(t))
	child.hear("1|1|unix|/tmp/x|grpc")
	for i := range maxLastWords + 5 {
		child.note(fmt.Sprint("word ", i))
		child.hear(fmt.Sprint("line ", i))
	}
	words := strings.Split(child.death(errors.New("it broke off")).LastWords, "\n")
	require.Len(t, words, maxLastWords)
	require.Equal(t, "word 5", words[0])
	faults := strings.Split(child.misconduct().Error(), "\n")
	require.Len(t, faults, maxOtherLines)
	require.Equal(t, `it printed "line 0" to standard output, where only a plugin's handshake belongs: print to standard error`, faults[0])
}
