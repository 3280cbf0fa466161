package process

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/ftprep/ftprep/sdk/internal/handshake"
)

// longestSocket is how long the path of a socket may be on every system, in bytes. macOS allows fewer than Linux.
const longestSocket = 103

// SocketFolder returns the folder in which plugins' sockets are, each in a folder of its own. It is the folder for
// temporary files, unless its path is so long that the path of a socket below it would be too long.
func SocketFolder() string {
	folder := os.TempDir()
	longest := filepath.Join(folder, handshake.SocketFolder+"1234567890", "plugin1234567890") // as go-plugin calls them
	if runtime.GOOS == "windows" || len(longest) <= longestSocket {
		return folder
	}
	return "/tmp"
}

// RemoveSockets removes the folder in which this process was told to put its socket. It is for a process that takes the
// place of a plugin.
func RemoveSockets() { handshake.RemoveSockets() }
