package detect

import "strings"

// commands are the forms of commands and calls that are known to take a password without a name, with what they begin with.
var commands = []struct {
	begins string
	form   form
}{
	{"sshpass", newForm(`^(?i:sshpass)\s+-p\s*["']?([^\s"'$]{4,})`)},
	{"mysql", newForm(`^mysql(?:dump|admin)?\s(?:[^\n|;]*?\s)?-p["']?([^\s"'$]{4,})`)},
	{"mongo", newForm(`^mongo(?:sh|dump|restore|export|import)?\s(?:[^\n|;]*?\s)?-p[ =]?["']?([^\s"'$]{4,})`)},
	{"docker login", newForm(`^docker login\s(?:[^\n|;]*?\s)?-p[ =]["']?([^\s"'$]{4,})`)},
	{"podman login", newForm(`^podman login\s(?:[^\n|;]*?\s)?-p[ =]["']?([^\s"'$]{4,})`)},
	{"redis-cli", newForm(`^redis-cli\s(?:[^\n|;]*?\s)?-a ["']?([^\s"'$]{4,})`)},
	{"zip -p", newForm(`^zip -P ?["']?([^\s"'$]{4,})`)},
	{"smbclient", newForm(`^smbclient\s(?:[^\n|;]*?\s)?-U ?["']?[\w.\\-]+%([^\s"'$]{4,})`)},
	{"-passin", newForm(`^-passin ["']?pass:([^\s"'$]{4,})`)},
	{"-passout", newForm(`^-passout ["']?pass:([^\s"'$]{4,})`)},
	{"identified ", newForm(`^(?i:identified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?)["']?([^\s"'$;,)]{4,})`)},
	{"securestring ", newForm(`^(?i:securestring\s+(?:-string\s+)?)["']([^"'$\n]{4,})`)},
	{"basicauth(", newForm(`^(?i:basicauth)\(\s*(?:\w+\s*=\s*)?["'][^"'\n]{1,64}["']\s*,\s*(?:\w+\s*=\s*)?["']([^"'\n]{4,})["']`)},
	{"auth=(", newForm(`^auth=\(\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']\s*\)`)},
	{"networkcredential(", newForm(`^(?i:networkcredential)\(\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"passwordcredentials(", newForm(`^(?i:passwordcredentials)\(\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"basic_auth(", newForm(`^basic_auth\(\s*["'][^"'\n]{1,64}["']\s*,\s*(?:Some\()?["']([^"'\n]{4,})["']`)},
	{".login(", newForm(`^\.login\(\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"auth = (", newForm(`^auth = \(\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']\s*\)`)},
	{"getconnection(", newForm(`^(?i:getconnection)\(\s*["'][^"'\n]{1,200}["']\s*,\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"mysql.connect(", newForm(`^mysql\.connect\(\s*["'][^"'\n]{1,64}["']\s*,\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"pdo(", newForm(`^(?i:pdo)\(\s*["'][^"'\n]{1,200}["']\s*,\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"mysqli(", newForm(`^mysqli\(\s*["'][^"'\n]{1,64}["']\s*,\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"mysqli_connect(", newForm(`^mysqli_connect\(\s*["'][^"'\n]{1,64}["']\s*,\s*["'][^"'\n]{1,64}["']\s*,\s*["']([^"'\n]{4,})["']`)},
	{"echo ", newForm(`^echo\s+(?:-n\s+)?["']?(?:[\w.-]+:)?([^\s"'$|:]{4,})["']?\s*\|\s*(?:sudo\s[^\n|]*-S|(?:sudo )?(?:chpasswd|passwd --stdin)|[^\n|]*--password-stdin)`)},
	{":5432:", newForm(passwordLine)},
	{":*:*:", newForm(passwordLine)},
	{"requirepass ", newForm(`^requirepass ["']?([^\s"'$]{6,})`)},
	{"masterauth ", newForm(`^masterauth ["']?([^\s"'$]{6,})`)},
	{"keyvault secret set", newForm(`^keyvault secret set (?:[^\n|;]*?\s)?--value[ =]["']?([^\s"'$]{6,})`)},
	{"ssh-keygen ", newForm(`^ssh-keygen (?:[^\n|;]*?\s)?-N ?["']([^"'$\n]{4,})["']`)},
	{"ldap", newForm(`^ldap(?:search|add|modify|delete|passwd|whoami)\s(?:[^\n|;]*?\s)?-w ["']?([^\s"'$]{4,})`)},
	{"sqlcmd", newForm(`^sqlcmd\s(?:[^\n|;]*?\s)?-P ?["']?([^\s"'$]{4,})`)},
	{"cqlsh", newForm(`^cqlsh\s(?:[^\n|;]*?\s)?-p ["']?([^\s"'$]{4,})`)},
	{"mosquitto_", newForm(`^mosquitto_[ps]ub\s(?:[^\n|;]*?\s)?-P ["']?([^\s"'$]{4,})`)},
	{"7z ", newForm(`^7z (?:a|x|e|l|t)\s(?:[^\n|;]*?\s)?-p["']?([^\s"'$]{4,})`)},
	{"http -a ", newForm(`^http -a ["']?[\w.@-]+:([^\s"'$]{4,})`)},
	{"nmcli ", newForm(`^nmcli\s(?:[^\n|;]*?\s)?password ["']?([^\s"'$]{8,})`)},
	{"wpa_passphrase ", newForm(`^wpa_passphrase\s(?:"[^"\n]*"|\S+)\s["']?([^\s"'$]{8,})`)},
	{"xfreerdp", newForm(`^xfreerdp\d?\s(?:[^\n|;]*?\s)?/p:["']?([^\s"'$]{4,})`)},
	{"net use ", newForm(`^net use (?:[^\n|;]*?\s)?/user:\S+ ["']?([^\s"'$/]{4,})`)},
	{"sqlplus ", newForm(`^sqlplus (?:-\w+ )*["']?\w+/([^\s"'$@]{4,})`)},
	{"jdbc:oracle:thin:", newForm(`^jdbc:oracle:thin:\w+/([^\s"'$@]{4,})@`)},
	{"secret set ", newForm(`^secret set \w+ (?:[^\n|;]*?\s)?(?:--body|-b)[ =]["']?([^\s"'$]{8,})`)},
	{"npmauthident", newForm(`^npmAuthIdent["']?:? ["']?[\w.@-]+:([^\s"'$]{4,})`)},
	{"totp(", newForm(`^(?i:totp)\(["']([A-Z2-7]{16,64})["']`)},
	{"oathtool ", newForm(`^oathtool (?:[^\n|;]*?\s)?["']?([A-Z2-7]{16,64})\b`)},
	{"wallet(", newForm(`^(?i:wallet)\(["'](?:0x)?([0-9a-fA-F]{64})["']`)},
	{"importprivkey", newForm(`^importprivkey ["']?(\w{51,52})\b`)},
	{"password:", newForm(expected)},
	{"assword:", newForm(expected)},
	{"htpasswd -", newForm(`^htpasswd -[a-zA-Z]*b[a-zA-Z]*\s+\S+\s+\S+\s+["']?([^\s"'$]{4,})`)},
}

// expected matches the prompt for a password that a script waits for, and the answer that it sends.
const expected = `^(?i:p?assword:)[^"'\n]{0,4}["'}]\)?\s*;?\s*\{?\s*(?:\w+\.)?send(?:line)?\(?\s*(?:--\s*)?["']([^"'\\\n]{4,})`

// passwordLine matches the rest of a line of PostgreSQL's password file after the host.
const passwordLine = `^:(?:\d{4,5}|\*):[\w*-]+:[\w*.-]+:([^\s"'$:*\\]{4,})(?:[\s"'\\]|$)`

// command looks for the password of a command or call.
func (s *search) command(at int, form form) int {
	if m := form().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+300)]); m != nil {
		value := s.text[at+m[2] : at+m[3]]
		if (random(value) || strong(value, line) && !plain(value)) && !placeholderLike(value) && !strings.ContainsAny(value, " `") {
			s.add(Finding{Start: at + m[2], End: at + m[3], Kind: Secret, Rule: "password"})
		}
	}
	return at
}
