package claude

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// noContent stands where somebody said nothing.
const noContent = "(no content)"

// textOf joins the blocks of text of a content.
func textOf(blocks []block) string {
	var texts []string
	for _, b := range blocks {
		if b.typ == "text" {
			texts = append(texts, scan.Text(b.text))
		}
	}
	return strings.Join(texts, "\n")
}

// injections matches what the program puts before a prompt. It matches only at the beginning, because people paste such
// tags, too.
var injections = regexp.MustCompile(`^(?s:\s*(?:<system-reminder>.*?</system-reminder>|<ide_opened_file>.*?</ide_opened_file>` +
	`|<ide_selection>.*?</ide_selection>|<terminal name="[^"]*">.*?</terminal>` +
	`|<post-tool-use-hook>\s*<ide_diagnostics>.*?</ide_diagnostics>\s*</post-tool-use-hook>` +
	`|<browser>.*?</browser>|<browser_instruction>.*?</browser_instruction>` +
	`|<system[_-]instruction>.*?</system[_-]instruction>` + // of the app Conductor
	`|<artifact-view-context [^>]*>.*?</artifact-view-context>` +
	`|<launch-selected-element>.*?</launch-selected-element>(?:\s*\(?Content above is from the element the user selected[^\n]*)?))+`)

// attached matches where such an injection lists the files that the user attached.
var attached = regexp.MustCompile(`\nThe user has attached these files\.[^\n]*\n((?:- [^\n]+\n)+)`)

// withoutInjections is a text without what the program put before it; of that only attached files stay, since the user did that.
func withoutInjections(text string) string {
	typed := injections.ReplaceAllString(text, "")
	if files := attached.FindStringSubmatch(text[:len(text)-len(typed)]); files != nil {
		return files[1] + "\n" + strings.TrimSpace(typed)
	}
	return typed
}

// promptText returns what a user said, without what the program put before it, after it or into separate texts. For a prompt
// of nothing but images or documents, it is a placeholder.
func promptText(blocks []block) string {
	var texts []string
	image := ""
	for _, b := range blocks {
		switch b.typ {
		case "text":
			if text := unwrapped(withoutTrailer(withoutInjections(cleanText(b.text)))); text != "" {
				texts = append(texts, text)
			}
		case "image", "document":
			image = "[" + b.typ + "]"
		}
	}
	if len(texts) == 0 {
		return image
	}
	return strings.Join(typed(texts), "\n")
}

// sentAt matches the text after a prompt by which the program says when it was sent.
var sentAt = regexp.MustCompile(`\n<system-reminder>(?:The user's timezone is [^<\n]*)?Message sent at [^<\n]*</system-reminder>$`)

// withoutTrailer returns a text without the white space around it, without the time when it was sent and without what else the
// program put after it.
func withoutTrailer(text string) string {
	const opening, closing = "\n<system-reminder>\n", "\n</system-reminder>"
	text = strings.TrimSpace(text)
	if !strings.HasSuffix(text, "</system-reminder>") {
		return text
	}
	text = strings.TrimSpace(sentAt.ReplaceAllString(text, ""))
	for strings.HasSuffix(text, closing) {
		reminder := strings.LastIndex(text, opening)
		if reminder < 0 {
			break
		}
		text = strings.TrimSpace(text[:reminder])
	}
	return text
}

// pasteMarks matches the lines between which the program puts what was pasted into a prompt.
var pasteMarks = regexp.MustCompile(`(?m)^</?pasted_content id="[^"\n]*">(?:\n|$)`)

// withoutPasteMarks returns what a human said, without the marks around what was pasted.
func withoutPasteMarks(text string) string {
	if !strings.Contains(text, "<pasted_content") {
		return text
	}
	return strings.TrimSpace(pasteMarks.ReplaceAllString(text, ""))
}

// typed leaves out texts that the program wrote beside those of a human. What follows the name of a skill is the skill's
// text, not a human's.
func typed(texts []string) []string {
	if skill.MatchString(texts[0]) {
		return texts
	}
	ofProgram := func(text string) bool {
		kind := textKind(text)
		return kind == injected || kind == interruption || kind == notice
	}
	if slices.ContainsFunc(texts, func(text string) bool { return textKind(text) == prompt }) {
		return slices.DeleteFunc(texts, ofProgram)
	}
	return texts
}

// interrupts reports whether a text of a content, or a result that stands in for a lost one, says that the user interrupted
// the model.
func interrupts(blocks []block) bool {
	return slices.ContainsFunc(blocks, func(b block) bool {
		switch {
		case b.typ == "text":
			return textKind(strings.TrimSpace(scan.Text(b.text))) == interruption
		case b.typ == "tool_result" && scan.True(b.isError):
			result := resultText(blocksOf(b.content))
			return result == "Interrupted by user" || textKind(result) == interruption
		}
		return false
	})
}

// skill matches the beginning of the program's text about a skill that nobody typed.
var skill = regexp.MustCompile(`^<command-message>[^<]*</command-message>\n<command-name>[^<]*</command-name>\n<skill-format>true`)

// skillAgain matches what the program says in place of a skill's text that the model has seen before.
var skillAgain = regexp.MustCompile(`^(?:\(Re-invocation of /\S+ |Skill /\S+ (?:is already loaded above; instructions unchanged\.` +
	`|was loaded earlier; this is a NEW invocation))`)

var (
	commandName = regexp.MustCompile(`(?s)<command-name>(.*?)</command-name>`)
	commandArgs = regexp.MustCompile(`(?s)<command-args>(.*?)</command-args>`)
)

// pressed matches a command whose button was pressed in the app: its name and the text that it stands for.
var pressed = regexp.MustCompile(`(?s)^<([a-z]+(?:-[a-z]+)*)-command>\n(.*)\n</[a-z-]+-command>$`)

// commandContents matches what a command stands for in versions such as 0.2: a text or a block of one, in JSON.
var commandContents = regexp.MustCompile(`(?s)<command-contents>(.*)</command-contents>`)

// commandText returns the text that a command stands for, if it is there.
func commandText(envelope string) string {
	if match := pressed.FindStringSubmatch(envelope); match != nil {
		return match[2]
	}
	if match := commandContents.FindStringSubmatch(envelope); match != nil {
		return textOf(blocksOf([]byte(match[1])))
	}
	return ""
}

// commandLine returns a slash command as it was typed, or as it would be typed.
func commandLine(envelope string) string {
	if match := pressed.FindStringSubmatch(envelope); match != nil {
		return "/" + match[1]
	}
	name, args := "", ""
	if match := commandName.FindStringSubmatch(envelope); match != nil {
		name = strings.TrimSpace(match[1])
	}
	if match := commandArgs.FindStringSubmatch(envelope); match != nil {
		args = strings.TrimSpace(match[1])
	}
	return strings.TrimSpace("/" + strings.TrimPrefix(name, "/") + " " + args)
}

var (
	// slashLine matches a slash command as it is typed.
	slashLine = regexp.MustCompile(`^/[A-Za-z][\w:-]*(?:\s|$)`)
	// notPassedOn matches what the program says when it does not pass on a prompt or a command.
	notPassedOn = regexp.MustCompile("^(?:Unknown (?:skill|slash command): \\S+$|Commands are in the form `/command \\[args\\]`$" +
		"|This skill can only be invoked by Claude, not directly by users\\.|Operation stopped by hook(?::|$))")
)

// summarizes matches how the program asks an agent for the summary of a compaction.
var summarizes = regexp.MustCompile(`^(?s:CRITICAL: Respond with TEXT ONLY\. .*?\n\n)?` +
	`Your task is to create a detailed summary of (?:the|this|the RECENT portion of the) conversation\b`)

// startsCompaction reports whether a text is the command that starts a compaction. Since version 2.1.232 it stands twice:
// before the compaction as it was typed, and after the summary in the form of other commands.
func startsCompaction(text string) bool {
	return text == "/compact" || strings.HasPrefix(text, "/compact ")
}

// These are the beginnings of the texts by which the program tells the model that it wrote a call as text.
const (
	malformedCall = "Your tool call was malformed and could not be parsed."
	failedCall    = "The previous response failed to produce a valid tool call."
)

// shellLine returns a command that the human ran in a shell as it was typed; it reports false for the output of one.
func shellLine(text string) (string, bool) {
	line, ok := strings.CutPrefix(text, "<bash-input>")
	return "!" + strings.TrimSpace(strings.TrimSuffix(line, "</bash-input>")), ok
}

// resultText returns a result as the model saw it. Content other than text is only named, and only if there is no text.
func resultText(blocks []block) string {
	var texts, others []string
	for _, b := range blocks {
		switch b.typ {
		case "text":
			text := cleanText(b.text)
			if len(texts) == 0 || !strings.HasPrefix(text, "agentId: ") { // says how a sub-agent can be resumed
				texts = append(texts, text)
			}
		case "search_result":
			texts = append(texts, resultText(blocksOf(b.content)))
		case "document":
			if text := documentText(b.source); text != "" {
				texts = append(texts, text)
			} else {
				others = append(others, "[document]")
			}
		case "tool_reference":
			others = append(others, scan.Text(b.toolID))
		default:
			others = append(others, "["+b.typ+"]")
		}
	}
	if len(texts) == 0 {
		texts = others
	}
	text := withoutReminders(strings.Join(texts, "\n"))
	if strings.Contains(text, "agentId: ") {
		text = agentTail.ReplaceAllString(text, "")
	}
	return unframed(text)
}

// documentText returns the text of a document, given its raw source; it is empty for a file.
func documentText(source []byte) string {
	m := scan.Members(source, "type", "data", "content")
	kind, data, content := m[0], m[1], m[2]
	switch scan.Text(kind) {
	case "text":
		return cleanText(data)
	case "content":
		return textOf(blocksOf(content))
	}
	return ""
}

// unframed returns the answer of a sub-agent without the line that the program puts before it and the indent of the others.
// It returns any other text unchanged.
func unframed(text string) string {
	if !strings.HasPrefix(text, "[Subagent hand-back] ") {
		return text
	}
	frame, answer, found := strings.Cut(text, "\n")
	if !found || !strings.HasSuffix(frame, "The report follows:") {
		return text
	}
	return strings.ReplaceAll(strings.TrimPrefix(answer, "  "), "\n  ", "\n")
}

// agentTail matches what the program adds to the answer of a sub-agent: how to resume it, where it worked and what it cost.
var agentTail = regexp.MustCompile(`\n+agentId: \S+(?s:` +
	` \((?:for resuming|use SendMessage)[^\n]*(?:\nworktree[^\n]*)*\n*(?:<usage>.*</usage>)?` +
	`|(?:\nworktree[^\n]*)*\n<usage>.*</usage>)\s*$`)

// withoutReminders removes the reminders that the program adds to a result. A tag within a line is part of what was read.
func withoutReminders(text string) string {
	const opening, closing = "<system-reminder>", "</system-reminder>"
	var kept []string
	done := 0
	for at := 0; ; {
		start := strings.Index(text[at:], opening)
		if start < 0 {
			break
		}
		start += at
		at = start + len(opening)
		if start > 0 && text[start-1] != '\n' {
			continue
		}
		length := strings.Index(text[at:], closing)
		if length < 0 {
			break
		}
		kept = append(kept, strings.Trim(text[done:start], "\n"))
		at += length + len(closing)
		done = at
	}
	if done == 0 {
		return text
	}
	kept = append(kept, strings.Trim(text[done:], "\n"))
	return strings.Join(slices.DeleteFunc(kept, func(s string) bool { return s == "" }), "\n")
}

// escapes matches the control sequences by which programs set colours and move the cursor on a terminal.
var escapes = regexp.MustCompile(`\x1b(?:\[[0-9;:<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])`)

// cleanText returns the cleaned text of a raw value.
func cleanText(raw []byte) string {
	text, plain := scan.Decode(raw)
	if plain {
		return text
	}
	return clean(text)
}

// clean removes terminal escapes and control characters other than line ends and tabs.
func clean(text string) string {
	if strings.IndexFunc(text, isControl) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, escapes.ReplaceAllString(text, ""))
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
