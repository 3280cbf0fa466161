package journal

import "strings"

// A piece is a block, or the part of a paragraph that one label opens.
type piece struct {
	located
	label  string // as written, without markup; empty if there is none
	role   role
	rest   string // the text after the label
	block  block
	closed bool // it ends a paragraph of labels, so that the next paragraph is about something else
	apart  bool // it tells stories of its own, which do not belong to what stands around it
}

// part returns the part that the piece's label opens.
func (p piece) part() part {
	made := part{span: p.span, role: p.role, label: p.label}
	if p.rest != "" {
		made.texts = []located{{p.span, p.rest}}
	}
	return made
}

// textPart makes a part of the whole piece, for one without a label.
func (p piece) textPart(r role) part {
	return part{span: p.span, role: r, texts: []located{p.located}}
}

// side reports whether the label names a side of code and no part of a story: then the piece belongs to a correction.
func (p piece) side() bool { return p.role&(bad|good) != 0 && p.role&chainParts == 0 }

// namesPart returns the part of a story that the first sentence of a paragraph names explicitly; 0 if it names none.
func namesPart(p piece) role {
	if p.block.kind != paragraph {
		return 0
	}
	if r, named := roleOfSentence(sentences(p.text)[0]); named {
		return r
	}
	return 0
}

// extendLast adds lines to the last piece.
func extendLast(all []piece, lines []string) {
	if len(lines) == 0 {
		return
	}
	last := &all[len(all)-1]
	last.text += "\n" + strings.Join(lines, "\n")
	if last.label == "" {
		return
	}
	rest := []string{last.rest}
	for _, line := range lines {
		if line = strings.TrimRight(line, " \t"); line != "" {
			rest = append(rest, line)
		}
	}
	last.rest = strings.TrimSpace(strings.Join(rest, "\n"))
}
