package host

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// archiveEndings are the endings of archives that may hold plugins.
var archiveEndings = []string{".tar.gz", ".tgz", ".zip"}

func isArchive(path string) bool {
	return slices.ContainsFunc(archiveEndings, func(ending string) bool { return strings.HasSuffix(path, ending) })
}

// mostUnpacked bounds what an archive may hold, in bytes.
const mostUnpacked = 2 << 30

// unpack unpacks an archive into a folder below another, named by the hash of its content, unless that folder is there. It
// returns the path of the plugin's binary in it: ftprep-plugin-NAME, at the top or in a folder. If name is that of an
// archive, the archive must hold one plugin only.
func unpack(archive, name, below string) (string, error) {
	if below == "" {
		return "", fmt.Errorf("%s is an archive, but there is no folder to unpack it in", archive)
	}
	sum, err := sumOf(archive)
	if err != nil {
		return "", fmt.Errorf("read the archive: %w", err)
	}
	folder := filepath.Join(below, sum)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		if err := unpackInto(archive, folder); err != nil {
			return "", fmt.Errorf("unpack %s: %w", archive, err)
		}
	}
	wanted, binaries := sdk.BinaryPrefix+name, []string{sdk.BinaryPrefix + name, sdk.BinaryPrefix + name + ".exe"}
	if isArchive(name) {
		wanted, binaries = sdk.BinaryPrefix+"NAME", []string{sdk.BinaryPrefix + "*"}
	}
	for _, binary := range binaries {
		for _, pattern := range []string{binary, "*/" + binary} {
			switch found, _ := fs.Glob(os.DirFS(folder), pattern); {
			case len(found) > 1:
				return "", fmt.Errorf("%s holds several plugins: %s; unpack it and name one", archive, strings.Join(found, ", "))
			case len(found) == 1:
				return filepath.Join(folder, filepath.FromSlash(found[0])), nil
			}
		}
	}
	return "", fmt.Errorf("%s holds no %s, at its top level or in a folder", archive, wanted)
}

// unpackInto unpacks an archive into a draft beside the folder and renames that, so that the folder is complete or not
// there.
func unpackInto(archive, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(filepath.Dir(folder), "draft-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(draft)
	if err := unpackAll(archive, draft); err != nil {
		return err
	}
	err = os.Rename(draft, folder)
	if _, statErr := os.Stat(folder); statErr == nil { // it may be there even after an error: another process was faster
		return nil
	}
	return err
}

// unpackAll unpacks an archive into a folder and closes it: Windows does not rename a folder that is open.
func unpackAll(archive, folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	each := eachTar
	if strings.HasSuffix(archive, ".zip") {
		each = eachZip
	}
	left := int64(mostUnpacked)
	return each(archive, func(name string, mode fs.FileMode, content io.Reader) error {
		return unpackFile(root, name, mode, content, &left)
	})
}

// unpackFile writes a file; the root keeps it inside the folder, whatever its name says.
func unpackFile(root *os.Root, name string, mode fs.FileMode, content io.Reader, left *int64) error {
	name = filepath.FromSlash(strings.TrimPrefix(name, "./"))
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600|mode&0o100)
	if err != nil {
		return err
	}
	n, err := io.Copy(file, io.LimitReader(content, *left+1))
	if *left -= n; *left < 0 {
		err = fmt.Errorf("it holds more than %d GiB", mostUnpacked>>30)
	}
	return errors.Join(err, file.Close())
}

type takeFile func(name string, mode fs.FileMode, content io.Reader) error

func eachTar(archive string, take takeFile) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag == tar.TypeReg {
			if err := take(header.Name, header.FileInfo().Mode(), files); err != nil {
				return err
			}
		}
	}
}

func eachZip(archive string, take takeFile) error {
	files, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer files.Close()
	for _, file := range files.File {
		if !file.Mode().IsRegular() {
			continue
		}
		content, err := file.Open()
		if err != nil {
			return err
		}
		if err := errors.Join(take(file.Name, file.Mode(), content), content.Close()); err != nil {
			return err
		}
	}
	return nil
}
