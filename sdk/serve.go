package sdk

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/ftprep/ftprep/sdk/garbage"
	"github.com/ftprep/ftprep/sdk/internal/handshake"
)

// Serve serves a plugin to the host that started this process, and exits when the host ends it or dies. Run by hand,
// the binary says what it is or, with the argument serve, waits for a host to attach, as in a debugger. A mistake in the
// plugin's description is printed and ends the process with code 2.
//
// Serve bounds the garbage of the process, unless GOGC or GOMEMLIMIT is set. Steps are not closed: at the end the process exits.
//
// What the plugin's code prints after Serve goes to the host's log, and so does log/slog, whose default logger Serve sets: from
// information up.
func Serve(plugin Plugin) {
	if err := plugin.Validate(); err != nil {
		fmt.Fprintf(os.Stderr, "plugin %q describes itself wrongly:\n%v\n", plugin.Name, err)
		os.Exit(2)
	}
	if os.Getenv(handshake.Cookie) != handshake.CookieValue {
		if err := byHand(plugin, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil))) // the host reads the level of each line
	garbage.Bound()
	go exitWithHost()
	// go-plugin takes both streams away and sends on what is printed over the wire, so that a process's last words are
	// lost with it. They are given back as soon as the host has made contact: it reads them to the end.
	stdout, stderr := os.Stdout, os.Stderr
	giveBack := sync.OnceFunc(func() { os.Stdout, os.Stderr = stdout, stderr })
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: handshake.Config(),
		Plugins:         handshake.Plugins(func(server *grpc.Server) { register(server, plugin, giveBack) }),
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options, ServerOptions()...)...)
		},
		Logger: hclog.NewNullLogger(),
	})
}

// exitWithHost ends the process when the host is gone, however it went: the host holds the other end of standard input
// and never writes to it. The folder of the socket, which the host can no longer remove, goes too.
func exitWithHost() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	handshake.RemoveSockets()
	os.Exit(1)
}
