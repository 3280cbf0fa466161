package redact

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func maskedLines(t *testing.T, e *sdk.Example, text string) []string {
	t.Helper()
	r, err := Open("{}")
	require.NoError(t, err)
	var lines [][]byte
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, []byte(line))
	}
	var masked []string
	for _, line := range r.MaskerOf(e).Lines(lines) {
		masked = append(masked, string(line))
	}
	return masked
}

func TestLinesHideWhatStandsOnSeveral(t *testing.T) {
	key := "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("k7Qz0fVxM3pLr9TyB2nWcA5dJ8sGhU1e\n", 4) + "-----END RSA PRIVATE KEY-----"
	require.Equal(t, []string{
		"In the log: <SECRET:private-key:1>", "", "", "", "", "",
		"and then", `{"key":"<SECRET:private-key:1>"}`, "it ended.",
	}, maskedLines(t, &sdk.Example{}, "In the log: "+key+"\nand then\n"+`{"key":"`+strings.ReplaceAll(key, "\n", `\n`)+`"}`+"\nit ended."))
}

func TestLinesHideEverywhereWhatANameTellsOnOne(t *testing.T) {
	const value = "q7Zr2Kp9Wx4Tn8Vb"
	require.Equal(t, []string{"try <SECRET:password:1> once", `{"a":["it was <SECRET:password:1>"]}`, "password: <SECRET:password:1>"},
		maskedLines(t, &sdk.Example{}, "try "+value+" once\n"+`{"a":["it was `+value+`"]}`+"\npassword: "+value))
}

func TestLinesHaveThePlaceholdersOfTheirExample(t *testing.T) {
	const one, two = "q7Zr2Kp9Wx4Tn8Vb", "m3Yc6Hd1Js5Lf0Gt"
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "password: " + one + "\npassword: " + two}}}
	require.Equal(t, []string{"<SECRET:password:2>", "password: <SECRET:password:1>"}, maskedLines(t, e, two+"\npassword: "+one))
	require.Contains(t, e.Messages[0].Text, one, "the example stays as it is")
}
