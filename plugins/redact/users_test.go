package redact

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// redactedTexts redacts an example of a call with these arguments and results with these texts. It returns the arguments,
// then the texts.
func redactedTexts(t *testing.T, options string, arguments string, texts ...string) []string {
	t.Helper()
	r, err := Open(options)
	require.NoError(t, err)
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleAssistant, Calls: []sdk.Call{{Tool: "x", Arguments: []byte(arguments)}}}}}
	for _, text := range texts {
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleTool, Text: text})
	}
	_, err = r.Apply(t.Context(), e)
	require.NoError(t, err)
	redacted := []string{string(e.Messages[0].Calls[0].Arguments)}
	for _, m := range e.Messages[1:] {
		redacted = append(redacted, m.Text)
	}
	return redacted
}

// A user whose home folder an example names is hidden wherever something in the example says that a user is meant.
func TestUsersAreHiddenWhereTheyAreSaid(t *testing.T) {
	text := "drwxr-xr-x  2 annalena annalena 4096 Jan  1 10:00 src\n-rw-r--r--@ 1 annalena staff 12 Jan 1 x\nssh annalena@host, ssh annalena@10.0.0.7\n" +
		`{"login": "annalena", "Owner":"annalena"} {\"user\":\"annalena\"}` + "\n/tmp/claude-annalena/x ~annalena/y https://github.com/annalena/z git@github.com:annalena/z\n" +
		"annalena   1234  0.0  0.1 bash\nannalena pts/0\nannalena:x:1000:1000::\nchown -R annalena:annalena x; sudo -u annalena ls\nuser=annalena\n"
	redacted := redactedTexts(t, "{}", `{"username":"annalena","q":"annalena"}`, text, "cd /home/annalena/src")
	require.NotContains(t, redacted[1], "annalena")
	require.Contains(t, redacted[1], "drwxr-xr-x  2 user user 4096")
	require.Equal(t, `{"username":"user","q":"annalena"}`, redacted[0])
	// What may be a word, a longer name or a package is no user.
	other := "oracle is a database, /u01/oracle/x, oracle-xe@host, oracle@19.3.0, @oracle/x, github.com/oracles, \"user\": \"oracle.db\", the-oracle@host, /tmp/oracle status, ----------\n 1 oracle"
	require.Equal(t, other, redactedTexts(t, "{}", `{}`, other, "cd /home/oracle/src")[1])
}

func TestUsersAreHiddenInWhatNamesThem(t *testing.T) {
	for _, text := range []string{
		"smb://erikh@nas", "postgresql://erikh:postgres@db/x", "postgresql://erikh:q8Zr2LmX5vT0@db/x", "GRANT ALL TO 'erikh'@'%'",
		"mysql -u erikh -p", "mysql -h nas -uerikh -p", "mysql -u 'erikh' x", "mysqldump --single-transaction -u erikh x", "crontab -u erikh -l", "psql -U erikh", "curl -u erikh: x",
		"/var/mail/erikh", "/var/spool/mail/erikh:", "/run/user/erikh/x", "/var/spool/cron/erikh", "/var/spool/cron/crontabs/erikh", "/run/media/erikh/disk",
		"sudo: erikh : TTY=pts/0 ; PWD=/x", "sudo[12]:    erikh : user NOT in sudoers ; TTY=pts/0", "docker.io/erikh/bot", "ghcr.io/erikh/bot:1", "hub.docker.com/r/erikh/bot",
	} {
		require.NotContains(t, redactedTexts(t, "{}", `{}`, text, "cd /home/erikh/src")[1], "erikh", text)
	}
	other := "sort -u oracle; http://oracle:8080/@x, x/oracle@host, oracle : a database, /var/lib/mail/oracle, docker-io/oracle, /mysql -u x oracle, mysql -uoracle.x"
	require.Equal(t, other, redactedTexts(t, "{}", `{}`, other, "cd /home/oracle/src")[1])
}

// A first and a last name say by themselves whose they are; what may be the name of a file or a host does not.
func TestFullNamesAreHiddenEverywhere(t *testing.T) {
	for user, hidden := range map[string]bool{"jane.doe": true, "anna.lena": true, "Jo.Kim": true, "index.php": false, "page.html": false, "acme.com": false, "jane.d": false, "jane.li": false} {
		want := user + " said hi"
		if hidden {
			want = "user said hi"
		}
		require.Equal(t, want, redactedTexts(t, "{}", `{}`, user+" said hi", "cd /Users/"+user+"/dev")[1])
	}
}

// Programs that print columns cut a long name short, and mark that with a plus.
func TestUsersAreHiddenWhereTheyAreCutShort(t *testing.T) {
	text := "anna.l+   1234  0.0  0.1 bash\n  77 anna.le+  20   0 1234 top\ndrwxr-xr-x  2 anna.l+ anna.l+ 4096 Jan  1 10:00 src"
	require.Equal(t, "user   1234  0.0  0.1 bash\n  77 user  20   0 1234 top\ndrwxr-xr-x  2 user user 4096 Jan  1 10:00 src",
		redactedTexts(t, "{}", `{}`, text, "cd /home/anna.lena/src")[1])
	other := "anna+   1234  0.0  0.1\nanna.m+   1234  0.0  0.1\nanna.l+b 1234 0.0\nwe say anna.l+ 12 13"
	require.Equal(t, other, redactedTexts(t, "{}", `{}`, other, "cd /home/anna.lena/src")[1])
}

// The flat names of folders part a user's name at its signs; the ordinary spelling elsewhere tells what belongs to it.
func TestUsersWithSignsAreHiddenWhole(t *testing.T) {
	for _, user := range []string{"anna.lena", "anna-lena", "anna_lena", "test.lena"} {
		for _, texts := range [][]string{
			{"cd /home/" + user + "/proj", "ls ~/.claude/projects/-home-anna-lena-proj C--Users-anna-lena-x"},
			{"ls ~/.claude/projects/-home-anna-lena-proj C--Users-anna-lena-x", "cd /home/" + user + "/proj"},
		} {
			if user == "test.lena" {
				for i := range texts {
					texts[i] = strings.ReplaceAll(texts[i], "anna-lena", "test-lena")
				}
			}
			for _, options := range []string{"{}", `{"scope": "run", "key": "of my own"}`} {
				for _, text := range redactedTexts(t, options, `{}`, texts...) {
					require.NotContains(t, text, "lena", user)
				}
			}
		}
	}
	require.Equal(t, "-home-user-lenard-x", redactedTexts(t, "{}", `{}`, "-home-anna-lenard-x", "cd /home/anna.lena/x")[1], "another's")
	require.Equal(t, "/home/corp/user/x and /data/user/x, user", redactedTexts(t, "{}", `{}`, "/home/corp/anna.lena/x and /data/anna.lena/x, anna.lena")[1])
}

func TestListedNamesAndCanariesAreFoundFlat(t *testing.T) {
	require.Equal(t, "-home-<NAME:1>-proj", redactedTexts(t, `{"names": ["anna.lena"]}`, `{}`, "-home-anna-lena-proj")[1])
	r, err := Open(`{"canaries": ["anna.lena"]}`)
	require.NoError(t, err)
	for _, text := range []string{"anna.lena", "-home-anna-lena-proj"} {
		require.Len(t, r.Verify([]byte(`{"a":"`+text+`"}`)), 1, text)
	}
}

func TestAFunctionIsNoUser(t *testing.T) {
	texts := redactedTexts(t, `{}`, `{}`, "cd /Users/zedd/x", "user = zedd(a, b)", "user = zedd", "so zedd (or -u zedd) is root")
	require.Equal(t, []string{"cd /Users/user/x", "user = zedd(a, b)", "user = user", "so zedd (or -u zedd) is root"}, texts[1:])
}

// The first and the last name of an author that an address tells are hidden in the rest of the example.
func TestAuthorsAreHiddenElsewhere(t *testing.T) {
	text := "Author: Jo Doerner <jo@doerner-web.org>\n\n17b39f9 Jo Doerner 2 days ago\nJo Doerner-Li, Jo Doernerin, jo"
	require.Equal(t, "Author: <AUTHOR:1> <<EMAIL:1>>\n\n17b39f9 <AUTHOR:1> 2 days ago\nJo Doerner-Li, Jo Doernerin, jo", redactedTexts(t, "{}", "{}", text)[1])
	require.Equal(t, "12\t<AUTHOR:1>", redactedTexts(t, "{}", "{}", "12\tJo Doerner", text)[1])
}
