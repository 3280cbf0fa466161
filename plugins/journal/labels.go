package journal

import (
	"slices"
	"strings"
)

var (
	boldLabel   = newForm(`^([^\pL\pN*_` + "`" + `]*)(?:\*\*|__)((?:[^*_\n` + "`" + `]|_\w|` + "`[^`\n]*`" + `)+)(?:\*\*|__)`)
	afterLabel  = newForm(`^(?:\s*\((?:[^()\n]|\([^()\n]*\))*\)|\s*` + "`[^`\n]*`" + `){0,2}\s*(?::\s*|[-–—]+\s+|$)`)
	plainLabel  = newForm(`^([^\s\pL\pN]{0,4}\s*[A-Za-z'’#?/ ]{1,40}(?:\d{1,3})?(?:\s*\([^()\n]{1,60}\))?)(?:[ \t]*::?(?:\s|$)|[ \t]+[-–—]+[ \t])`)
	italicLabel = newForm(`^[*_]([^*_\n]{2,40}[:.])[*_]\s|^[*_]([^*_\n]{2,40})[*_]:\s`)
	inlineBold  = newForm(`[ \t](\*\*[^*\n]{2,40}\*\*)`)
	inlinePlain = newForm(`[.;][ \t]+([A-Z][A-Za-z ]{2,24}:)[ \t]`)
)

// leading splits the label off the start of a text: a bold one, or plain words with a colon that have a role.
func leading(text string) (label, rest string, ok bool) {
	if strings.ContainsAny(text, "*_") {
		if at := boldLabel().FindStringSubmatch(text); at != nil {
			return boldLeading(at[1]+at[2], text[len(at[0]):], text)
		}
		if at := italicLabel().FindStringSubmatch(text); at != nil && roleOf(at[1]+at[2]) != 0 {
			return strings.TrimRight(at[1]+at[2], ":."), strings.TrimSpace(text[len(at[0]):]), true
		}
	}
	if at := plainLabel().FindStringSubmatchIndex(text); at != nil && roleOf(text[at[2]:at[3]]) != 0 {
		return unmarked(text[at[2]:at[3]]), strings.TrimSpace(text[at[1]:]), true
	}
	return "", text, false
}

// boldLeading takes bold words for a label if a colon or dash follows, or nothing does.
func boldLeading(label, rest, text string) (string, string, bool) {
	label = strings.TrimSpace(label)
	name := unmarked(strings.TrimRight(label, ":. "))
	if at := separatorIn(label); at != nil && roleOf(name) == 0 && roleOf(label[:at[0]])&chainParts != 0 {
		return unmarked(label[:at[0]]), strings.TrimSpace(label[at[1]:] + rest), true
	}
	if strings.HasSuffix(label, ":") || strings.TrimRight(label, ".!?") != label && roleOf(name) != 0 {
		return name, strings.TrimSpace(rest), true
	}
	if head, tail, found := strings.Cut(label, ": "); found && roleOf(head) != 0 {
		return unmarked(head), strings.TrimSpace(tail + rest), true
	}
	line, _, _ := strings.Cut(rest, "\n")
	at := afterLabel().FindStringIndex(line)
	if at == nil || at[1] == len(line) && !strings.Contains(line, ":") && roleOf(name) == 0 {
		return "", text, false
	}
	return name, strings.TrimSpace(rest[at[1]:]), true
}

// pieces takes blocks apart where a label opens a line, and a list where its items carry the labels of one story.
func pieces(blocks []block) []piece {
	var all []piece
	for _, b := range blocks {
		switch {
		case b.pieces != nil:
			all = append(all, b.pieces...)
		case b.kind == paragraph:
			all = append(all, paragraphPieces(b)...)
		case b.tells, b.kind == list && slices.ContainsFunc(b.items, func(it item) bool { return it.tells }):
			all = append(all, piece{located: located{b.span, b.text}, block: b, apart: true})
		case b.kind == quote:
			all = append(all, pieces(b.blocks)...)
		case b.kind == list && tellsStory(b):
			for _, it := range b.items {
				all = append(all, itemPiece(it))
			}
		default:
			all = append(all, piece{located: located{b.span, b.text}, block: b})
		}
	}
	return all
}

func paragraphPieces(b block) []piece {
	var all []piece
	var more []string // the lines of the last piece after its first one
	line := b.first
	for row := range strings.SplitSeq(breakAtLabels(b.text), "\n") {
		text, sameLine := strings.CutPrefix(row, "\x00")
		if !sameLine && len(all) > 0 {
			line++
		}
		row = text
		at := located{span{line, line}, row}
		label, rest, ok := leading(row)
		if !ok && len(all) > 0 {
			all[len(all)-1].last = line
			more = append(more, row)
			continue
		}
		extendLast(all, more)
		more = nil
		if ok {
			all = append(all, piece{located: at, label: label, role: roleOf(label), rest: rest, block: b})
		} else {
			all = append(all, piece{located: at, block: b})
		}
	}
	extendLast(all, more)
	if n := len(all); n > 1 && all[n-2].role&chainParts != 0 {
		all[n-1].closed = all[n-1].role&chainParts != 0 && strings.HasSuffix(all[n-1].rest, ".")
	}
	return all
}

// breakAtLabels starts a new line, marked with a zero byte, at labels that stand inside a line: at bold ones with a role of a
// story, a correction or a command, and at plain ones for a cause or a solution where a sentence could begin.
func breakAtLabels(text string) string {
	if strings.Contains(text, "**") {
		text = breakAt(text, inlineBold, chainParts|bad|good|command|purpose)
	}
	if strings.Contains(text, ":") {
		text = breakAt(text, inlinePlain, cause|solution)
	}
	return text
}

func breakAt(text string, form form, parts role) string {
	var b strings.Builder
	done := 0
	for _, at := range form().FindAllStringSubmatchIndex(text, -1) {
		line := firstLine(text[at[2]:])
		label, _, ok := leading(line)
		colon := strings.Contains(line[:min(len(line), at[3]-at[2]+1)], ":")
		before := text[strings.LastIndexByte(text[:at[2]], '\n')+1 : at[2]]
		if ok && colon && words(before) > 0 && roleOf(label)&parts != 0 {
			b.WriteString(strings.TrimRight(text[done:at[2]], " ") + "\n\x00")
			done = at[2]
		}
	}
	b.WriteString(text[done:])
	return b.String()
}

func itemPiece(it item) piece {
	p := piece{located: located{it.span, "- " + it.text}}
	if len(it.blocks) > 0 {
		p.block = it.blocks[0]
	}
	if it.labelled {
		p.label, p.role, p.rest, p.text = it.label, roleOf(it.label), strings.TrimSpace(it.rest), it.text
	}
	return p
}

// tellsStory reports whether a list's items are the parts of one story (problem, cause, fix), rather than each being a
// story of its own or no story at all.
func tellsStory(b block) bool {
	labelled := false
	for _, it := range b.items {
		if !it.labelled {
			continue
		}
		r := roleOf(it.label)
		if r&(cause|solution) != 0 {
			labelled = true
		}
		if r&problem != 0 && it.rest != "" && it.tells {
			return false
		}
	}
	return labelled
}
