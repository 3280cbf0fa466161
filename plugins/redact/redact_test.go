package redact

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) { sdktest.Conformance(t, Plugin, nil) }

func TestBadOptionsAreNamed(t *testing.T) {
	for _, test := range []struct{ options, option, reason string }{
		{`{"kinds": ["names"]}`, "kinds", `"names" is not one of secret, email, phone, card, iban, national-id, ip, home, discord, author, name`},
		{`{"scope": "run"}`, "scope", `"run" needs a key, such as key = env("FTPREP_REDACT_KEY"); without one, short values could be recovered by guessing`},
		{`{"names": ["", " "]}`, "names", "all 2 texts in the list are blank; the file they come from may be empty"},
		{`{"names": ["Li"], "canaries": [""]}`, "canaries", "the only text in the list is blank; the file it comes from may be empty"},
		{`{"allow": ["("]}`, "allow", "error parsing regexp: missing closing ): `(`"},
		{`{"block": ["a", "["]}`, "block", "error parsing regexp: missing closing ]: `[`"},
		{`{"rules": "/nowhere.toml"}`, "rules", "open /nowhere.toml: no such file or directory"},
		{`{"rule": [{"id": "mine", "regex": "a(?!b)"}]}`, "rule[0]", "rule \"mine\": error parsing regexp: invalid or unsupported Perl syntax: `(?!`"},
		{`{"rule": [{"id": "mine", "regex": "x", "keywords": ["a"]}]}`, "rule[0]", `rule "mine": the keyword "a" is shorter than two letters`},
		{`{"rule": [{"id": "mine", "regex": "x", "allow": ["("]}]}`, "rule[0]", "rule \"mine\": allowlist: error parsing regexp: missing closing ): `(`"},
	} {
		t.Run(test.options, func(t *testing.T) {
			_, err := Open(test.options)
			var problem *sdk.OptionError
			require.ErrorAs(t, err, &problem)
			require.Equal(t, test.option, problem.Option)
			require.Equal(t, test.reason, problem.Reason)
		})
	}
}

func TestBadOptionsAreAllNamedAtOnce(t *testing.T) {
	_, err := Open(`{"scope": "run", "rules": "/nowhere.toml", "allow": ["(", "a", "["], "block": [")"], "rule": [
		{"id": "first", "regex": "(", "keywords": ["a"], "allow": ["(", "["]}, {"id": "second", "regex": "x", "keywords": ["a", "b"]}]}`)
	require.EqualError(t, err, `open filter "redact": `+strings.Join([]string{
		`option "scope": "run" needs a key, such as key = env("FTPREP_REDACT_KEY"); without one, short values could be recovered by guessing`,
		`option "rules": open /nowhere.toml: no such file or directory`,
		"option \"allow\": error parsing regexp: missing closing ): `(`",
		"option \"allow\": error parsing regexp: missing closing ]: `[`",
		"option \"block\": error parsing regexp: unexpected ): `)`",
		"option \"rule[0]\": rule \"first\": allowlist: error parsing regexp: missing closing ): `(`",
		"option \"rule[0]\": rule \"first\": allowlist: error parsing regexp: missing closing ]: `[`",
		"option \"rule[0]\": rule \"first\": error parsing regexp: missing closing ): `(`",
		`option "rule[1]": rule "second": the keyword "a" is shorter than two letters`,
		`option "rule[1]": rule "second": the keyword "b" is shorter than two letters`,
	}, "\n"))
}

// Results are often JSON that is cut off, or has one value a line: its strings are decoded all the same.
func TestJSONThatIsNotWholeIsRead(t *testing.T) {
	for text, want := range map[string]string{
		`{"stdout":"pass = q8Zr2LmX5vT0\npsk=Garden5940!`:                  `{"stdout":"pass = <SECRET:password:1>\npsk=<SECRET:password:2>`,
		"{\"out\":\"\\tpsk=Garden5940!\\n\"}\n{\"out\":\"a\"}\n":           "{\"out\":\"\\tpsk=<SECRET:password:1>\\n\"}\n{\"out\":\"a\"}\n",
		`[{"a":"say \"hi\"","b":"psk=Garden5940!\n... [12 lines left out]`: `[{"a":"say \"hi\"","b":"psk=<SECRET:password:1>\n... [12 lines left out]`,
		`{"a":"\u00fc\/","b":"x\`:                                          `{"a":"\u00fc\/","b":"x\`,
		"{ name: \"psk=Garden5940!\\n\", run() { return '\\\\' } }":        "{ name: \"psk=<SECRET:password:1>\\n\", run() { return '\\\\' } }",
		" \\": " \\",
	} {
		require.Equal(t, want, redactedTexts(t, "{}", "{}", text)[1])
	}
}
