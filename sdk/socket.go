package sdk

import (
	"context"
	"net"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// socketBytes is how much written but unread data a socket may hold, in bytes: a few frames. By default systems allow
// less than one frame; then the writer sleeps halfway through until the other end has read, and waking up takes time.
const socketBytes = 1 << 20

// local is the credentials between host and plugin: there are none. Nobody else can reach their socket, except on
// Windows, where it is a port of the machine to which other users can connect. It also enlarges the buffers of sockets,
// because gRPC shows new connections of both ends to the credentials only.
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

// enlarge enlarges the buffers of a socket. If the system does not allow that, the connection is slower but works.
func enlarge(conn net.Conn) {
	if socket, ok := conn.(interface {
		SetReadBuffer(bytes int) error
		SetWriteBuffer(bytes int) error
	}); ok {
		_ = socket.SetReadBuffer(socketBytes)
		_ = socket.SetWriteBuffer(socketBytes)
	}
}
