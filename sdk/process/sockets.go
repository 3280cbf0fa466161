package process

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/ftprep/ftprep/sdk/internal/handshake"
)

// longestSocket is how long the path of a socket may be on every system, in bytes: macOS allows fewer than Linux.
const longestSocket = 103

// SocketFolder is where plugins' sockets are, each in a folder of its own: the folder of temporary files, unless that is so long
// that no socket could be in it.
func SocketFolder() string {
	folder := os.TempDir()
	longest := filepath.Join(folder, handshake.SocketFolder+"1234567890", "plugin1234567890") // as go-plugin calls them
	if runtime.GOOS == "windows" || len(longest) <= longestSocket {
		return folder
	}
	return "/tmp"
}

// RemoveSockets removes the folder in which this process was told to put its socket, for who stands in a plugin's place.
func RemoveSockets() { handshake.RemoveSockets() }
