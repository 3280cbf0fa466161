package sdk_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("y", 3<<20)
	tests := []struct {
		name, in string
		want     []string
		ended    bool // the last line
	}{
		{name: "empty"},
		{name: "one", in: "a\n", want: []string{"a"}, ended: true},
		{name: "no end", in: "a\nb", want: []string{"a", "b"}},
		{name: "empty lines", in: "\n\na\n", want: []string{"", "", "a"}, ended: true},
		{name: "carriage returns", in: "a\r\nb\r\n", want: []string{"a", "b"}, ended: true},
		{name: "byte order mark", in: "\ufeffa\n\ufeffb\n", want: []string{"a", "\ufeffb"}, ended: true},
		{name: "a line above the buffer", in: "a\n" + long + "\nb\n", want: []string{"a", long, "b"}, ended: true},
		{name: "zero bytes", in: "\x00\n\x00", want: []string{"\x00", "\x00"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			ended := false
			for line, err := range sdk.Lines(strings.NewReader(test.in)) {
				require.NoError(t, err)
				got = append(got, string(line.Text))
				require.Equal(t, len(got), line.Number)
				ended = line.Ended
			}
			require.Equal(t, test.want, got)
			require.Equal(t, test.ended, ended)
		})
	}
}

// zeros is a file of zero bytes and one line end.
type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(len(p), z.left)
	clear(p[:n])
	if z.left -= n; z.left == 0 && n > 0 {
		p[n-1] = '\n'
	}
	return n, nil
}

func TestALineAboveTheLimitIsPassedOver(t *testing.T) {
	reader := &zeros{left: sdk.MaxLine + 100}
	for line, err := range sdk.Lines(reader) {
		require.ErrorIs(t, err, sdk.ErrLongLine)
		require.Equal(t, 1, line.Number)
		require.Zero(t, reader.left, "the line was read to its end")
		break
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\r\nb\n\nc")
	f.Fuzz(func(t *testing.T, text string) {
		lines := 0
		for line, err := range sdk.Lines(strings.NewReader(text)) {
			require.NoError(t, err)
			require.NotContains(t, string(line.Text), "\n")
			lines++
		}
		want := strings.Count(text, "\n")
		if text != "" && !strings.HasSuffix(text, "\n") {
			want++
		}
		require.Equal(t, want, lines, "no line is lost")
	})
}

func TestListFiles(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"b.md", "a.md", "skip.txt", "sub/c.md", "other/d.md"} {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("xyz"), 0o644))
	}
	require.NoError(t, os.Mkdir(filepath.Join(root, "folder.md"), 0o755))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(root, "broken.md")))
	require.NoError(t, os.Symlink("a.md", filepath.Join(root, "linked.md")))
	require.NoError(t, os.Symlink(".", filepath.Join(root, "loop.md")))
	markdown := func(base string) bool { return strings.HasSuffix(base, ".md") }
	names := func(paths ...string) []string {
		files, err := sdk.ListFiles(paths, markdown)
		require.NoError(t, err)
		var names []string
		for _, file := range files {
			names = append(names, file.Name)
		}
		return names
	}
	require.Equal(t, []string{"a.md", "b.md", "broken.md", "linked.md", "other/d.md", "sub/c.md"}, names(root))
	require.Equal(t, []string{"skip.txt"}, names(filepath.Join(root, "skip.txt")), "a file that is named is listed")
	require.Equal(t, []string{"other/d.md", "sub/c.md"}, names(filepath.Join(root, "sub"), filepath.Join(root, "other")))
	_, err := sdk.ListFiles([]string{filepath.Join(root, "missing")}, markdown)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestFilesOfPathsWithOneNameStayApart(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{
		"p1/journals/notes.md", "p2/journals/notes.md", "q/p1/journals/notes.md", "other/a.md", "z/p1/journals/notes.md",
	} {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, 0o644))
	}
	for name, test := range map[string]struct{ paths, want []string }{
		"two folders": {[]string{"p2/journals", "p1/journals", "other"},
			[]string{"other/a.md", "p1/journals/notes.md", "p2/journals/notes.md"}},
		"some need more": {[]string{"p2/journals", "q/p1/journals", "z/p1/journals"},
			[]string{"p2/journals/notes.md", "q/p1/journals/notes.md", "z/p1/journals/notes.md"}},
		"files by name": {[]string{"p1/journals/notes.md", "z/p1/journals/notes.md", "other/a.md"},
			[]string{filepath.Base(root) + "/p1/journals/notes.md", "a.md", "z/p1/journals/notes.md"}},
		"a folder that others seem to be in": {[]string{"p1/journals", "p2/journals", "z/p1"},
			[]string{filepath.Base(root) + "/p1/journals/notes.md", "p1/journals/notes.md", "p2/journals/notes.md"}},
		"one in the other":         {[]string{"q", "q/p1"}, []string{"p1/journals/notes.md", "q/p1/journals/notes.md"}},
		"one folder twice":         {[]string{"p1/journals", "p1/./journals/"}, []string{"notes.md"}},
		"one folder twice, others": {[]string{"other", "p1", "other"}, []string{"other/a.md", "p1/journals/notes.md"}},
		"one file twice":           {[]string{"other/a.md", "other/a.md"}, []string{"a.md"}},
	} {
		t.Run(name, func(t *testing.T) {
			var paths, got []string
			for _, path := range test.paths {
				paths = append(paths, root+string(filepath.Separator)+filepath.FromSlash(path))
			}
			files, err := sdk.ListFiles(paths, func(string) bool { return true })
			require.NoError(t, err)
			for _, file := range files {
				got = append(got, file.Name)
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestNamesThatAreNoUTF8StayDifferent(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("names are UTF-16 there")
	}
	root := t.TempDir()
	want := []string{"50% é\ufffd.log", "b%F1.log", "b%F2.log", "é%E2%82.log", "\ufffd%F3.log"}
	for _, name := range []string{"50% é\ufffd.log", "b\xf1.log", "b\xf2.log", "é\xe2\x82.log", "\ufffd\xf3.log"} {
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o644); err != nil {
			t.Skipf("this system has no such names: %v", err)
		}
	}
	files, err := sdk.ListFiles([]string{root}, func(string) bool { return true })
	require.NoError(t, err)
	for i, file := range files {
		require.Equal(t, want[i], file.Name)
		require.FileExists(t, file.Path)
	}
}

func TestListUnitsMakesAUnitOfEachFile(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"one/a.log", "two/a.log", "two/b.txt"} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("x"), 0o644))
	}
	paths := []string{filepath.Join(folder, "one"), filepath.Join(folder, "two")}
	units, err := sdk.ListUnits(paths, func(base string) bool { return filepath.Ext(base) == ".log" })
	require.NoError(t, err)
	require.Len(t, units, 2)
	for i, id := range []string{"one/a.log", "two/a.log"} {
		require.Equal(t, id, units[i].ID)
		require.Len(t, units[i].Files, 1)
		require.Equal(t, filepath.Join(folder, filepath.FromSlash(id)), units[i].Files[0].Path)
	}
	_, err = sdk.ListUnits([]string{filepath.Join(folder, "gone")}, func(string) bool { return true })
	require.ErrorIs(t, err, os.ErrNotExist)
}
