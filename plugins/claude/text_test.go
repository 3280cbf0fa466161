package claude

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":                   "plain\ttext\n",
		"\x1b[1;31mred\x1b[0m":            "red",
		"\x1b]0;title\x07ok":              "ok",
		"\x1b]8;;http://x\x1b\\link":      "link",
		"\x1b[2K\x1b[1Gdone\x1b(B":        "done",
		"w\x00i\x00d\x00e\r\n":            "wide\n",
		"caf\u00e9 \u0085\U0001F438\x1b[": "caf\u00e9 \U0001F438",
	} {
		require.Equal(t, want, clean(in), "%q", in)
	}
}

func TestWithoutReminders(t *testing.T) {
	for in, want := range map[string]string{
		"a\n\n<system-reminder>\nx\n</system-reminder>\n":                                    "a",
		"<system-reminder>x</system-reminder>\na":                                            "a",
		"a\n<system-reminder>x</system-reminder>\n<system-reminder>y</system-reminder>\n\nb": "a\nb",
		"1 <system-reminder>x</system-reminder>\n":                                           "1 <system-reminder>x</system-reminder>\n",
		"a\n<system-reminder>never closed\n":                                                 "a\n<system-reminder>never closed\n",
		"<system-reminder>x</system-reminder>":                                               "",
	} {
		require.Equal(t, want, withoutReminders(in), "%q", in)
	}
}

func TestPromptText(t *testing.T) {
	for in, want := range map[string]string{
		`"  typed "`: "typed",
		`"<system-reminder>x</system-reminder>\n<ide_selection>y</ide_selection> typed"`: "typed",
		`"why <system-reminder>x</system-reminder>?"`:                                    "why <system-reminder>x</system-reminder>?",
		`"<system-reminder>never closed"`:                                                "<system-reminder>never closed",
		`[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]`:       "a\nb",
		`[{"type":"image"}]`: "[image]",
		`null`:               "",
	} {
		require.Equal(t, want, promptText(blocksOf([]byte(in))), in)
	}
}

func TestCommandLine(t *testing.T) {
	for in, want := range map[string]string{
		"<command-name>/review</command-name>":                                            "/review",
		"<command-message>m</command-message><command-name>review</command-name>":         "/review",
		"<command-name>/review</command-name>\n<command-args> PR 12\nnow </command-args>": "/review PR 12\nnow",
		"<command-message>m</command-message>\n<command-args></command-args>":             "/",
	} {
		require.Equal(t, want, commandLine(in), in)
	}
}

func TestTextKind(t *testing.T) {
	for in, want := range map[string]kind{
		"fix it":                             prompt,
		"why does <task-notification> exist": prompt,
		"[Image #1] what is this?":           prompt,
		"Warmup":                             internal,
		"Warmup the engine":                  prompt,
		"":                                   emptyPrompt,
		"[Request interrupted by user for tool use]": interruption,
		`{"task_id":"b1","task_type":"local_bash"}`:  notice,
	} {
		require.Equal(t, want, textKind(in), in)
	}
}
