package detect

import "strings"

// A user's name that was found in a home folder may also be a word or the name of a service: /home/oracle. So elsewhere it is
// looked for only where something says that it is a user's.

// Users finds the name of a user in the value of a field whose name may say what it is: wherever the text says that somebody
// of that name owns a file, logs in or has an account. A first and a last name with a dot between them it finds anywhere.
func Users(field, text, user string) []Finding {
	full := isFullName(user)
	return findName(text, user, Home, func(before, after string) bool {
		switch {
		case strings.HasPrefix(after, "("): // a function
			return false
		case partOf(before, after):
			return strings.HasSuffix(before, "-u") && glued().MatchString(before) && !partOf("", after)
		case full:
			return true
		case !mayTell(before, after):
			return false
		}
		return before == "" && after == "" && userField().MatchString(field) ||
			beforeUser().MatchString(before) || afterUser().MatchString(after) && strings.IndexByte("./-", last(before)) < 0 ||
			strings.HasSuffix(before, "://") && inURLOfUser().MatchString(after) ||
			(before == "" || last(before) == '\n') && rowOfUser().MatchString(after)
	})
}

// mayTell reports whether the nearest characters can say that a name is a user's. It saves running the expressions at every
// place of a text that is full of the name as a word.
func mayTell(before, after string) bool {
	if before == "" || last(before) == '\n' || strings.IndexByte(`~-/:="'`, last(before)) >= 0 ||
		after != "" && strings.IndexByte(`@:'"`, after[0]) >= 0 || strings.HasPrefix(after, " : ") {
		return true
	}
	if last(before) != ' ' && last(before) != '\t' {
		return false
	}
	words := strings.TrimRight(before, " \t")
	word := words[strings.LastIndexAny(words, " \t\n\"'(;&|/")+1:]
	return word == "su" || word == "chown" || strings.HasPrefix(word, "-") || strings.IndexByte(":=", last(words)) >= 0 ||
		strings.Contains(before, "rw") || strings.Contains(before, "r-") || strings.Contains(before, "---") // the mode of a file
}

// isFullName reports whether a user's name is a first and a last name, and could not be that of a file or a host.
func isFullName(user string) bool {
	if !fullName().MatchString(user) {
		return false
	}
	_, ending, _ := strings.Cut(user, ".")
	return !fileEndings[lower(ending)]
}

// leastCut is how many bytes of a name have to be left of it to say whose it is.
const leastCut = 5

// CutUsers finds the beginning of a user's name with a plus for the rest, as programs write it in a column that is too narrow.
func CutUsers(text, user string) (found []Finding) {
	if len(user) <= leastCut {
		return nil
	}
	for _, f := range everywhere(text, user[:leastCut], Home) {
		for at := leastCut; at < len(user) && f.End < len(text) && text[f.End] == user[at]; at++ {
			f.End++
		}
		if f.End == len(text) || text[f.End] != '+' {
			continue
		}
		f.End++
		before, after := text[max(0, f.Start-96):f.Start], text[f.End:min(len(text), f.End+40)]
		if strings.HasPrefix(after, " ") && ownerColumn().MatchString(before) || rowOfCut().MatchString(before) && rowOfUser().MatchString(after) {
			found = append(found, f)
		}
	}
	return found
}

// FlatHomes finds the name of a user, in its flat spelling, in the names that folders have from their paths.
func FlatHomes(text, user string) []Finding {
	return findName(text, user, Home, func(before, after string) bool {
		return flatHome().MatchString(before) && (after == "" || !isAlphanumeric(after[0]))
	})
}

// Flat returns the flat spelling of a name, in which a dash stands for whatever is no letter or digit.
func Flat(name string) string {
	return strings.Map(func(r rune) rune {
		if wordRune(r) {
			return r
		}
		return '-'
	}, name)
}

// Authors finds a name where it stands as a whole.
func Authors(text, name string) []Finding {
	return findName(text, name, Author, func(before, after string) bool { return !partOf(before, after) })
}

// findName lists where a name stands in a text and is reports true for what stands before and after it, as findings of a kind.
func findName(text, name string, kind Kind, is func(before, after string) bool) (found []Finding) {
	for at := 0; ; {
		n := strings.Index(text[at:], name)
		if n < 0 {
			return found
		}
		start := at + n
		at = start + len(name)
		if is(text[max(0, start-96):start], text[at:min(len(text), at+40)]) {
			found = append(found, Finding{Start: start, End: at, Kind: kind})
		}
	}
}

// everywhere finds a value wherever it stands in a text.
func everywhere(text, value string, kind Kind) []Finding {
	return findName(text, value, kind, func(_, _ string) bool { return true })
}

// partOf reports whether what stands between two texts is a part of a longer name.
func partOf(before, after string) bool {
	if c := last(before); isWord(c) || c >= 0x80 {
		return true
	}
	return after != "" && (isWord(after[0]) || after[0] >= 0x80 || after[0] == '-' || len(after) > 1 && after[0] == '.' && isWord(after[1]))
}

// last returns the last byte of a text, or a blank if there is none.
func last(text string) byte {
	if text == "" {
		return ' '
	}
	return text[len(text)-1]
}

// fileEndings holds what files and hosts often have after a dot, so that it is no last name.
var fileEndings = func() map[string]bool {
	set := map[string]bool{}
	for _, ending := range strings.Fields(`app astro avi bak bash bat bin biz bmp cer cfg cjs cmd com conf config cpp crt css csv dat deb dev dll
		dmg doc docx edu env eps exe gif gov gql graphql gradle hcl hpp htm html http info ini ipynb iso jar java jpeg jpg json jsonl jsx
		local lock log lua mdx mjs mov mp mpg net nix org ogg old orig out parquet pdf pem php pkl png ppt pptx prisma properties proto pub
		pyc pyi rar rpm rst rtf sass scss sql sqlite svelte svg swp tar test tex text tfvars tgz tif tiff tmp toml tpl tsv tsx ttf txt vim
		vue wasm wav webm webp xls xlsx xml xyz yaml yml zip zsh cs go js md py rb rs sh ts`) {
		set[ending] = true
	}
	return set
}()

// owner matches what stands before the owner of a file, or before its group, in a list of files.
const owner = `[-dlbcps][-rwxsStT]{9}[.+@]?[ \t]+\d+[ \t]+(?:[\w.+-]+[ \t]+)?$`

var (
	fullName   = newForm(`^[A-Za-z]{2,}\.[A-Za-z]{3,}$`)
	userField  = newForm(`(?i)^(?:login|user|user_?name|log_?name|owner|author|assignee)$`)
	beforeUser = newForm(owner +
		`|(?:^|[\s"'=:(])~$|/tmp/[\w.]+-$` +
		`|(?:github|gitlab|bitbucket|codeberg|githubusercontent|huggingface|docker|ghcr|quay)\.\w{2,3}(?:[:/]|/(?:users|repos|orgs|[ru])/)$` +
		`|/(?:var/mail|var/spool/(?:mail|cron(?:/crontabs|/tabs)?)|run/user|run/media)/$` +
		`|(?i:(?:^|[^a-z])(?:login|user|user_?name|log_?name|owner|author|assignee)\\*["']?[ \t]?[:=][ \t]?\\*["']?)$` +
		`|(?:^|[\s"'(;&|])(?:sudo -u|su|su -|chown(?: -\w+)?|--user|--owner)[ =](?:[\w.-]+:)?$` +
		`|(?:^|[\s"'(;&|/])(?:(?:mysql\w*|mariadb[\w-]*|crontab|psql|pg_\w+|curl|docker)(?: [^\n;&|]*)? -[uU]|ssh(?: [^\n;&|]*)? -l)[ =]["']?$`)
	glued     = newForm(`(?:^|[\s"'(;&|/])(?:mysql\w*|mariadb[\w-]*)(?: [^\n;&|]*)? -u$`) // mysql -uNAME
	afterUser = newForm(`^@(?:[A-Za-z<\[]|\d+(?:\.\d+){3})|^['"]@['"]|^:x:\d` +
		`|^ : (?:[\w ]{1,30}; )?(?:TTY|PWD)\b`) // of sudo in a system's log
	inURLOfUser = newForm(`^(?::[^\s@/]*)?@`)
	ownerColumn = newForm(owner)
	rowOfCut    = newForm(`(?:^|\n)[ \t]*(?:\d+[ \t]+)?$`) // top begins with the process
	flatHome    = newForm(`-(?:home|Users)-$`)
	rowOfUser   = newForm(`^[ \t]+(?:\d+[ \t]+\d|pts/|tty|console)`) // of ps and who
)
