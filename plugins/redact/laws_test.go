package redact

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/plugins/redact/detect"
	"github.com/ftprep/ftprep/sdk"
)

func openDefault(t testing.TB) *Redactor {
	r, err := Open("{}")
	require.NoError(t, err)
	return r
}

// planted are secrets and an address, one for each way in which rules find what they know by its form.
var planted = []string{
	"AKIAQ3EGRT4W6XPL2M7N", "ghp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro", "xoxb-482910374652-910374652482-q8Zr2LmX5vT0bNcY7wKd3HsJ",
	"sk-ant-api03-q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro-q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2LmX5vT0bAA",
	"-----BEGIN RSA PRIVATE KEY-----\nMIIEq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3Hs\nq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp\n-----END RSA PRIVATE KEY-----",
	"sk_live_q8Zr2LmX5vT0bNcY7wKd3HsJ", "jo.doerner@doerner-web.org",
}

func addSeeds(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "password: ", "SECRET=\"", "token = '", `{"a": [1.50, "b", {"password": "q8Zr2LmX5vT0bN"}]}`, "https://a:b@c", "é…\xff\x00", "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=",
		"%2Fhome%2Fjdoerner%2F", "card 4929 8573 0192 8340 and +49 151 83920174", "<@839201746583920174> 93.184.71.20", "-----BEGIN", strings.Repeat("key", 100), "/home/a/home/b", "C:\\Users\\jdoerner\\",
		"DB_PASSWORD=<SECRET:password:1>x9Zq8Lm2Kd7", "Author: Jo Doerner <jo@doerner-web.org>", "key=\\\"q8Zr2LmX5vT0bNcY7w\\\"", "<password>q8Zr2LmX5vT0</password>",
		"kind: Secret\nstringData:\n  smtp: q8Zr2LmX5vT0\n", `{"ssn": 539482716, "sensitive": true, "value": "q8Zr2LmX5vT0"}`, "?code=q8Zr2LmX5vT0bNcY7wKd&state=x", "ec2-93-184-71-20.a.acme.dev", "x:5432:a:b:q8Zr2LmX5vT0",
		"user,password\nbob,Garden5940!\n", "| User | Token |\n|---|---|\n| bob | q8Zr2LmX5vT0bNcY7wKd |", "INSERT INTO u (a, password) VALUES (1, 'Garden5940!')", "creds: bob / Garden5940!", "93.184.71.20:80:bob:q8Zr2LmX5vT0",
	} {
		f.Add(seed, 0)
		f.Add(seed, len(seed)/2)
	}
}

// Redacting twice changes nothing, and what a rule finds is gone wherever in a text it stood.
func FuzzText(f *testing.F) {
	addSeeds(f)
	r := openDefault(f)
	f.Fuzz(func(t *testing.T, text string, at int) {
		once := r.Masker().Text(text)
		if again := r.Masker().Text(once); again != once {
			t.Fatalf("%q becomes %q, and that becomes %q", text, once, again)
		}
		at = min(max(at, 0), len(text))
		for _, secret := range planted {
			with := text[:at] + "\n" + secret + "\n" + text[at:]
			if left := r.Masker().Text(with); strings.Contains(left, secret) && !strings.Contains(text, secret) {
				t.Fatalf("%q is left of %q", left, with)
			}
		}
	})
}

// JSON stays JSON, and redacting it twice changes nothing.
func FuzzJSON(f *testing.F) {
	addSeeds(f)
	r := openDefault(f)
	f.Fuzz(func(t *testing.T, text string, _ int) {
		wrapped, err := json.Marshal(map[string]any{"n": 1.5, "text": text, "password": text})
		if err != nil {
			t.Skip()
		}
		for _, raw := range []string{text, string(wrapped)} {
			if !json.Valid([]byte(raw)) {
				continue
			}
			once := redactJSON(t, r, raw)
			if !json.Valid([]byte(once)) {
				t.Fatalf("%q becomes %q", raw, once)
			}
			if again := redactJSON(t, r, once); again != once {
				t.Fatalf("%q becomes %q, and that becomes %q", raw, once, again)
			}
		}
	})
}

func redactJSON(t testing.TB, r *Redactor, raw string) string {
	redacted, err := r.Masker().json([]byte(raw), "arguments")
	require.NoError(t, err)
	return string(redacted)
}

func TestJSONIsLeftAsItIs(t *testing.T) {
	r := openDefault(t)
	for _, test := range []struct{ raw, want string }{
		{`{ "b":1.50,	"a":[1e3, "é\u00e9", null] }`, `{ "b":1.50,	"a":[1e3, "é\u00e9", null] }`},
		{`{"x":"\u0067hp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro", "y": 12345678901234567890}`, `{"x":"<SECRET:github-pat:1>", "y": 12345678901234567890}`},
		{`{"jo.doerner@doerner-web.org": true, "jo.doerner@doerner-web.org": 2}`, `{"<EMAIL:1>": true, "<EMAIL:1>": 2}`},
		{`{"env":[{"name":"DB_PASSWORD","value":"q8Zr2LmX5vT0"}]}`, `{"env":[{"name":"DB_PASSWORD","value":"<SECRET:password:1>"}]}`},
		{`{"env":{"DB_PASSWORD":"say \"q8Zr2LmX5vT0\""}}`, `{"env":{"DB_PASSWORD":"say \"q8Zr2LmX5vT0\""}}`},
		{`{"card": 4929857301928340, "n": 4929857301928341}`, `{"card": 1000000000000001, "n": 4929857301928341}`},
		{`{"ssn": 539482716, "n": 539482716}`, `{"ssn": 100000000001, "n": 539482716}`},
		{`{"data": {"smtp": "cThacjJMbVg1dlQw"}, "kind": "Secret"}`, `{"data": {"smtp": "<SECRET:kubernetes-secret:1>"}, "kind": "Secret"}`},
		{`{"a":"/home/\u0026\u0026", "name":"DB_PASSWORD","value":"q8Zr2LmX5vT0"}`, `{"a":"/home/\u0026\u0026", "name":"DB_PASSWORD","value":"<SECRET:password:1>"}`},
		{`not JSON: password=q8Zr2LmX5vT0`, `not JSON: password=q8Zr2LmX5vT0`},
	} {
		require.Equal(t, test.want, redactJSON(t, r, test.raw))
	}
}

// JSON that is the text of a result is decoded, also where it holds JSON again, and stays JSON.
func TestJSONInTextIsDecoded(t *testing.T) {
	r := openDefault(t)
	inner := `{"log":"\u001b[1mDB_PASSWORD\u001b[0m=\u001b[31mq8Zr2LmX5vT0\u001b[0m","say":"k:\n  password: >-\n    Blue3562%x\n"}`
	outer, err := json.Marshal(map[string]string{"stdout": inner})
	require.NoError(t, err)
	for _, text := range []string{inner, string(outer)} {
		redacted := r.Masker().Text(text)
		require.NotContains(t, redacted, "q8Zr2LmX5vT0")
		require.NotContains(t, redacted, "Blue3562")
		require.True(t, json.Valid([]byte(redacted)), redacted)
		require.Equal(t, redacted, r.Masker().Text(redacted))
	}
	require.Equal(t, `{"stdout": "<SECRET:password:1>", "path": "C:\\x"}`, r.Masker().Text(`{"stdout": "<SECRET:password:1>", "path": "C:\\x"}`))
}

// Code in Go and Python that can be parsed can still be parsed afterwards, although what was found in it is gone.
func TestCodeStaysCode(t *testing.T) {
	golang := `package p

import "os"

const token = "ghp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro" // of jo.doerner@doerner-web.org

var key = ` + "`-----BEGIN RSA PRIVATE KEY-----\nMIIEq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3Hs\n-----END RSA PRIVATE KEY-----`" + `

var guild = map[string]int{"guild_id": 839201746583920174, "card": 4929857301928340}

func connect() error {
	password := os.Getenv("DB_PASSWORD")
	return dial("postgres://app:q8Zr2LmX5vT0@db/x?sslmode=off", password, "93.184.71.20", "/home/jdoerner/x")
}
`
	python := `import os

API_KEY: str = "q8Zr2LmX5vT0bNcY7wKd"  # jo.doerner@doerner-web.org
user_id = 839201746583920174
card = 4929857301928340
config = {'password': 'q8Zr2LmX5vT0', 'token': f'{API_KEY}', "url": b"redis://:q8Zr2LmX5vT0@h"}
secret = os.environ["SECRET_KEY"]
def login(token: str = "q8Zr2LmX5vT0bNcY7wKd", password=None): return r'C:\Users\jdoerner\x'
`
	r := openDefault(t)
	goAfter, pythonAfter := r.Masker().Text(golang), r.Masker().Text(python)
	for _, gone := range []string{"q8Zr2", "doerner", "839201746583920174", "4929857301928340", "93.184"} {
		require.NotContains(t, goAfter+pythonAfter, gone)
	}
	_, err := parser.ParseFile(token.NewFileSet(), "p.go", goAfter, 0)
	require.NoError(t, err, goAfter)
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to parse Python with")
	}
	command := exec.Command(program, "-c", "import ast, sys; ast.parse(sys.stdin.read())")
	command.Stdin = strings.NewReader(pythonAfter)
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s\n%s", out, pythonAfter)
}

// In what the filter leaves, the check of written files finds nothing, in rows or in text, and redacting it again changes
// nothing.
func TestNothingIsFoundInWhatIsRedacted(t *testing.T) {
	for _, options := range []string{`{}`, `{"scope": "session", "key": "of my own"}`, `{"scope": "run", "key": "of my own"}`} {
		r, err := Open(options)
		require.NoError(t, err)
		text := strings.Join(planted, "\n") + "\nDB_PASSWORD=q8Zr2LmX5vT0 at /home/jdoerner/x\n"
		row, err := json.Marshal(map[string]string{"text": text})
		require.NoError(t, err)
		require.Len(t, r.Verify(row), len(planted)+2)
		require.Len(t, r.Verify([]byte(text)), len(planted)+2)
		for user := range 12 {
			text += fmt.Sprintf("C:\\Users\\jdoerner%[1]d\\x -home-kdoerner%[1]d-src\n", user)
		}
		text += `{"guild_id": 839201746583920174, "card": 4929857301928340}` + "\nphone +49 151 83920174, 93.184.71.20, <@839201746583920174>\n"
		e := &sdk.Example{ID: "e", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: text}}}
		_, err = r.Apply(t.Context(), e)
		require.NoError(t, err)
		row, err = json.Marshal(e)
		require.NoError(t, err)
		require.Empty(t, r.Verify(row), options)
		left := e.Messages[0].Text
		require.Empty(t, r.Verify([]byte(left)), options)
		require.NotContains(t, left, "doerner", options)
		_, err = r.Apply(t.Context(), e)
		require.NoError(t, err)
		require.Equal(t, left, e.Messages[0].Text, options)
	}
}

func TestCanariesAreFoundInAnyForm(t *testing.T) {
	r, err := Open(`{"canaries": ["Blue Heron 7"]}`)
	require.NoError(t, err)
	require.Equal(t, "Blue Heron 7", r.Masker().Text("Blue Heron 7"), "it is not replaced")
	for _, text := range []string{`{"a": "the blue heron 7 flies"}`, "blue Heron 7", `{"a": "QWxsIGFib3V0IEJsdWUgSGVyb24gNyBoZXJl"}`, "q=Blue%20Heron%207", `{"a": "blue\n  heron 7"}`} {
		places := r.Verify([]byte(text))
		require.Len(t, places, 1, text)
		require.Equal(t, string(detect.Canary), places[0].Kind)
		require.NotContains(t, places[0].Masked, "Blue")
	}
	require.Empty(t, r.Scan([]byte("Blue Heron 7")))
}

// A canary that was found is reported by its number, because its text must stand nowhere.
func TestCanariesAreToldByTheirNumber(t *testing.T) {
	r, err := Open(`{"canaries": ["red box", " ", "Blue Heron 7"]}`)
	require.NoError(t, err)
	require.Equal(t, []Place{{Kind: "canary", Masked: "3 of 3", Member: "a"}}, r.Verify([]byte(`{"a": "QWxsIGFib3V0IEJsdWUgSGVyb24gNyBoZXJl"}`)))
	require.Equal(t, []Place{{Kind: "canary", Masked: "1 of 3"}, {Line: 1, Kind: "canary", Masked: "3 of 3"}}, r.Verify([]byte("Red box\nblue-heron-7")))
}

// The session of a unified record is an id, which the filter leaves as it is. So does the check, but it finds other values of
// that name.
func TestVerifyKnowsSessions(t *testing.T) {
	r := openDefault(t)
	for _, id := range []string{"ses_6b1f0c2d9ffeXq8ZkT3vPz", "507f1f77bcf86cd799439011", "01JX4T9Q2ZC8W5M7K3R6N1VBDF"} {
		require.Empty(t, r.Verify([]byte(`{"id":"1","provenance":{"file":"a.log","session":"`+id+`"}}`)), id)
	}
	for _, row := range []string{
		`{"id":"1","session":"q8Zr2LmX5vT0bNcY7wKd3HsJ"}`,
		`{"id":"1","state":{"session":"q8Zr2LmX5vT0bNcY7wKd3HsJ"},"provenance":{"session":"7"}}`,
		`{"id":"1","provenance":{"session":"` + planted[0] + `"}}`,
	} {
		require.Len(t, r.Verify([]byte(row)), 1, row)
	}
}

func TestVerifyCountsLines(t *testing.T) {
	r := openDefault(t)
	places := r.Verify([]byte("a\nb\nmail jo.doerner@doerner-web.org\n"))
	require.Equal(t, []Place{{Line: 2, Kind: "email", Masked: "jo.d************"}}, places)
}

// What one string of a row tells about another is found, as the filter finds it in arguments and results; so are numbers.
func TestVerifySeesWhatStringsTellOfEachOther(t *testing.T) {
	r := openDefault(t)
	long := `"note":"` + strings.Repeat("The gate is open. ", 50) + `",`
	for _, row := range []string{
		`{"apiVersion":"v1","kind":"Secret","data":{"tls":"V2ludGVyITIwMjRrWA=="}}`,
		`{` + long + `"name":"DB_PASSWORD","value":"Winter!2024kX"}`,
		`{"values":{"outputs":{"db":{"sensitive":true,"type":"string","value":"Winter!2024kX"}}}}`,
		`{"ssn": 539482716}`, `{"card": 4929857301928340}`,
	} {
		require.Len(t, r.Verify([]byte(row)), 1, row)
		require.Len(t, r.Scan([]byte(row)), 1, row)
		require.Empty(t, r.Verify([]byte(redactJSON(t, r, row))), row)
	}
	for _, row := range []string{`{"name":"DB_PASSWORD",` + long + `"value":"Winter!2024kX"}`, `{"a":"password=","b":"q8Zr2LmX5vT0"}`} {
		require.Equal(t, row, redactJSON(t, r, row))
		require.Empty(t, r.Verify([]byte(row)), "the filter leaves it, so the check does")
	}
	require.Len(t, r.Scan([]byte(`{"author": {"name": "Jo Doerner", "email": "jo.doerner@doerner-web.org"}}`)), 2)
}

// A place in JSON says which member to look at, unless the member's own name is what was to be replaced.
func TestVerifyNamesTheMember(t *testing.T) {
	r := openDefault(t)
	row := `{"call":{"who":"jo.doerner@doerner-web.org","zoe@doerner-web.org":["max@doerner-web.org"]}}`
	require.Equal(t, []Place{
		{Kind: "email", Masked: "jo.d************", Member: "who"}, {Kind: "email", Masked: "zoe@************"}, {Kind: "email", Masked: "max@************"},
	}, r.Verify([]byte(row)))
}

func TestTokens(t *testing.T) {
	var got []string
	value := `{"a": "b\"\\", "c" : ["d", {"e\u0031": ""}], "f": 1, "g":"\\", "h": [true, -2.5e+3]}`
	require.True(t, tokens(value, func(token jsonToken) {
		got = append(got, token.name+"="+token.text)
		require.Equal(t, !token.number, value[token.start] == '"' && value[token.end-1] == '"')
	}))
	require.Equal(t, []string{"=a", `a=b"\`, "=c", "c=d", "=e1", "e1=", "=f", "f=1", "=g", `g=\`, "=h", "h=-2.5e+3"}, got)
}

// A long text is searched once. Under another name, or for canaries, it counts as another text.
func TestWhatIsRememberedIsOneText(t *testing.T) {
	r, err := Open(`{"canaries": ["tulip"]}`)
	require.NoError(t, err)
	password := strings.Repeat("q8Zr2LkV0pXn4TtY", 20) + "tulip"
	for range 2 {
		require.Empty(t, r.Scan([]byte(`{"note": "`+password+`"}`)))
		require.Len(t, r.Scan([]byte(`{"password": "`+password+`"}`)), 1)
		require.Len(t, r.Verify([]byte(`{"note": "`+password+`"}`)), 1)
		require.Len(t, r.Scan([]byte(`{"note": "`+password+` jo.doerner@doerner-web.org"}`)), 1)
	}
}

// JSON is remembered as a text and, apart from that, by its strings: it may be clean in one way and not in the other.
func TestRememberedJSONIsRedactedStillTheSame(t *testing.T) {
	r, err := Open("")
	require.NoError(t, err)
	filler := `"note": "` + strings.Repeat("The gate is open. ", 20) + `"`
	for _, raw := range []string{
		`{` + filler + `}`,
		`{` + filler + `, "out": "mail jo.doerner@doerner-web.org"}`,
		`{` + filler + `, "out": "DB_PASSWORD=\"q8Zr2LkV0pXn4TtY\"\n"}`,
		`{` + filler + `, "name": "api_key", "value": "q8Zr2LkV0pXn4TtYq8Zr2LkV0pXn4TtY"}`,
	} {
		first := redactJSON(t, r, raw)
		require.Equal(t, raw == first, !strings.Contains(raw, "q8Zr") && !strings.Contains(raw, "jo.doerner"), raw)
		for range 2 {
			require.Equal(t, first, redactJSON(t, r, raw))
			require.Equal(t, first, redactJSON(t, r, first))
			require.Equal(t, first, r.Masker().Text(raw))
		}
	}
}

func TestRunScopeIsTheSameInAnyOrder(t *testing.T) {
	r, err := Open(`{"scope": "run", "key": "of my own"}`)
	require.NoError(t, err)
	one, two := r.Masker().Text("mail a.roe@doerner-web.org"), r.Masker().Text("x.yz@doerner-web.org, A.Roe@doerner-web.org")
	require.Regexp(t, `^mail <EMAIL:[0-9a-f]{8}>$`, one)
	require.True(t, strings.HasSuffix(two, strings.TrimPrefix(one, "mail ")), "%s %s", one, two)
	other, err := Open(`{"scope": "run", "key": "another"}`)
	require.NoError(t, err)
	require.NotEqual(t, one, other.Masker().Text("mail a.roe@doerner-web.org"))
}

func TestTextThatOnlyBeginsLikeJSONIsSearchedAsText(t *testing.T) {
	for _, text := range []string{`{"a": "b`, `{"a": "b\`, `{"a": "b\"`, `{key: "b"}`, `{"a": b}`, `{"a": 1} // so`} {
		require.False(t, tokens(text, func(jsonToken) {}), text)
	}
	r, err := Open("{}")
	require.NoError(t, err)
	const token = "ghp_q8Zr2LkV0pXn4TtYw7Hs1JdMc5BeUa3Rf9Gi"
	for _, text := range []string{`{token: ` + token + `}`, `{"a": "x"} ` + token, `{"a": "` + token, `{"a": "` + token + `"}`} {
		require.Len(t, r.Verify([]byte(text)), 1, text)
	}
}

// What is found is counted by its kind, and a rule is named only for kinds that have several.
func TestOnlySecretsHaveRules(t *testing.T) {
	r, err := Open(`{"names": ["Jane Roe"], "block": ["PROJ-\\d+"]}`)
	require.NoError(t, err)
	verdict, err := r.Apply(t.Context(), &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "Jane Roe, PROJ-7, DB_PASSWORD=q8Zr2LmX5vT0"}}})
	require.NoError(t, err)
	require.Equal(t, []sdk.Found{
		{Kind: "blocked", Place: "user", Count: 1}, {Kind: "name", Place: "user", Count: 1}, {Kind: "secret", Rule: "password", Place: "user", Count: 1},
	}, verdict.Found)
}
