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

// Serve serves a plugin to the host that has started this process, until the host ends the process or dies. If the binary
// was run by hand, Serve prints what the plugin offers and returns; with the argument serve, as for a debugger, it waits
// for a host to attach. If [Plugin.Validate] finds a mistake, Serve prints it and exits with code 2.
//
// Serve tunes the garbage collector for the work of a plugin, unless GOGC or GOMEMLIMIT is set. Steps are not closed: at
// the end the process just exits.
//
// Once Serve runs, everything that the plugin's code prints goes to the host's log. So does what it logs with log/slog,
// whose default logger Serve sets, at the level Info and above.
func Serve(plugin Plugin) {
	if err := plugin.Validate(); err != nil {
		fmt.Fprintf(os.Stderr, "the description of plugin %q is invalid:\n%v\n", plugin.Name, err)
		os.Exit(2)
	}
	if os.Getenv(handshake.Cookie) != handshake.CookieValue {
		if err := byHand(plugin, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil))) // from JSON the host learns the level of each line
	garbage.Bound()
	go exitWithHost()
	// go-plugin replaces both streams and sends what is printed over the wire, so the last words of a dying process would
	// be lost. They are put back as soon as the host has made contact: it reads the process's own streams to their end.
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

// exitWithHost ends the process when the host is gone, however it ended: the host holds the other end of standard input
// and never writes to it. It also removes the folder of the socket, which the host can no longer remove.
func exitWithHost() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	handshake.RemoveSockets()
	os.Exit(1)
}
