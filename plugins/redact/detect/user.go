package detect

import "strings"

// A user's name that a home folder told may be a word, too, and the name of a service: /home/oracle. Elsewhere it is looked
// for where something says that it is a user's.

// Users finds the name of a user in the value of a field whose name may say what it is: wherever it says who owns a file,
// logs in or has an account; a first and a last name with a dot between them wherever they stand.
func Users(field, text, user string) []Finding {
	full := fullName().MatchString(user)
	return places(text, user, func(before, after string) bool {
		return !partOf(before, after) && (full || before == "" && after == "" && userField().MatchString(field) ||
			beforeUser().MatchString(before) || afterUser().MatchString(after) && strings.IndexByte("./-", last(before)) < 0 ||
			(before == "" || last(before) == '\n') && rowOfUser().MatchString(after))
	})
}

// FlatHomes finds the name of a user, in its flat spelling, in the names that folders have from their paths.
func FlatHomes(text, user string) []Finding {
	return places(text, user, func(before, after string) bool {
		return flatHome().MatchString(before) && (after == "" || !isAlphanumeric(after[0]))
	})
}

// Flat is the flat spelling of a name, in which what is no letter or digit is a dash.
func Flat(name string) string {
	return strings.Map(func(r rune) rune {
		if wordRune(r) {
			return r
		}
		return '-'
	}, name)
}

// places lists where a name stands in a text between what is as it should be.
func places(text, name string, is func(before, after string) bool) (found []Finding) {
	for at := 0; ; {
		n := strings.Index(text[at:], name)
		if n < 0 {
			return found
		}
		start := at + n
		at = start + len(name)
		if is(text[max(0, start-96):start], text[at:min(len(text), at+40)]) {
			found = append(found, Finding{Start: start, End: at, Kind: Home})
		}
	}
}

// partOf reports whether what stands between two texts is a part of a longer name.
func partOf(before, after string) bool {
	if c := last(before); isWord(c) || c >= 0x80 {
		return true
	}
	return after != "" && (isWord(after[0]) || after[0] >= 0x80 || after[0] == '-' || len(after) > 1 && after[0] == '.' && isWord(after[1]))
}

// last is the last byte of a text; a blank where there is none.
func last(text string) byte {
	if text == "" {
		return ' '
	}
	return text[len(text)-1]
}

var (
	fullName   = newForm(`^[A-Za-z]{2,}\.[A-Za-z]{4,}$`)
	userField  = newForm(`(?i)^(?:login|user|user_?name|log_?name|owner|author|assignee)$`)
	beforeUser = newForm(`[-dlbcps][-rwxsStT]{9}[.+@]?[ \t]+\d+[ \t]+(?:[\w.-]+[ \t]+)?$` + // the columns of an owner and a group
		`|(?:^|[\s"'=:(])~$|/tmp/[\w.]+-$` +
		`|(?:github|gitlab|bitbucket|codeberg|githubusercontent|huggingface)\.\w{2,3}(?:[:/]|/(?:users|repos|orgs)/)$` +
		`|(?i:(?:^|[^a-z])(?:login|user|user_?name|log_?name|owner|author|assignee)\\*["']?[ \t]?[:=][ \t]?\\*["']?)$` +
		`|(?:^|[\s"'(;&|])(?:sudo -u|su|su -|chown(?: -\w+)?|--user|--owner)[ =](?:[\w.-]+:)?$`)
	afterUser = newForm(`^@(?:[A-Za-z<\[]|\d+(?:\.\d+){3})|^:x:\d`)
	flatHome  = newForm(`-(?:home|Users)-$`)
	rowOfUser = newForm(`^[ \t]+(?:\d+[ \t]+\d|pts/|tty|console)`) // of ps and who
)
