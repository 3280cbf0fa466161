package whole

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// patience is how long another program may hold a file: virus scanners and indexers look into each new file, and until they
// are done it can be neither renamed nor replaced.
const patience = 2 * time.Second

// rename puts a file in the place of another.
func rename(from, to string) error {
	for deadline, pause := time.Now().Add(patience), time.Millisecond; ; pause *= 2 {
		err := os.Rename(from, to)
		held := errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
		if !held || time.Now().Add(pause).After(deadline) {
			return err
		}
		time.Sleep(pause)
	}
}
