package host

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

// Find finds the binary of a plugin that is not built in, or the archive that holds it.
func Find(plugin plan.Plugin) (string, error) {
	if plugin.Path != "" {
		path, err := findFile(plugin.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("its binary was not found: %s does not exist; build it, or give another path in the plugin block", plugin.Path)
		case err != nil:
			return "", fmt.Errorf("its path cannot be used: %w; give another path in the plugin block", err)
		}
		return path, nil
	}
	name := cmp.Or(plugin.Command, sdk.BinaryPrefix+plugin.Name)
	path, err := exec.LookPath(name)
	if err != nil {
		if there := onPath(name); there != "" && !errors.Is(err, exec.ErrDot) {
			return "", fmt.Errorf("%s cannot be executed: chmod +x it, or give another path in the plugin block", there)
		}
		return "", fmt.Errorf("not found: there is no %s on $PATH; give its path in the plugin block", name)
	}
	return filepath.Abs(path)
}

// findFile finds the file at a path. A pipeline may leave out the ending that programs have on Windows, so that it can be
// the same on every system.
func findFile(path string) (string, error) {
	if runtime.GOOS == "windows" && !isArchive(path) {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder", path)
	case runtime.GOOS == "windows" && filepath.Ext(path) == "":
		return "", fmt.Errorf("%s has no file extension, so Windows cannot start it: rename it to %[1]s.exe", path)
	}
	return path, nil
}

// onPath finds a file on $PATH that need not be executable. On Windows, where permissions do not decide that, it finds
// none.
func onPath(name string) string {
	if runtime.GOOS == "windows" {
		return ""
	}
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		path := filepath.Join(folder, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}
