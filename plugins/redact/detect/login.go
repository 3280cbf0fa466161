package detect

// prompt looks for the user's name in a prompt, before the @ at a place: jane@box:~/src$ or [jane@box src]$.
func (s *search) prompt(at int) {
	host := s.labelEnd(at + 1)
	if host == len(s.text) || s.text[host] != ':' && s.text[host] != ' ' {
		return // as after most addresses
	}
	start := s.labelStart(at, 64)
	if start == at || nobodys(s.text[start:at]) || !beforePrompt().MatchString(s.text[max(0, start-24):start]) {
		return
	}
	if afterPrompt().MatchString(s.text[at:min(len(s.text), at+200)]) {
		s.add(Finding{Start: start, End: at, Kind: Home})
	}
}

var (
	beforePrompt = newForm(`(?:^|[\r\n])[ \t>]*(?:\([\w.-]{1,16}\) ?)?["\[]?$|": ?"$`)
	afterPrompt  = newForm(`^@[\w.-]+(?::[~/][^\n$#]{0,100}| [^\n\]]{1,60}\])[$#](?:[ \n]|$)`)
)

// comment looks for the user's name after a public key of SSH, before the @ at a place.
func (s *search) comment(at int) {
	start := s.labelStart(at, 64)
	if start < leastKey || start == at || !isEncoded[s.text[start-leastKey/2]] || s.text[start-1] != ' ' || nobodys(s.text[start:at]) {
		return
	}
	if publicKey().MatchString(s.text[max(0, start-1<<10):start]) {
		s.add(Finding{Start: start, End: at, Kind: Home})
	}
}

// leastKey is how long a public key is at least.
const leastKey = 68

var publicKey = newForm(` AAAA[A-Za-z0-9+/]{60,}={0,2} $`)

// login looks for the user's name in the environment's variables for it, and in what id prints.
func (s *search) login(at, n int) int {
	start := at + n
	end := s.labelEnd(start)
	if start == end || end-start > 64 {
		return at
	}
	named := isUpper(s.text[at]) && s.startsLine(at) && (end == len(s.text) || s.text[end] == '\n' || s.text[end] == '\r')
	if s.text[start-1] == '(' {
		named = end < len(s.text) && s.text[end] == ')'
	}
	if named && !nobodys(s.text[start:end]) {
		s.add(Finding{Start: start, End: end, Kind: Home})
	}
	return at
}

// id looks for the user's name in what id prints, after uid=1000( and the like.
func (s *search) id(at, n int) int {
	if m := identity().FindString(s.text[at+n : min(len(s.text), at+n+12)]); m != "" {
		return s.login(at, n+len(m))
	}
	return at
}

var identity = newForm(`^(?:501|\d{4,})\(`)
