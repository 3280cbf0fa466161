package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPathsOnDrives(t *testing.T) {
	locate := newLocator(`D:\pipelines\mine`, []string{`UserProfile=C:\Users\jane`})
	for path, want := range map[string]string{
		"logs/a": `D:\pipelines\mine\logs\a`, `logs\a`: `D:\pipelines\mine\logs\a`, "../out": `D:\pipelines\out`,
		"C:/logs": `C:\logs`, `C:\logs\`: `C:\logs`, "C:": `C:\`, "C:/": `C:\`,
		"/logs": `D:\logs`, `\logs`: `D:\logs`, "//server/share/logs": `\\server\share\logs`,
		"~": `C:\Users\jane`, `~\logs`: `C:\Users\jane\logs`, "~/logs": `C:\Users\jane\logs`, "~logs": `D:\pipelines\mine\~logs`,
	} {
		got, err := locate.absolute(path)
		require.NoError(t, err)
		require.Equal(t, want, got, path)
	}
}
