package host

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// archived writes the same files into an archive of each kind.
func archived(t *testing.T, folder string, files map[string]string) []string {
	tarred, zipped := filepath.Join(folder, "a.tar.gz"), filepath.Join(folder, "a.zip")
	out, err := os.Create(tarred)
	require.NoError(t, err)
	compressed := gzip.NewWriter(out)
	writer := tar.NewWriter(compressed)
	for name, content := range files {
		require.NoError(t, writer.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}))
		_, err := writer.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	require.NoError(t, compressed.Close())
	require.NoError(t, out.Close())

	out, err = os.Create(zipped)
	require.NoError(t, err)
	zips := zip.NewWriter(out)
	for name, content := range files {
		header := &zip.FileHeader{Name: name}
		header.SetMode(0o755)
		entry, err := zips.CreateHeader(header)
		require.NoError(t, err)
		_, err = entry.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, zips.Close())
	require.NoError(t, out.Close())
	return []string{tarred, zipped}
}

func TestUnpack(t *testing.T) {
	for _, name := range []string{"ftprep-plugin-x", "./ftprep-plugin-x", "x_1.0/ftprep-plugin-x"} {
		for _, archive := range archived(t, t.TempDir(), map[string]string{name: "binary", "x_1.0/data/file": "data"}) {
			below := filepath.Join(t.TempDir(), "[cache]") // which is no pattern
			path, err := unpack(archive, "x", below)
			require.NoError(t, err)
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, "binary", string(content))
			again, err := unpack(archive, "x", below)
			require.NoError(t, err)
			require.Equal(t, path, again)
			folders, err := os.ReadDir(below)
			require.NoError(t, err)
			require.Len(t, folders, 1)
			_, err = unpack(archive, "y", below)
			require.ErrorContains(t, err, "holds no ftprep-plugin-y")
		}
	}
}

// TestAnArchiveIsAPluginsName: on a command line a plugin has no other name.
func TestAnArchiveIsAPluginsName(t *testing.T) {
	for _, archive := range archived(t, t.TempDir(), map[string]string{"x_1.0/ftprep-plugin-x": "binary", "x_1.0/data": "data"}) {
		path, err := unpack(archive, archive, t.TempDir())
		require.NoError(t, err)
		require.Equal(t, "ftprep-plugin-x", filepath.Base(path))
	}
	for _, archive := range archived(t, t.TempDir(), map[string]string{"ftprep-plugin-x": "one", "ftprep-plugin-y": "another"}) {
		_, err := unpack(archive, archive, t.TempDir())
		require.ErrorContains(t, err, "holds several plugins: ftprep-plugin-x, ftprep-plugin-y; unpack it and name one")
	}
	for _, archive := range archived(t, t.TempDir(), map[string]string{"x": "no plugin"}) {
		_, err := unpack(archive, archive, t.TempDir())
		require.ErrorContains(t, err, "holds no ftprep-plugin-NAME, at its top level or in a folder")
	}
}

// TestUnpackStaysInside: nothing in an archive lands outside its folder, and nothing is left of an archive that tries.
func TestUnpackStaysInside(t *testing.T) {
	for _, name := range []string{"../evil", "a/../../evil", "/evil"} {
		folder := t.TempDir()
		for _, archive := range archived(t, folder, map[string]string{"ftprep-plugin-x": "binary", name: "evil"}) {
			below := filepath.Join(folder, "cache")
			_, err := unpack(archive, "x", below)
			require.Error(t, err, "%s in %s", name, archive)
			left, err := os.ReadDir(below)
			require.NoError(t, err)
			require.Empty(t, left)
			require.NoFileExists(t, filepath.Join(folder, "evil"))
		}
	}
	garbage := filepath.Join(t.TempDir(), "x.zip")
	require.NoError(t, os.WriteFile(garbage, []byte("garbage"), 0o600))
	_, err := unpack(garbage, "x", t.TempDir())
	require.Error(t, err)
}
