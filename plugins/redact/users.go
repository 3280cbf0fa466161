package redact

import (
	"strings"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// user replaces the name of a user that a home folder told where a text says that it is one.
func (p *pass) user(user, field, text, where string) string {
	text = p.put(p.users[user], detect.Users(field, text, user), text, where)
	text = p.put(p.users[user], detect.CutUsers(text, user), text, where)
	first, rest, parted := strings.Cut(detect.Flat(user), "-")
	if !parted {
		return text
	}
	// In the flat names of folders its first part was taken for the whole, or for nobody's.
	if holder, found := p.users[first]; found {
		first = holder
	}
	return p.put(p.users[user], detect.FlatHomes(text, first+"-"+rest), text, where)
}

// put puts a user's placeholder where the name was found.
func (p *pass) put(holder string, found []detect.Finding, text, where string) string {
	for i := len(found) - 1; i >= 0; i-- {
		text = text[:found[i].Start] + holder + text[found[i].End:]
		p.counts[place{kind: string(detect.Home), where: where}]++
	}
	return text
}
