package sdk

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"google.golang.org/grpc"
)

// serveArgument is the first argument of a plugin that is run by hand, such as in a debugger, and is to wait for a host
// to attach.
const serveArgument = "serve"

// byHand runs a plugin that no host has started: it prints what the plugin is, or serves it at an address.
func byHand(plugin Plugin, args []string) error {
	if len(args) == 0 || args[0] != serveArgument {
		fmt.Print(usage(plugin))
		return nil
	}
	address := ""
	if len(args) > 1 {
		address = args[1]
	}
	listener, clean, err := listen(address)
	if err != nil {
		return fmt.Errorf("serve by hand: %w", err)
	}
	defer clean()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := grpc.NewServer(ServerOptions()...)
	Register(server, plugin)
	context.AfterFunc(ctx, server.Stop)
	fmt.Printf("FTPREP_REATTACH=%s=%s\n", plugin.Name, dialed(listener.Addr()))
	fmt.Fprintf(os.Stderr, "%s is waiting for an ftprep that runs with this in its environment; press Ctrl-C to end it\n", plugin.Name)
	if err := server.Serve(listener); ctx.Err() == nil { // after Stop, Serve may return an error
		return err
	}
	return nil
}

// listen listens at an address such as "127.0.0.1:1234" or "unix:/path/of/socket". Without one it listens at a socket in
// a new folder, where only this user can connect, or on Windows at any free port. The returned function removes what
// listen has made.
func listen(address string) (net.Listener, func(), error) {
	if address == "" && runtime.GOOS == "windows" {
		address = "127.0.0.1:0"
	}
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		listener, err := net.Listen("unix", path)
		return listener, func() {}, err
	}
	if address != "" {
		listener, err := net.Listen("tcp", address)
		return listener, func() {}, err
	}
	folder, err := os.MkdirTemp("", "ftprep-plugin-")
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("unix", filepath.Join(folder, "socket"))
	return listener, func() { _ = os.RemoveAll(folder) }, err
}

// dialed returns an address in the form in which a host dials it.
func dialed(address net.Addr) string {
	if address.Network() == "unix" {
		return "unix:" + address.String()
	}
	return address.String()
}

func usage(plugin Plugin) string {
	text := fmt.Sprintf(BinaryPrefix+"%s %s: %s\n\nThis is a plugin of ftprep. To use it, name it in a pipeline:\n\n"+
		"  plugin %q { path = %q }\n\nIt offers:\n", plugin.Name, plugin.Version, plugin.Doc, plugin.Name, os.Args[0])
	for _, step := range plugin.Steps {
		text += fmt.Sprintf("  %-7s %-15s %s\n", step.Kind, step.Type, step.Doc)
	}
	return text + fmt.Sprintf("\nTo list their options: ftprep plugin describe %[1]s\nTo test the plugin: ftprep plugin test %[1]s\n"+
		"To debug the plugin, start it with the argument %[2]s; it prints how ftprep finds it.\n", os.Args[0], serveArgument)
}
