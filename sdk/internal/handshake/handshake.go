// Package handshake holds what host and plugin must agree on before they can speak: how they recognise each other, and
// what go-plugin finds on their connection.
package handshake

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// ProtocolVersion is the version of the protocol between host and plugins.
const ProtocolVersion = 1

// The name and the value of the environment variable by which a plugin knows that a host has started it.
const (
	Cookie      = "FTPREP_PLUGIN"
	CookieValue = "a4f1c7de09"
)

// SocketFolder begins the names of the folders that go-plugin makes for the sockets of plugins.
const SocketFolder = "plugin-dir"

// RemoveSockets removes the folder in which this process was told to put its socket, if go-plugin has made it. A person
// who starts a plugin by hand may name any folder.
func RemoveSockets() {
	if folder := os.Getenv(goplugin.EnvUnixSocketDir); strings.HasPrefix(filepath.Base(folder), SocketFolder) {
		_ = os.RemoveAll(folder)
	}
}

// Config returns how host and plugin recognise each other.
func Config() goplugin.HandshakeConfig {
	return goplugin.HandshakeConfig{ProtocolVersion: ProtocolVersion, MagicCookieKey: Cookie, MagicCookieValue: CookieValue}
}

// Service is the name of the only thing that go-plugin finds on a connection.
const Service = "ftprep"

// Plugins returns what go-plugin finds on a connection. At the plugin's end that is what register puts on the server. At
// the host's end register is nil, and it is the connection, a [*grpc.ClientConn].
func Plugins(register func(*grpc.Server)) goplugin.PluginSet {
	return goplugin.PluginSet{Service: &service{register: register}}
}

type service struct {
	goplugin.NetRPCUnsupportedPlugin
	register func(*grpc.Server)
}

func (s *service) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	s.register(server)
	return nil
}

func (s *service) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	if conn == nil {
		return nil, errors.New("no connection")
	}
	return conn, nil
}
