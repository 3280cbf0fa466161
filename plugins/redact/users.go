package redact

import (
	"strings"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// user replaces the name of a user, known from a home folder, wherever a text says that it is a user's.
func (p *pass) user(user, field, text, where string) string {
	home := place{kind: string(detect.Home), where: where}
	text = p.put(home, p.users[user], detect.Users(field, text, user), text)
	text = p.put(home, p.users[user], detect.CutUsers(text, user), text)
	first, rest, parted := strings.Cut(detect.Flat(user), "-")
	if !parted {
		return text
	}
	// In the flat names of folders its first part was taken for the whole name and perhaps replaced, or for nobody's.
	if placeholder, found := p.users[first]; found {
		first = placeholder
	}
	return p.put(home, p.users[user], detect.FlatHomes(text, first+"-"+rest), text)
}

// put puts a placeholder where its value was found.
func (p *pass) put(at place, placeholder string, found []detect.Finding, text string) string {
	for i := len(found) - 1; i >= 0; i-- {
		text = text[:found[i].Start] + placeholder + text[found[i].End:]
		p.counts[at]++
	}
	return text
}
