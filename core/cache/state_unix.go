//go:build unix

package cache

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// settled is how long ago a file must have been changed for the clock of any file system to tell the next change apart.
const settled = 2 * time.Second

// stateOf returns what tells the states of a file apart: which file it is, its size, and when its content and its inode were
// last changed; no program can set back the time of the inode. The state is empty if there is no file.
func stateOf(path string) (state string, lasting bool) {
	var s unix.Stat_t
	if unix.Stat(path, &s) != nil {
		return "", false
	}
	changed := time.Unix(s.Ctim.Unix())
	return fmt.Sprint(s.Dev, s.Ino, s.Size, s.Mtim.Nano(), changed.UnixNano()), time.Since(changed) > settled
}

// inUse is false on these systems: a file that somebody reads can be replaced and removed.
func inUse(error) bool { return false }
