package sdk

import (
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSocketsHaveRoom(t *testing.T) {
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "socket"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	client, err := net.Dial("unix", listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	server, err := listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	before := sendBuffer(t, client)

	_, _, err = newLocal().Clone().ClientHandshake(t.Context(), "plugin", client)
	require.NoError(t, err)
	_, _, err = newLocal().Clone().ServerHandshake(server)
	require.NoError(t, err)

	require.Greater(t, sendBuffer(t, client), before)
	require.Greater(t, sendBuffer(t, server), before)
}

// sendBuffer returns the size of the buffer in which a socket keeps what it sends.
func sendBuffer(t *testing.T, conn net.Conn) (size int) {
	t.Helper()
	raw, err := conn.(syscall.Conn).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(descriptor uintptr) {
		size, err = syscall.GetsockoptInt(int(descriptor), syscall.SOL_SOCKET, syscall.SO_SNDBUF)
	}))
	require.NoError(t, err)
	return size
}
