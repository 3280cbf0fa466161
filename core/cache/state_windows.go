package cache

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// stateOf returns what tells the states of a file apart within a run: its size and when it was last changed, which a program
// can set back. The state is empty if there is no file.
func stateOf(path string) (state string, lasting bool) {
	info, err := os.Stat(path)
	if err != nil {
		return "", false
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano()), false
}

// inUse reports whether a file could not be replaced or removed because somebody reads it.
func inUse(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
