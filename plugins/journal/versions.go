package journal

import (
	"slices"
	"strings"
)

// A version is a side with the language of its fence.
type version struct {
	side
	lang  string
	mixed bool // its fence holds the other side too, or says itself which side it is
}

// versions lists the code in blocks whose side is known: by marks inside it, by the caption above it, or by around, the
// heading above them all.
func (f *correctionFinder) versions(s *section, blocks []block, around role) []version {
	var all []version
	caption, reason := sideOf(around), ""
	together := pieces(blocks)
	for i, p := range together {
		switch b := p.block; {
		case p.label == "" && b.kind == fence:
			all = append(all, f.complete(s, f.fence(b, caption, reason), together[i+1:])...)
			caption, reason = sideOf(around), ""
		case p.label == "" && b.kind == list:
			all = append(all, f.complete(s, f.list(s, b), nil)...)
		case p.role&cause != 0 && p.rest != "" && len(all) > 0 && all[len(all)-1].reason == "":
			all[len(all)-1].reason = p.rest
		case p.label != "":
			caption, reason = sideOf(p.role|signRole(p.label)), p.rest
			if code, ok := inlineCode(p.rest); ok && caption != 0 && !path().MatchString(code) {
				all = append(all, version{side: side{span: p.span, role: caption, code: code}})
				caption, reason = sideOf(around), ""
			}
		case b.kind == paragraph:
			if n := len(all); n > 0 && all[n-1].explained(p) {
				all[n-1].reason = because(p.text)
				continue
			}
			caption, reason = captionOf(p.text, sideOf(around))
		}
	}
	return all
}

// explained reports whether a paragraph right below a version gives its reason.
func (v version) explained(p piece) bool {
	r, _ := captionOf(p.text, 0)
	return r == 0 && !v.mixed && v.role != 0 && v.reason == "" && words(p.text) > 2 && p.first <= v.last+2 && !strings.HasSuffix(p.text, ":")
}

// captionOf reads a paragraph such as "Wrong:" or "❌ Bad - leaks" above code.
func captionOf(text string, around role) (role, string) {
	if strings.Contains(text, "\n") {
		return around, ""
	}
	if r, reason := markOf(unmarked(text)); r != 0 {
		return r, reason
	}
	return around, ""
}

// complete pairs versions if they hold both sides. Then they separate what stands before them from what follows, except for a
// paragraph that explains them.
func (f *correctionFinder) complete(s *section, all []version, later []piece) []version {
	groups := grouped(all)
	if len(groups) < 2 {
		return all
	}
	last := &all[len(all)-1]
	if reasonless(all) && len(later) > 0 && later[0].label == "" && later[0].block.kind == paragraph {
		if shown := (version{side: side{span: span{last.first, last.last + 1}, role: last.role}}); shown.explained(later[0]) {
			last.reason = later[0].text
		}
	}
	f.pair(s, all)
	return []version{{side: side{span: last.span}}}
}

func reasonless(all []version) bool {
	return !slices.ContainsFunc(all, func(v version) bool { return v.reason != "" })
}

// fence lists the versions in a fence.
func (f *correctionFinder) fence(b block, caption role, reason string) []version {
	inner := sides(b)
	if b.lang == "diff" || b.lang == "patch" {
		inner, b.lang = diffSides(b), ""
	}
	if len(inner) == 0 && caption != 0 {
		if caption == bad {
			f.used.noteFence(b.first)
		}
		return []version{{side: side{span: b.span, role: caption, reason: bare(reason), code: b.code}, lang: b.lang}}
	}
	var all []version
	for _, one := range inner {
		f.used.noteFence(b.first)
		all = append(all, version{side: one, lang: b.lang, mixed: true})
	}
	return all
}

// list reads items that are a sign or a word for a side and then code, inline or in a fence.
func (f *correctionFinder) list(s *section, b block) []version {
	var all []version
	for _, it := range b.items {
		first, rest, _ := strings.Cut(it.text, "\n")
		r, tail := role(0), ""
		if label, text, ok := leading(first); ok {
			r, tail = sideOf(roleOf(label)|signRole(first)), text
		} else if r = sideOf(signRole(first)); r != 0 {
			tail = trimSymbols(first)
		}
		if code, reason := codeAndReason(tail); r != 0 && code != "" && rest == "" {
			all = append(all, version{side: side{span: it.span, role: r, code: code, reason: reason}})
			continue
		}
		all = append(all, f.versions(s, it.blocks, r)...)
	}
	return all
}

// path matches the name of a file, which is no code.
var path = newForm(`^[~.]?[\w./\\-]*/?[\w-]+\.[a-z]{1,5}$`)

var leadingCode = newForm("^`([^`]+)` (\\S.*)$")

// codeAndReason splits "`code` - reason" and "`code` to do something".
func codeAndReason(text string) (code, reason string) {
	if code, ok := inlineCode(text); ok {
		if path().MatchString(code) {
			return "", ""
		}
		return code, ""
	}
	if at := outsideCode(reasonSeparator, text); at != nil {
		if code, ok := inlineCode(text[:at[0]]); ok {
			return code, bare(text[at[1]:])
		}
	}
	if at := leadingCode().FindStringSubmatch(text); at != nil && !path().MatchString(at[1]) {
		return at[1], bare(at[2])
	}
	return "", ""
}
