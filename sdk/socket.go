package sdk

import (
	"context"
	"net"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// socketBytes is how much a socket may hold of what was written and not read yet: a few frames. Systems give it less than
// one, so that whoever writes a frame falls asleep halfway until the other end has read, and to be woken takes time.
const socketBytes = 1 << 20

// local are the credentials between host and plugin: there are none. Nobody else can reach their socket, but on Windows, where
// it is a port of this machine, to which its other users can connect. gRPC hands every new connection to the credentials, at
// both ends, and to nobody else: so the socket gets its buffers here.
type local struct {
	credentials.TransportCredentials
}

func newLocal() credentials.TransportCredentials { return local{insecure.NewCredentials()} }

func (l local) ClientHandshake(ctx context.Context, authority string, conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	enlarge(conn)
	return l.TransportCredentials.ClientHandshake(ctx, authority, conn)
}

func (l local) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	enlarge(conn)
	return l.TransportCredentials.ServerHandshake(conn)
}

// Clone implements [credentials.TransportCredentials].
func (l local) Clone() credentials.TransportCredentials {
	return local{l.TransportCredentials.Clone()}
}

// enlarge gives a socket its buffers. A system that allows less makes it slower, not wrong.
func enlarge(conn net.Conn) {
	if socket, ok := conn.(interface {
		SetReadBuffer(bytes int) error
		SetWriteBuffer(bytes int) error
	}); ok {
		_ = socket.SetReadBuffer(socketBytes)
		_ = socket.SetWriteBuffer(socketBytes)
	}
}
