package process

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSocketsGoWhereTheirPathsFit(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no sockets with paths")
	}
	usual := "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T"
	t.Setenv("TMPDIR", usual)
	require.Equal(t, usual, SocketFolder())
	t.Setenv("TMPDIR", usual+strings.Repeat("x", 20))
	require.Equal(t, "/tmp", SocketFolder())
}
