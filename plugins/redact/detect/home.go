package detect

import (
	"strings"
)

// home looks for the user's name after a folder that holds homes, whose name has n bytes. It also looks for it in names that
// folders of projects have from their paths: -home-jane-src.
func (s *search) home(at, n int) int { return s.homeBelow(at, n, at+n) }

// homeBelow is home for a user's name that begins at start: after the folder, or below a department there.
func (s *search) homeBelow(at, n, start int) int {
	flat := s.text[at] == '-'
	if flat && !s.beginsFlatName(at) || s.continuesPath(at) || s.isRoute(at, n) {
		return at
	}
	below := start > at+n
	for start < len(s.text) && s.text[start] == '\\' { // escaped once more
		start++
	}
	end := s.homeEnd(at, start)
	name := s.text[start:end]
	goesOn := end < len(s.text) && s.text[end] == s.text[start-1] // with what is in the home
	switch {
	case name == "" || name[0] == '.' || isFile(name) && !goesOn || nobodys(name):
		return at
	case end < len(s.text) && strings.IndexByte("(*{$<", s.text[end]) >= 0: // code or a template
		return at
	case !flat && !below && goesOn && department().MatchString(name):
		return s.homeBelow(at, n, end+1)
	}
	s.add(Finding{Start: start, End: end, Kind: Home})
	return at
}

// beginsFlatName reports whether the dash at a place begins the name of a folder that is named by a path, perhaps after the
// letter of a drive.
func (s *search) beginsFlatName(at int) bool {
	return at == 0 || strings.IndexByte("/\\ \t\n\"'`(=:", s.text[at-1]) >= 0 || flatDrive().MatchString(s.text[max(0, at-3):at])
}

// continuesPath reports whether the slash at a place goes on with another path or a URL, so that no homes are below it.
func (s *search) continuesPath(at int) bool {
	if at == 0 || s.text[at] != '/' {
		return false
	}
	if isWord(s.text[at-1]) {
		return !drive(s.text[:at]) && !root().MatchString(s.text[max(0, at-16):at])
	}
	return strings.IndexByte("}>)*", s.text[at-1]) >= 0
}

// isRoute reports whether the folder at a place, whose name has n bytes, is of a URL and holds no homes: /users/12, /Home/.
func (s *search) isRoute(at, n int) bool {
	if s.text[at] == '/' && s.text[at+1] == 'H' {
		return true
	}
	if lower(s.text[at:at+n]) == "/users/" && s.text[at+1] != 'U' && !drive(s.text[:at]) {
		return true
	}
	return strings.HasSuffix(lower(s.text[max(0, at-24):at]), "github.com")
}

// homeEnd returns where the user's name ends that begins at start, for the folder of homes at a place.
func (s *search) homeEnd(at, start int) int {
	flat := s.text[at] == '-'
	end := start
	for end < len(s.text) && (isWord(s.text[end]) || s.text[end] >= 0x80 || !flat && strings.IndexByte("-.+", s.text[end]) >= 0) {
		end++
	}
	if end < len(s.text) && s.text[end] == ' ' && (s.text[at] == '\\' || drive(s.text[:at])) { // C:\Users\Jane Doe\
		if m := spaced().FindString(s.text[end:min(len(s.text), end+40)]); m != "" {
			end += len(m) - 1
		}
	}
	for !flat && end > start && strings.IndexByte(".-+", s.text[end-1]) >= 0 {
		end--
	}
	return end
}

// nobodys reports whether a name in the place of a user's is no person's, or a placeholder.
func nobodys(name string) bool {
	return nobodysHome[lower(name)] || homeHolder().MatchString(lower(name)) || digits(name)
}

// isFile reports whether a name ends as those of files do: /home/index.js.
func isFile(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	return dot > 0 && fileEndings[lower(name[dot+1:])]
}

// department matches a folder between that of homes and a home.
var department = newForm(`^(?i:corp|domain|staff|students)$`)

var spaced = newForm(`^(?: [A-Z][\w.]*){1,3}[\\/]`)

// root matches folders above those of homes.
var root = newForm(`(?:^|[^\w/.-])(?:/var|/export|/usr|/data|/net|/mnt)$|wsl(?:\+|%2B)[\w.-]+$`)

// flatDrive matches the letter of a drive in the name of a folder that is named by a path: C--Users-jane-src.
var flatDrive = newForm(`(?:^|[^A-Za-z0-9])[A-Za-z]-$`)

// drive reports whether a text ends with the letter of a drive, as Windows and what runs on it write it.
func drive(before string) bool {
	if last := len(before) - 1; last < 0 || before[last] != ':' && (last == 0 || before[last-1] != '/') {
		return false
	}
	return driveEnd().MatchString(before[max(0, len(before)-8):])
}

var driveEnd = newForm(`(?:^|[^A-Za-z])[A-Za-z]:$|(?:^|/mnt|/cygdrive|[^\w.-])/[a-z]$`)

// homeHolder matches what stands in the place of a user's name that was found: user, perhaps with a number or a digest.
var homeHolder = newForm(`^user(?:[0-9]{0,4}|[0-9a-f]{8})$`)

// nobodysHome are names in the place of a user's that are no person's.
var nobodysHome = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(`users username runner runneradmin root ubuntu debian
		centos fedora ftp admin administrator vscode node app git www www-data nginx shared public default guest all ec2-user jovyan circleci
		codespace coder gitpod vagrant pi dev developer devuser me you your yourname your-name your_name yourusername your-username name myuser
		testuser test tester someone somebody foo bar alice bob jdoe johndoe john.doe example sandbox agent claude bot player runtime linuxbrew
		build builder builds jenkins actions docker container appuser nonroot nobody service deploy index home src project projects workspace x y z
		path page layout static assets login profile settings about api`) {
		set[name] = true
	}
	return set
}()
