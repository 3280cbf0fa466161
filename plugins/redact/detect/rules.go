package detect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/zricethezav/gitleaks/v8/config"
)

// A Rule describes a kind of secret, in the terms of gitleaks' configuration.
type Rule struct {
	ID         string      `toml:"id"`
	Regex      string      `toml:"regex"` // RE2; the secret is its first group that holds something, else all of it
	Group      int         `toml:"secretGroup"`
	Entropy    float64     `toml:"entropy"`  // what the entropy of the secret must exceed, in bits a byte
	Keywords   []string    `toml:"keywords"` // one of which the text must hold, in any case, unless the expression begins tellingly; of two letters or more
	Allowlists []Allowlist `toml:"allowlists"`
}

// An Allowlist says what a rule lets stand: values that one of the expressions matches, or that hold a stop word.
type Allowlist struct {
	Condition string   `toml:"condition"`   // "OR" (default) if one criterion is enough, or "AND"
	Target    string   `toml:"regexTarget"` // what the expressions look at: the secret (default), "match" or "line"
	Regexes   []string `toml:"regexes"`
	StopWords []string `toml:"stopwords"`
	Paths     []string `toml:"paths"` // no text has a path, so these never apply
}

// configuration is the part of gitleaks' configuration that is about text.
type configuration struct {
	Allowlist  *Allowlist  `toml:"allowlist"` // the older way to write the next
	Allowlists []Allowlist `toml:"allowlists"`
	Rules      []Rule      `toml:"rules"`
}

// replacedRules lists rules of gitleaks that this package does without. What they look for is found by name, header or URL
// and then judged by its value, or they call any hash a secret if some word stands anywhere in the text, or ownRules has
// another.
var replacedRules = map[string]bool{
	"generic-api-key": true, "kubernetes-secret-yaml": true, "hashicorp-tf-password": true, "curl-auth-header": true,
	"curl-auth-user": true, "slack-webhook-url": true, "github-fine-grained-pat": true, "sourcegraph-access-token": true,
}

// addRules adds the rules that are right. It returns what is wrong with the others.
func (d *Detector) addRules(o Options) []error {
	text, own := o.Rules, o.Rules == nil
	if own {
		text = []byte(config.DefaultConfig)
	}
	var c configuration
	if err := toml.Unmarshal(text, &c); err != nil {
		return []error{fmt.Errorf("read rules: %w", err)}
	}
	if c.Allowlist != nil {
		c.Allowlists = append(c.Allowlists, *c.Allowlist)
	}
	var wrong, faults []error
	d.globalAllow, wrong = newAllowlist(c.Allowlists)
	for _, err := range wrong {
		faults = append(faults, fmt.Errorf("rules: %w", err))
	}
	if own {
		c.Rules = adapted(c.Rules)
	}
	for _, r := range slices.Concat(c.Rules, ownRules) {
		faults = append(faults, d.addRule(r, false)...)
	}
	for _, r := range o.Extra {
		faults = append(faults, d.addRule(r, true)...)
	}
	return faults
}

// adapted returns gitleaks' own rules as this package applies them.
func adapted(rules []Rule) (list []Rule) {
	for _, r := range rules {
		if !replacedRules[r.ID] {
			r.Regex = withLooseEnd(r)
			list = append(list, r)
		}
	}
	return list
}

// terminator is how many of gitleaks' expressions end: a quote, a blank or a semicolon. In text a comma, a bracket, an
// ampersand and other signs follow tokens as well.
const terminator = `(?:[\x60'"\s;]|\\[nr]|$)`

// strict lists rules whose expressions say too little to do without the terminator.
var strict = map[string]bool{"vault-service-token": true, "square-access-token": true, "facebook-access-token": true, "facebook-page-access-token": true, "jwt": true}

// withLooseEnd returns a rule's expression, in which a token whose beginning is known may end at any sign but - and _.
func withLooseEnd(r Rule) string {
	if body, found := strings.CutSuffix(r.Regex, terminator); found && strings.HasPrefix(strings.TrimPrefix(r.Regex, `(?i)`), `\b`) && !strict[r.ID] {
		return body + `(?:[^\w-]|$)`
	}
	return r.Regex
}

// A RuleError says which rule is wrong.
type RuleError struct {
	ID    string
	Extra bool // it is one of [Options].Extra
	Err   error
}

func (e *RuleError) Error() string { return fmt.Sprintf("rule %q: %v", e.ID, e.Err) }
func (e *RuleError) Unwrap() error { return e.Err }

// addRule adds a rule, and returns what is wrong with it.
func (d *Detector) addRule(described Rule, extra bool) (wrong []error) {
	for _, err := range d.add(described) {
		wrong = append(wrong, &RuleError{ID: described.ID, Extra: extra, Err: err})
	}
	return wrong
}

func (d *Detector) add(described Rule) (faults []error) {
	if described.Regex == "" {
		return nil // it is about the paths of files
	}
	r := &rule{Rule: described}
	r.allow, faults = newAllowlist(described.Allowlists)
	s, err := shapeOf(described.Regex)
	if err != nil {
		return append(faults, err)
	}
	r.vague = s.vague
	if heads, starts := s.starts(described.Keywords); starts != nil {
		r.matcher.source, r.reach, r.wordStart, r.heads = s.anchored, s.longest, s.wordStart, heads
		r.vague = r.vague || slices.ContainsFunc(heads, head.short)
		for start, next := range starts {
			d.sweep.add(beginning{trigram: start, check: r.anchored}, next, s.wordStart)
		}
		return faults
	}
	r.matcher.source, r.reach = func() string { return described.Regex }, s.longest
	if len(described.Keywords) == 0 || !s.holdsKeyword(described.Keywords) {
		r.reach = unbounded
	}
	if len(described.Keywords) == 0 {
		d.whole = append(d.whole, r)
	}
	for _, keyword := range described.Keywords {
		if len(keyword) < 2 {
			faults = append(faults, fmt.Errorf("the keyword %q is shorter than two letters", keyword))
			continue
		}
		d.sweep.on(keyword, r.around(len(keyword)))
	}
	return faults
}

// ownRules are forms of secrets that gitleaks has no rule for, or a narrower one. Sources are the vendors' descriptions of
// their tokens.
var ownRules = []Rule{
	{ID: "anthropic-api-key", Regex: `\bsk-ant-[a-z]{2,10}\d{0,2}-[A-Za-z0-9_-]{32,}`},
	{ID: "openai-api-key", Regex: `\bsk-(?:proj|svcacct|admin|or-v1|lf|litellm)-[A-Za-z0-9_-]{20,}`},
	{ID: "openai-api-key", Regex: `\bsk-[A-Za-z0-9]{32,}\b`, Entropy: 3.5},
	{ID: "huggingface-access-token", Regex: `\bhf_[A-Za-z0-9]{30,}\b`, Entropy: 3},
	{ID: "groq-api-key", Regex: `\bgsk_[A-Za-z0-9]{40,}\b`},
	{ID: "xai-api-key", Regex: `\bxai-[A-Za-z0-9]{60,}\b`},
	{ID: "replicate-api-token", Regex: `\br8_[A-Za-z0-9]{37}\b`},
	{ID: "gcp-api-key", Regex: `\bAIza[\w-]{35}`, Entropy: 3},
	{ID: "gcp-api-key", Regex: `\bAQ\.Ab8[\w-]{40,}`},
	{ID: "google-oauth-code", Regex: `\b4/[01]A[\w-]{40,}`},
	{ID: "google-oauth-secret", Regex: `\bGOCSPX-[\w-]{24,}`},
	{ID: "google-oauth-token", Regex: `\bya29\.[\w-]{30,}`},
	{ID: "google-refresh-token", Regex: `\b1//0[\w-]{40,}`},
	{ID: "discord-webhook-url", Regex: `discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(\d{15,20}/[\w-]{40,})`},
	{ID: "slack-webhook-url", Regex: `hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/_-]{30,})`, Entropy: 3},
	{ID: "slack-token", Regex: `\bxox[abceoprs]-[A-Za-z0-9-]{20,}`, Entropy: 3},
	{ID: "slack-token", Regex: `\bxapp-\d-[A-Za-z0-9-]{20,}`},
	{ID: "telegram-bot-token", Regex: `\b\d{8,10}:AA[\w-]{32,34}\b`},
	{ID: "stripe-webhook-secret", Regex: `\bwhsec_[A-Za-z0-9+/]{24,}`},
	{ID: "github-token", Regex: `\bgh[pousr]_[A-Za-z0-9]{36,}`, Entropy: 3},
	{ID: "github-fine-grained-pat", Regex: `\bgithub_pat_\w{40,}`, Entropy: 3},
	{ID: "gitlab-token", Regex: `\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[\w-]{20,}`, Entropy: 3},
	{ID: "npm-access-token", Regex: `\bnpm_[A-Za-z0-9]{36}`, Entropy: 3},
	{ID: "pypi-upload-token", Regex: `\bpypi-[A-Za-z0-9_-]{60,}`},
	{ID: "crates-io-token", Regex: `\bcio[A-Za-z0-9]{32}\b`, Entropy: 3.5},
	{ID: "docker-access-token", Regex: `\bdckr_(?:pat|oat)_[\w-]{20,}`},
	{ID: "tailscale-key", Regex: `\btskey-[a-z]+-[\w-]{16,}`},
	{ID: "supabase-token", Regex: `\bsb(?:p_[a-f0-9]{40}|_secret_[\w-]{20,})`},
	{ID: "figma-token", Regex: `\bfig[dou]_?[dur]?_[\w-]{36,}`, Entropy: 3},
	{ID: "vercel-token", Regex: `\bvc[pikra]_[A-Za-z0-9]{24,}`, Entropy: 3.5},
	{ID: "sourcegraph-access-token", Regex: `\bsgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}\b`},
	{ID: "terraform-token", Regex: `\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}`, Keywords: []string{"atlasv1"}},
	{ID: "twilio-api-key", Regex: `\b(?:SK|AC)[0-9a-f]{32}\b`, Entropy: 3},
	{ID: "notion-api-token", Regex: `\bsecret_[A-Za-z0-9]{43}\b`},
	{ID: "mailgun-key", Regex: `\bkey-[a-f0-9]{32}\b`, Entropy: 3},
	{ID: "mailchimp-api-key", Regex: `\b[a-f0-9]{32}-us\d{1,2}\b`, Keywords: []string{"-us0", "-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9"}},
	{ID: "azure-storage-key", Regex: `\b(?i:Account|SharedAccess)(?i:Key)=([A-Za-z0-9+/]{40,}={0,2})`},
	{ID: "azure-sas", Regex: `[?&;]sig=([A-Za-z0-9%+/_-]{40,}={0,2})`},
	{ID: "aws-mws-key", Regex: `\bamzn\.mws\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`},
	{ID: "private-key", Regex: `-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----[\s\S]{64,}?-----END[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----`},
	// A key that the log cut off.
	{ID: "private-key", Regex: `-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----(?:(?:\\+[nr]|\s)*[A-Za-z0-9+/=]{32,})+`},
	{ID: "private-key", Regex: `((?:[A-Za-z0-9+/]{60,76}\s{1,2})+(?:[A-Za-z0-9+/=]{1,76}\s{1,2})?)-----END[ A-Z]{0,30}PRIVATE KEY-----`, Keywords: []string{"-----end"}},
	{ID: "putty-private-key", Regex: `PuTTY-User-Key-File-\d:[\s\S]{0,400}?Private-Lines:[\s\S]{0,8}\n((?:[A-Za-z0-9+/=]{16,}\r?\n)*[A-Za-z0-9+/=]{16,})`},
	{ID: "jwt", Regex: `\bey[A-Za-z0-9_-]{15,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`},
	{ID: "jwt", Regex: `\beyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`},
	{ID: "aws-access-key", Regex: `\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`, Entropy: 2.8, Allowlists: []Allowlist{{Regexes: []string{`EXAMPLE$`}}}},
	{ID: "signed-url", Regex: `[?&;]Signature=([A-Za-z0-9%+/=_~-]{100,})`},
	{ID: "saml", Regex: `\bSAML(?:Response|Request)=([A-Za-z0-9%+/=]{100,})`},
	{ID: "aws-secret-key", Regex: `\b(?:AKIA|ASIA)[A-Z0-9]{16}["']?[\s,:;|]{1,4}(?:\d{4}-\d\d-\d\dT[\d:+Z]{9,15}[\s,]{1,4})?["']?([A-Za-z0-9/+]{40})\b`},
	{ID: "aws-presigned-url", Regex: `X-(?:Amz|Goog)-(?:Signature|Security-Token)=([A-Za-z0-9%+/=_-]{40,})`},
	{ID: "aws-signature", Regex: `/aws4_request,\s*SignedHeaders=[\w;-]+,\s*Signature=([0-9a-f]{64})\b`, Allowlists: []Allowlist{{Target: "line", Regexes: []string{`EXAMPLE/`}}}},
	{ID: "heroku-api-key", Regex: `\bHRKU-[A-Za-z0-9_-]{30,}`},
	{ID: "notion-api-token", Regex: `\bntn_[A-Za-z0-9]{40,}`},
	{ID: "together-api-key", Regex: `\btgp_v1_[\w-]{40,}`},
	{ID: "voyage-api-key", Regex: `\bpa-[\w-]{43}\b`, Entropy: 4.2},
	{ID: "jina-api-key", Regex: `\bjina_[a-f0-9]{32}[\w-]{20,}`},
	{ID: "wandb-api-key", Regex: `\bwandb_v1_[\w-]{60,}`},
	{ID: "apify-api-token", Regex: `\bapify_api_[A-Za-z0-9]{30,}\b`},
	{ID: "context7-api-key", Regex: `\bctx7sk-[a-f0-9-]{36}\b`},
	{ID: "cursor-api-key", Regex: `\bcrsr_[a-f0-9]{64}\b`},
	{ID: "cloudflare-api-token", Regex: `\bcf(?:k|ut|at)_[A-Za-z0-9]{40}[a-f0-9]{8}\b`},
	{ID: "square-secret", Regex: `\bsq0csp-[\w-]{40,}`},
	{ID: "nuget-api-key", Regex: `\boy2[a-z0-9]{43}\b`, Entropy: 3.5},
	{ID: "facebook-access-token", Regex: `\bEAA[A-Z][A-Za-z0-9]{100,}\b`, Entropy: 4},
	{ID: "discord-user-token", Regex: `\bmfa\.[\w-]{80,}`},
	{ID: "webhook-url", Regex: `hooks\.zapier\.com/hooks/catch/(\d+/\w+)`},
	{ID: "webhook-url", Regex: `maker\.ifttt\.com/(?:trigger/[\w-]+/(?:json/)?with|use)/(?:key/)?([\w-]{20,})`},
	{ID: "webhook-url", Regex: `open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/([\w-]{30,})`},
	{ID: "jenkins-password", Regex: `(?i)\bfollowing password to proceed to installation:\s+([0-9a-f]{32})\b`},
	{ID: "elastic-password", Regex: `(?i)\bpassword for the elastic user[^\n]{0,90}:\s+([\w*+=-]{20})(?:\s|$)`, Entropy: 3},
	{ID: "private-key", Regex: `(?i)\bprivate key:?\s{1,3}(?:is:?\s)?(?:0x)?([0-9a-f]{64})\b`, Entropy: 3},
	{ID: "private-key", Regex: `(?i)\baccounts:\s{0,2}\[\s{0,9}["'](?:0x)?([0-9a-f]{64})["']`, Entropy: 3},
	{ID: "private-key", Regex: `(?i)\bwif["']?\s{0,2}[:=]\s{0,2}["']?((?-i:[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}))\b`},
	{ID: "vault-unseal-key", Regex: `(?i)\bunseal key \d+: ([A-Za-z0-9+/=]{40,})`},
	{ID: "vault-secret-id", Regex: `(?i)\bsecret_id["']?[\s:=]{1,12}["']?([a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})\b`},
	{ID: "cloudflare-tunnel-token", Regex: `\beyJhIjoi[\w-]{100,}={0,2}`},
	{ID: "mysql-dsn", Regex: `\w:([^\s"'@:$<{]{4,128})@(?:tcp|unix)\(`, Entropy: 2.9, Keywords: []string{"@tcp(", "@unix("}, Allowlists: []Allowlist{{Regexes: []string{`(?i)pass|secret|example|test`}}}},
	{ID: "curl-auth-user", Regex: `\s(?:-x|--proxy)(?:\s{1,4}|=)["']?[\w.@+-]{1,80}:([^\s"'$<{\\:@/][^\s"'$<{\\@/]{3,199})@`},
	{ID: "curl-auth-user", Regex: `\s(?:-u|--user)(?:\s{1,4}|=)["']?[\w.@+-]{1,80}:([^\s"'$<{\\:][^\s"'$<{\\]{3,199})`},
	{ID: "stripe-access-token", Regex: `\b(?:sk|rk)_(?:live|prod|test)_[A-Za-z0-9]{16,}`, Entropy: 3.5},
	{ID: "vault-service-token", Regex: `\bhv[sb]\.[\w-]{80,}`},
	{ID: "cerebras-api-key", Regex: `\bcsk-[a-z0-9]{40,}`, Entropy: 3.5},
	{ID: "nvidia-api-key", Regex: `\bnvapi-[\w-]{40,}`},
	{ID: "fireworks-api-key", Regex: `\bfw_[A-Za-z0-9]{22,24}\b`, Entropy: 3.5},
	{ID: "elevenlabs-api-key", Regex: `\bsk_[a-f0-9]{48}\b`, Entropy: 3},
	{ID: "tavily-api-key", Regex: `\btvly-(?:dev-|prod-)?[A-Za-z0-9]{24,}`, Entropy: 3.5},
	{ID: "e2b-api-key", Regex: `\be2b_[a-f0-9]{40}\b`},
	{ID: "langsmith-api-key", Regex: `\blsv2_[a-z]{2}_[a-f0-9]{32}_[a-f0-9]{10}\b`},
	{ID: "pinecone-api-key", Regex: `\bpcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{50,}`},
	{ID: "firecrawl-api-key", Regex: `\bfc-[a-f0-9]{32}\b`, Entropy: 3},
	{ID: "openai-session-key", Regex: `\bek_[A-Za-z0-9]{32,}\b`, Entropy: 3},
	{ID: "netlify-access-token", Regex: `\bnf[pcou]_[A-Za-z0-9]{36}\b`, Entropy: 3.5},
	{ID: "neon-api-key", Regex: `\bnapi_[a-z0-9]{60,}\b`},
	{ID: "neon-password", Regex: `\bnpg_[A-Za-z0-9]{12,}\b`, Entropy: 3},
	{ID: "posthog-api-key", Regex: `\bph[xs]_[A-Za-z0-9]{40,}\b`, Entropy: 3.5},
	{ID: "linear-oauth-token", Regex: `\blin_oauth_[a-f0-9]{64}\b`},
	{ID: "atlassian-api-token", Regex: `\bAT(?:ATT3|CTT3|BB)[\w=-]{32,}`, Entropy: 3.5},
	{ID: "resend-api-key", Regex: `\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b`},
	{ID: "render-api-key", Regex: `\brnd_[A-Za-z0-9]{28,}\b`, Entropy: 3.5},
	{ID: "doppler-token", Regex: `\bdp\.(?:st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{1,35}\.)?[A-Za-z0-9]{40,44}\b`},
	{ID: "new-relic-user-key", Regex: `\bNRAK-[A-Z0-9]{27}\b`},
	{ID: "sonar-token", Regex: `\bsq[pua]_[a-f0-9]{40}\b`},
	{ID: "buildkite-token", Regex: `\bbk[ua]a_[a-f0-9]{40}\b`},
	{ID: "circleci-token", Regex: `\bCCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}\b`},
	{ID: "inngest-signing-key", Regex: `\bsignkey-[a-z]+-[a-f0-9]{64}\b`},
	{ID: "trigger-key", Regex: `\btr_(?:prod|dev|stg|preview)_[A-Za-z0-9]{20,}\b`, Entropy: 3.5},
	{ID: "cursor-api-key", Regex: `\bkey_[a-f0-9]{64}\b`},
	{ID: "mapbox-secret-token", Regex: `\bsk\.eyJ[\w-]{40,}\.[\w-]{20,}`},
	{ID: "launchdarkly-key", Regex: `\b(?:sdk|api|mob)-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}\b`},
	{ID: "rapidapi-key", Regex: `\b[A-Za-z0-9]{10}msh[A-Za-z0-9]{15}p1[A-Za-z0-9]{6}jsn[A-Za-z0-9]{12}\b`, Keywords: []string{"jsn"}},
	{ID: "dropbox-token", Regex: `\bsl\.(?:u\.)?[A-Za-z0-9_-]{100,}`, Entropy: 4},
	{ID: "telegram-bot-token", Regex: `\bbot(\d{8,10}:AA[\w-]{32,34})\b`},
	{ID: "slack-token", Regex: `\bxox(?:e\.xox[bp]|d)-[A-Za-z0-9%_/+-]{20,}`, Entropy: 3},
	{ID: "curl-auth-user", Regex: `\s(?:-u|--user)(?:\s{1,4}|=)["']?([\w-]{16,}):(?:["'\s]|$)`, Entropy: 3.5},
	{ID: "jagex-session", Regex: `(?i)JX_SESSION_ID["']?\s{0,2}[:=]\s{0,2}["']?([\w-]{16,})`},
	{ID: "password-hash", Regex: `\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}`},
	{ID: "password-hash", Regex: `\$(?:[56]|y)\$[./A-Za-z0-9$=]{1,60}\$[./A-Za-z0-9]{43,86}`},
	{ID: "password-hash", Regex: `pbkdf2[_:]sha(?:1|256|512)[$:]\d+\$[^\s$"']{1,64}\$[A-Za-z0-9+/=]{27,}`},
	{ID: "password-hash", Regex: `scrypt:\d+:\d+:\d+\$[^\s$"']{1,64}\$[a-f0-9]{64,}`},
	{ID: "password-hash", Regex: `\$[PH]\$[5-9A-F][./A-Za-z0-9]{30}`},
	{ID: "password-hash", Regex: `SCRAM-SHA-(?:1|256)\$\d+:[A-Za-z0-9+/=]{16,}\$[A-Za-z0-9+/=]{27,}:[A-Za-z0-9+/=]{27,}`},
	{ID: "password-hash", Regex: `\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}`},
	{ID: "password-hash", Regex: `\$argon2(?:id|i|d)\$v=\d+\$[\w=,]{5,40}\$[A-Za-z0-9+/]{10,}\$[A-Za-z0-9+/]{20,}`},
	{ID: "password-hash", Regex: `\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{27,}={0,2}`},
	{ID: "bitcoin-extended-key", Regex: `\b[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}\b`},
	{ID: "seed-phrase", Regex: `(?i)(?:mnemonic|(?:seed|recovery|secret)[ _-]?phrase)["']?(?: is)?\s{0,2}[:=]?\s{0,2}["']?((?-i:(?:[a-z]{3,8} ){11,23}[a-z]{3,8}))\b`, Keywords: []string{"mnemonic", "phrase"}, Allowlists: []Allowlist{{Regexes: []string{`^test test|^abandon abandon`}}}},
	{ID: "age-secret-key", Regex: `AGE-SECRET-KEY-1[0-9A-Z]{50,}`},
	{ID: "wireguard-key", Regex: `\b(?:PrivateKey|PresharedKey)\s*=\s*([A-Za-z0-9+/]{43}=)`},
}

// rule is a rule that text is searched for.
type rule struct {
	Rule
	matcher   matcher
	allow     allowlist
	reach     int  // how long its longest match is, in bytes; unbounded
	wordStart bool // it begins at the beginning of a word
	heads     []head
	vague     bool // besides a name, it says little about how the secret looks
}

// named reports whether a rule's secrets have no form of their own.
func named(rule string) bool { return genericRules[rule] }
