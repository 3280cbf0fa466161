package detect

import (
	"encoding/base64"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func newDetector(t testing.TB, o Options) *Detector {
	d, err := New(o)
	require.NoError(t, err)
	return d
}

// marked writes a text with what was found between ⟦ and ⟧.
func marked(d *Detector, text string) string {
	var b strings.Builder
	at := 0
	for _, f := range d.Find(text) {
		b.WriteString(text[at:f.Start] + "⟦" + text[f.Start:f.End] + "⟧")
		at = f.End
	}
	return b.String() + text[at:]
}

var unmark = strings.NewReplacer("⟦", "", "⟧", "")

// Exactly what stands between ⟦ and ⟧ must be found, and nothing else.
var secretCases = []string{
	// Tokens of a known form.
	"AWS_ACCESS_KEY_ID=⟦AKIAQ3EGRT4W6XPL2M7N⟧",
	"git clone https://⟦ghp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧@github.com/acme/app.git",
	"export GH_TOKEN=⟦github_pat_11ABCDEFG0q8Zr2LmX5vT0_bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4RoQ⟧",
	`OPENAI_API_KEY="⟦sk-proj-q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4RoT3BlbkFJq8Zr2LmX5vT0bNcY7wKd3HsJ9⟧"`,
	"x-api-key: ⟦sk-ant-api03-q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro-q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2LmX5vT0bAA⟧",
	`slack = "⟦xoxb-482910374652-910374652482-q8Zr2LmX5vT0bNcY7wKd3HsJ⟧"`,
	"maps.init('⟦AIzaSyQ8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi⟧')",
	`stripe.Key = "⟦sk_live_q8Zr2LmX5vT0bNcY7wKd3HsJ⟧"`,
	"huggingface-cli login --token ⟦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⟧",
	"//registry.example.org/:_authToken=⟦npm_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧",
	"bot.run('⟦MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs⟧')",
	"https://hooks.slack.com/services/⟦T02A8QZRL/B04KX5VT0/q8Zr2LmX5vT0bNcY7wKd3HsJ⟧",
	"https://discord.com/api/webhooks/⟦849271034465920113/q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1A⟧",
	"cargo login ⟦cioq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeU⟧",
	"glab auth login --token ⟦glpat-q8Zr2LmX5vT0bNcY7wKd⟧",
	"docker login -u me -p ⟦dckr_pat_q8Zr2LmX5vT0bNcY7wKd3HsJ9fG⟧",
	"TELEGRAM=⟦583920174:AAq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi⟧",
	"GOOGLE=⟦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⟧",
	"token ⟦ya29.q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧",
	"Authorization: Bearer ⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI4MzkyMDE3NDY1In0.q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm⟧",
	"⟦-----BEGIN RSA PRIVATE KEY-----\nMIIEq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3Hs\nq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp\n-----END RSA PRIVATE KEY-----⟧",
	`{"type": "service_account", "private_key": "⟦-----BEGIN PRIVATE KEY-----\nMIIEq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3Hs\nq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro\n-----END PRIVATE KEY-----⟧\n"}`,
	"⟦PMAK-9f3c71e08b5d42a6c8e1f703-94ab6d529f3c71e08b5d42a6c8e1f70394⟧",
	// Tokens of vendors, built here so that nothing takes them for real ones.
	"key: ⟦" + "sk_live" + "_q8Zr2LmX5vT0bNcY7wKd3HsJ⟧,", "(⟦" + "csk-" + "q8zr2lmx5vt0bncy7wkd3hsj9fgp1aeui4roq8zr2lmx⟧)", "⟦" + "nvapi-" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_8Zr2LmX5vT0bNcY7⟧",
	"⟦" + "sk_" + "9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6⟧", "⟦" + "tvly-dev-" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp⟧", "⟦" + "e2b_" + "9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e0⟧",
	"⟦" + "nfp_" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧", "⟦" + "npg_" + "q8Zr2LmX5vT0⟧", "⟦" + "phx_" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm⟧", "⟦" + "re_" + "q8Zr2LmX_5vT0bNcY7wKd3HsJ9fGp1AeU⟧",
	"⟦" + "ATBB" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeU⟧", "⟦" + "dp.st." + "prd.q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr⟧", "⟦" + "CCIPAT_" + "q8Zr2LmX5vT0bNcY7wKd3H_9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e0⟧",
	"https://api.telegram.org/bot⟦583920174:AAq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi⟧/sendMessage", "curl -u ⟦q8Zr2LmX5vT0bNcY7wKd⟧: https://x", "JX_SESSION_ID=⟦q8Zr2LmX5vT0bNcY7wKd3H⟧",
	"1 | bob | ⟦$2b$12$q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7⟧ |", "bob:⟦$apr1$q8Zr2LmX$5vT0bNcY7wKd3HsJ9fGp1A⟧",
	"seed phrase: ⟦absurd acid actor adapt admit adjust across above able about abstract access⟧",
	"⟦" + "tgp_v1_" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm⟧", "⟦" + "AQ.Ab8RN6" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX⟧", "⟦" + "pa-" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm⟧", "⟦" + "jina_" + "9f3c71e08b5d42a6c8e1f70394ab6d52q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp⟧", "⟦" + "wandb_v1_" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2⟧",
	"⟦" + "apify_api_" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧", "⟦" + "ctx7sk-" + "8f14e45f-ceea-467a-9a36-dedd4bea2543⟧", "⟦" + "crsr_" + "9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧", "⟦" + "cfut_" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr9f3c71e0⟧", "⟦" + "sq0csp-" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm⟧",
	"⟦" + "oy2" + "q8zr2lmx5vt0bncy7wkd3hsj9fgp1aeui4roq8zr2lm⟧", "⟦" + "EAAG" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd⟧", "⟦" + "mfa." + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0⟧", "⟦" + "xoxc-" + "482910374652-910374652482-1234-9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧", "Enter the code: ⟦" + "4/1A" + "q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3⟧",
	"https://hooks.zapier.com/hooks/catch/⟦46134565/rb46fw5⟧/", "https://maker.ifttt.com/trigger/x/with/key/⟦q8Zr2LmX5vT0bNcY7wKd3H⟧", "https://open.feishu.cn/open-apis/bot/v2/hook/⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧", "Unseal Key 1: ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX⟧", "secret_id=⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧",
	"cloudflared service install ⟦eyJhIjoiq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧", "https://storage.googleapis.com/b/k?Expires=1&Signature=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro%2F⟧", "SAMLResponse=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧&RelayState=x", "ACCESSKEY\t⟦" + "AKIA" + "Q3EGRT4W6XPL2M7N⟧\t2026-03-01T00:00:00+00:00\t⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro/x+Q⟧\tActive", "⟦pbkdf2_sha256$600000$q8Zr2LmX5vT0$q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm=⟧",
	"⟦scrypt:32768:8:1$q8Zr2LmX5vT0$9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧", "⟦$P$Bq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1A⟧", "⟦SCRAM-SHA-256$4096:q8Zr2LmX5vT0bNcY7wKd3H==$q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm=:q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm=⟧", "...\n⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp\nr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1Ae\nq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr==\n⟧-----END RSA PRIVATE KEY-----",
	// Tokens, whatever stands around them.
	"(⟦dop_v1_9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧), and", "|⟦pul-9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e0⟧|", "“⟦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⟧”",
	`{"stdout":"ok\n⟦AKIAQ3EGRT4W6XPL2M7N⟧\n\t⟦npm_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧\n"}`, `{"a":"\u0022⟦gsk_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2Lm⟧\u0022"}`,
	`{"stdout":"DB_HOST=x\nDB_PASSWORD=⟦sommer7823⟧\nX=1"}`,
	// Told by a name.
	"aws_secret_access_key = ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro/x+Q⟧",
	"SMTP_PASSWORD=⟦x#K9!vT_q8Zr%2LmX5bN⟧",
	"SESSION_SECRET: ⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧",
	"INTERNAL_SIGNING_SALT=⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧",
	`"client_secret": "⟦q8Zr2LmX5vT0bNcY7wKd3HsJ⟧"`,
	`{\"password\": \"⟦q8Zr2LmX5vT0⟧\"}`,
	"password: ⟦Tr0ub4dor&3x⟧",
	"db.connect(host, password='⟦Vk29xQpL!mz⟧')",
	"API_TOKEN: str = \"⟦q8Zr2LmX5vT0bNcY7wKd⟧\"",
	`os.environ["API_KEY"] = "⟦q8Zr2LmX5vT0bNcY7wKd⟧"`,
	`setenv("SECRET_KEY", "⟦q8Zr2LmX5vT0bNcY7wKd⟧")`,
	"- name: DB_PASSWORD\n  value: ⟦q8Zr2LmX5vT0⟧",
	`{"name": "DB_PASSWORD", "value": "⟦q8Zr2LmX5vT0⟧"}`,
	"<password>⟦q8Zr2LmX5vT0⟧</password>",
	"mysql --user=app --password=⟦q8Zr2LmX5vT0⟧ prod",
	"curl --token ⟦q8Zr2LmX5vT0bNcY7wKd⟧ https://api.acme.dev",
	"CREATE USER app WITH PASSWORD '⟦q8Zr2LmX5vT0⟧';",
	"the password is ⟦q8Zr2LmX5vT0⟧",
	"**Password:** ⟦q8Zr2LmX5vT0⟧",
	"machine api.acme.dev login deploy password ⟦q8Zr2LmX5vT0⟧",
	"https://api.acme.dev/v1?access_token=⟦q8Zr2LmX5vT0bNcY7wKd⟧&page=2",
	"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5v==⟧;EndpointSuffix=core.windows.net",
	"Server=db.acme.dev;User Id=app;Password=⟦q8Zr2LmX5vT0⟧;Encrypt=true",
	"X-Auth-Token: ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ⟧",
	"data:\n  password: ⟦YUIzZEU1Zkc3aEk5aksxbA==⟧\n  username: YWRtaW4=",
	"aws configure set aws_secret_access_key ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro/x+Q⟧",
	"⟦AKIAQ3EGRT4W6XPL2M7N⟧,⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro/x+Q⟧",
	"Authorization: ApiKey ⟦q8Zr2LmX5vT0bNcY7wKd⟧",
	"SECRET_KEY_BASE=⟦9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6⟧",
	"DB_PASS=⟦hV7kq2Lz⟧",
	"AZURE_OPENAI_KEY=⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧",
	"docker run -e STRIPE_KEY=⟦9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e0⟧",
	`{"env": {"MAPS_KEY": "⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧"}}`,
	"Password: ⟦Winter2023⟧",
	"docker run -e POSTGRES_PASSWORD=⟦hV7kq2Lz9⟧ postgres",
	"export API_KEY='⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧'",
	"sudo mysqldump -u root -p⟦hV7kq2Lz9⟧ app",
	"https://acme.blob.core.windows.net/c/b?sv=2022-11-02&sig=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro%2Fq8Zr2L%3D⟧&se=2026",
	// Passwords that would look like names of variables without their numbers.
	`"password": "⟦TigerSilver87⟧"`, "db.connect(user='app', password='⟦Winter2023⟧')", "psql 'host=db password=⟦TigerSilver87⟧ dbname=x'",
	`"smtp_pass": "⟦Garden5940!⟧"`, "DB_PASSWORD='⟦RocketSilver16⟧'", "jdbc:postgresql://db/x?user=app&password=⟦BerlinSommer33⟧&ssl=true",
	`SMTP_PASSWORD="⟦kqvb ytjw jvkr tfvy⟧"`, "define('LOGGED_IN_SALT', '⟦087b7#VYiM@g7EV$JuEAS%7MN5=F1ih x3x9iW*q8hh@tihw⟧');",
	// Passwords in which common words stand beside what is a person's own.
	"DB_PASSWORD=⟦Postgres!2024kX⟧", "POSTGRES_PASSWORD=⟦Acme123!Postgres⟧", "API_TOKEN=⟦q8Zk2LmP0xVw7RtYnull9Kd⟧", "DB_PASSWORD=⟦P@ssw0rd!2024⟧", "DB_PASSWORD=⟦Passw0rd#99Acme⟧", "DB_PASSWORD=⟦Acme-True-7812!k⟧",
	`"password": "⟦MyTodoApp#2024x⟧"`, `db_password = "⟦StringTheory#42x⟧"`, "password: ⟦Teststrecke!2024x⟧", "DB_PASSWORD=⟦hunter2Zebra!9⟧", "ALTER USER app PASSWORD '⟦MyTodoApp#2024x⟧'", "<password>⟦MyTodoApp#2024x⟧</password>",
	"PGPASSWORD=⟦Postgres!2024kX⟧ psql", "postgres://app:⟦Teststrecke!2024x⟧@db/x", "mysql -u app -p⟦Teststrecke!2024x⟧ x",
	// In other files than settings, and in sentences.
	"d['adminPass'] = '⟦q8Zr2LmX5vT0⟧'", "<adminPass>⟦q8Zr2LmX5vT0⟧</adminPass>", "app --smtp.password ⟦q8Zr2LmX5vT0⟧ x", "{'adminPw': '⟦q8Zr2LmX5vT0⟧'}",
	"use ⟦Dragon5581#⟧ as the password", "with `⟦q8Zr2LmX5vT0⟧` as admin password", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 2\n⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro\nq8Zr2LmX5vT0bNcY7wKd⟧\nPrivate-MAC: 9f",
	"ENV DB_PASSWORD ⟦PizzaTiger96⟧", "setenv DB_PASSWORD ⟦PizzaTiger96⟧", "key:\n  password: >-\n    ⟦Blue3562%x⟧\n", "api_key: |\n  ⟦q8Zr2LmX5vT0bNcY7wKd⟧\nname: x", "password: !!str ⟦Blue3562#x⟧",
	"password: &pw ⟦Blue3562#x⟧\nother: *pw", "token = \"\"\"\n⟦q8Zr2LmX5vT0bNcY7wKd⟧\n\"\"\"", `<add key="SmtpPassword" value="⟦TigerSilver87⟧" />`, `<property name="hibernate.connection.password" value="⟦TigerSilver87⟧"/>`,
	"<name>fs.s3a.secret.key</name><value>⟦q8Zr2LmX5vT0bNcY7wKd⟧</value>", "<key>Password</key>\n\t<string>⟦TigerSilver87⟧</string>", "variable \"db_password\" {\n  type    = string\n  default = \"⟦TigerSilver87⟧\"\n}",
	`{"Name": "/prod/db/password", "Type": "SecureString", "Value": "⟦q8Zr2LmX5vT0⟧"}`, "api_key: SecretStr = SecretStr('⟦q8Zr2LmX5vT0bNcY7wKd⟧')", `DB_PASSWORD="${DB_PASSWORD:-⟦RocketFalcon28⟧}"`,
	"const secret = process.env.JWT_SECRET || '⟦q8Zr2LmX5vT0bNcY7wKd⟧'", `env.DB_PASSWORD ?? "⟦RocketFalcon28⟧"`, "WITH PASSWORD = N'⟦Falcon5940+⟧'", `pwd = @"⟦Falcon5940+⟧"`,
	"AWS Secret Access Key [None]: ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro/x+Q⟧", "API Key (prod): ⟦q8Zr2LmX5vT0bNcY7wKd⟧", "here is the api key ⟦q8Zr2LmX5vT0bNcY7wKd⟧", "Your API key is: ⟦q8Zr2LmX5vT0bNcY7wKd⟧",
	"the password for the staging server is ⟦Tiger5099*⟧", "password for bob: ⟦Tiger5099*⟧", "set the password to ⟦Tiger5099*⟧", "my password's ⟦Tiger5099*⟧", "Passwort lautet ⟦Tiger5099*⟧", "admin password → ⟦Tiger6207%⟧",
	"user bob, pass ⟦Blue7114#⟧", "mot de passe : ⟦Blue7114#⟧", "password    ⟦MWW4xus871eYrg⟧\nusername    app",
	"     3\tDB_PASSWORD=⟦Xk9;mQ2,vT7&pLz⟧\n    12  SESSION_SALT=⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧\n", "     3→SESSION_SALT=⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧", ".env:3:DB_PASSWORD=⟦sommer7823⟧\nsrc/.env:DB_PASSWORD=⟦sommer7824⟧\n", "+DB_PASSWORD=⟦sommer7823⟧", "//npm.acme.dev/:_authToken=⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧",
	// In calls, with types and makers before the quote, and as defaults.
	`.password("⟦Garden5940!⟧")`, `.bearer_auth("⟦q8Zr2LmX5vT0bNcY7wKd⟧")`, `set password for 'app'@'%' = password('⟦Garden5940!⟧');`, `cfg.SetAPIToken(\"⟦q8Zr2LmX5vT0bNcY7wKd⟧\")`,
	`const API_KEY: &str = "⟦q8Zr2LmX5vT0bNcY7wKd⟧";`, `const TOKEN: &'static str = "⟦q8Zr2LmX5vT0bNcY7wKd⟧";`, `static SECRET: &[u8] = b"⟦q8Zr2LmX5vT0bNcY7wKd⟧";`, `let token = String::from("⟦q8Zr2LmX5vT0bNcY7wKd⟧");`,
	"var jwtSecret = []byte(\"⟦q8Zr2LmX5vT0bNcY7wKd⟧\")", `Config { token: Some("⟦q8Zr2LmX5vT0bNcY7wKd⟧") }`, `secret_key = bytes.fromhex("⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧")`,
	`parser.add_argument("--password", default="⟦Garden5940!⟧")`, `SECRET_KEY = env("SECRET_KEY", cast=str, default="⟦q8Zr2LmX5vT0bNcY7wKd⟧")`, "* token — ⟦q8Zr2LmX5vT0bNcY7wKd⟧", "Password – ⟦Garden5940!⟧",
	"db.connect(password='⟦Garden5940@⟧')", "user=sa;password=⟦*Qv7#mZ2xKp9LtR4⟧;encrypt=true", "config host=db password=⟦%Qv7#mZ2xKp9LtR4⟧ x", "dbpass = \"⟦q8Zr2LmX5vT0⟧\"", "redis-server --requirepass ⟦Garden5940!⟧ --port 1",
	"npmAuthToken: \"⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧\"", "totp: ⟦QWVDEJJGBFQWNBSX⟧", "> SESSION_SALT=⟦8f14e45f-ceea-467a-9a36-dedd4bea2543⟧", "app-1  | ADMIN_PW=⟦sommer7823⟧", "2026-03-02T08:11:09.123Z ADMIN_PW=⟦sommer7823⟧",
	"------x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n⟦Garden5940!⟧\r\n------x--", "<property name=\"password\"><value>⟦Garden5940!⟧</value>", "<Password><![CDATA[⟦Garden5940!⟧]]></Password>",
	"A temporary password is generated for root@localhost: ⟦q8Zr2#LmX5vT⟧", "root password set to '⟦Garden5940!⟧'", "The generated password for the superuser is : ⟦q8Zr2LmX5vT0bNcY⟧",
	// Typed into a field, and answered.
	"page.getByLabel('Password').fill('⟦Garden5940!⟧')", "page.type('input[name=\"password\"]', '⟦Garden5940!⟧', x)", "cy.get('[data-cy=password]').type('⟦Garden5940!⟧')", `driver.find_element(By.ID, "password").send_keys("⟦Garden5940!⟧")`,
	`{"element":"Password field","ref":"e12","text":"⟦Winter!2024kX⟧"}`, `{"ref":"e12","element":"Password","text":"⟦Winter!2024kX⟧","submit":true}`, `{\"element\":\"Password input\",\"ref\":\"e12\",\"text\":\"⟦Winter!2024kX⟧\"}`,
	`{"question":"the password?","answer":"⟦Winter!2024kX⟧"}`, `{"question": "What is the password for prod?", "answer": "⟦Winter!2024kX⟧"}`, `{"secretKey":"⟦Winter!2024kX⟧"}`, "JWT_SECRET=⟦Winter!2024kX⟧",
	// Told by a header or a URL.
	"DATABASE_URL=postgres://app:⟦q8Zr2LmX5vT0bNcY7w⟧@db.internal:5432/prod",
	"redis://:⟦q8Zr2LmX5vT0⟧@cache:6379/0",
	"mongodb+srv://app:⟦q8Zr/2LmX5vT0⟧@cluster0.acme.mongodb.net/prod",
	"amqp://app:⟦Kx7pLq9z⟧@mq",
	"Authorization: Basic ⟦YXBwOnE4WnIyTG1YNXZUMA==⟧",
	"Authorization: token ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr⟧",
	"Cookie: theme=dark; session=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ⟧; lang=en",
	"Set-Cookie: sid=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ⟧; Path=/; HttpOnly",
	"curl -u deploy:⟦q8Zr2LmX5vT0⟧ https://api.acme.dev",
	"sshpass -p ⟦q8Zr2LmX5vT0⟧ ssh deploy@host",
	"Set-Cookie: [\"sid=⟦q8Zr2LmX5vT0bNcY7wKd⟧; Path=/\", \"csrf=⟦q8Zr2LmX5vT0bNcY7wKe⟧\"]", "curl -b 'session=⟦q8Zr2LmX5vT0bNcY7wKd⟧; theme=dark' https://x", "curl --cookie ⟦sid=q8Zr2LmX5vT0bNcY7wKd⟧ https://x",
	"#HttpOnly_.acme.dev\tTRUE\t/\tTRUE\t0\tsid\t⟦q8Zr2LmX5vT0bNcY7wKd⟧\nacme.dev\tFALSE\t/\tFALSE\t1793000000\ttheme\tdark\n", "GET /;jsessionid=⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧",
	"GET /callback?code=⟦4/0AX4XfWhq8Zr2LmX5vT0bNcY7wKd⟧&state=xyz", "http://localhost:1455/auth/callback?code=⟦ac_q8Zr2LmX5vT0bNcY7wKd⟧", "code=⟦q8Zr2LmX5vT0bNcY7wKd⟧&code_verifier=⟦9fGp1AeUi4Roq8Zr2LmX5vT0⟧", "next=%2Fcb%3Fcode%3D⟦q8Zr2LmX5vT0bNcY7wKd⟧%26state%3Dx",
	`{"grant_type": "authorization_code", "code": "⟦q8Zr2LmX5vT0bNcY7wKd⟧"}`, "https://acme.dev/cb#access_token=⟦q8Zr2LmX5vT0bNcY7wKd⟧&token_type=bearer", "grant_type=refresh_token&refresh_token=⟦q8Zr2LmX5vT0bNcY7wKd⟧",
	"AWS4-HMAC-SHA256 Credential=⟦" + "AKIA" + "Q3EGRT4W6XPL2M7N/20260101/eu-west-1/s3/aws4_request⟧, SignedHeaders=host;x-amz-date, Signature=⟦9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧", "X-Amz-Security-Token: ⟦IQoJb3JpZ2luX2VjEq8Zr2LmX5vT0bNcY7wKd⟧",
	"proceed. Use the following password to proceed to installation:\n\n⟦9f3c71e08b5d42a6c8e1f70394ab6d52⟧\n", "Password for the elastic user (reset with `bin/x`):\n  ⟦q8Zr2LmX5vT0bNcY7wKd⟧\n", "private key ⟦9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧", `accounts: ["0x⟦9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧"]`,
	// Told by the form of a file.
	"apiVersion: v1\ndata:\n  smtp: ⟦cThacjJMbVg1dlQw⟧\n  user: YWRtaW4=\nkind: Secret\n---\napiVersion: v1\ndata:\n  smtp: cThacjJMbVg1dlQw\nkind: ConfigMap\n",
	"kind: Secret\nstringData:\n  baz: ⟦plainvalue42⟧\n", "kind: Secret\ndata:\n  baz: ⟦cGxhaW52YWx1ZTQy⟧\n",
	"kind: Secret\napiVersion: v1\nstringData:\n  # of the relay\n  smtp: ⟦q8Zr2LmX5vT0⟧\n  host: smtp.acme.dev\n", `{"data":{"smtp":"⟦cThacjJMbVg1dlQw⟧"},"kind":"Secret"}`, `a: |\n  {\"kind\":\"Secret\",\"data\":{\"user\":\"YWRtaW4=\",\"smtp\":\"⟦cThacjJMbVg1dlQw⟧\"}}`,
	`"db": {"value": "⟦q8Zr2LmX5vT0⟧", "type": "string", "sensitive": true}, "x": {"value": "q8Zr2LmX5vT0"}`, `"type": "random_password", "instances": [{"attributes": {"id": "none", "result": "⟦q8Zr2LmX5vT0⟧"}}]`,
	"db.acme.dev:5432:prod:app:⟦q8Zr2LmX5vT0⟧\n*:*:*:app:⟦hV7kq2Lz9⟧\n", "bob:⟦{SHA}q8Zr2LmX5vT0bNcY7wKd3HsJ9fG=⟧", "[client]\nuser=root\npassword=⟦sommer7823⟧\n", "[pypi]\nusername = jd\npassword = ⟦q8Zr2LmX5vT0⟧\n",
	`{"auths":{"ghcr.io":{"auth":"⟦YXBwOnE4WnIyTG1YNXZUMA==⟧"}}}`, "//npm.acme.dev/:_password=⟦cThacjJMbVg1dlQw⟧", `{"accessToken": "⟦eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21hbmFnZW1lbnQifQ.q8Zr2LmX5vT0bNcY7wKd3HsJ⟧"}`, "    client-key-data: ⟦LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpxOFpyMkxtWDV2VDA=⟧",
	// In lists of accounts and of proxies.
	"⟦jo.doerner@doerner-web.org⟧:⟦!Garden-5940-x⟧", "⟦jo.doerner@doerner-web.org⟧;⟦q8Zr2LmX5vT0⟧", "⟦jo.doerner@doerner-web.org⟧,⟦Garden5940!⟧,301", "⟦jo.doerner@doerner-web.org⟧ | ⟦Garden5940!⟧", "⟦jo.doerner@doerner-web.org⟧\t⟦Garden5940!⟧", "⟦jo.doerner@doerner-web.org⟧ / ⟦Garden5940!⟧",
	"login: Knight / ⟦Garden5940!⟧", "creds: `knight` / `⟦Garden5940!⟧`", "The credentials are knight/⟦Garden5940!⟧.", "Username/Password: knight / ⟦Garden5940!⟧", "account Knight pw ⟦Garden5940!⟧",
	"⟦93.184.71.20⟧:8080:knight:⟦q8Zr2LmX5vT0⟧\n⟦93.184.71.21⟧:8080:knight:⟦q8Zr2LmX5vT0⟧\n",
	// In tables, and in rows that SQL inserts.
	"tokens, secrets\nuser,password\nbob,⟦Garden5940!⟧\n", "user,password\nbob,⟦Garden5940!⟧\nuser;password\nann;⟦q8Zr2LmX5vT0⟧\n",
	"user,password,world\nbob,⟦Garden5940!⟧,301\nann,⟦q8Zr2LmX5vT0⟧,302\n", "\"name\",\"api_key\"\r\n\"prod\",\"⟦q8Zr2LmX5vT0bNcY7wKd⟧\"\r\n", "user\tpassword\nbob\t⟦Garden5940!⟧\nann\thidden", "password;user\n⟦Garden5940!⟧;bob\n",
	"| User | Password | Token |\n|------|:--------:|-------|\n| bob | ⟦Garden5940!⟧ | ⟦q8Zr2LmX5vT0bNcY7wKd⟧ |\n\nbob | Garden5940! | x", "+----+-----------+\n| id | password  |\n+----+-----------+\n|  1 | ⟦Garden5940!⟧ |\n+----+-----------+\n",
	" id | password  | name\n----+-----------+------\n  1 | ⟦Garden5940!⟧ | x\n(1 row)", "     1\tname,password\n     2\tbob,⟦Garden5940!⟧\n", "+name,password\n+bob,⟦Garden5940!⟧\n", "id,ssn\n1,⟦539-48-2716⟧\n2,000-12-3456\n",
	"INSERT INTO users (id, name, `password`, at)\nVALUES (1, 'x, y', '⟦Garden5940!⟧', 'z'), (2, 'a', '⟦q8Zr2LmX5vT0⟧', now()), (3, 'b', NULL, 'Garden5940!');", "insert into k(api_key) values('⟦q8Zr2LmX5vT0bNcY7wKd⟧')",
	`{"kty":"EC","crv":"P-256","x":"q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2","y":"q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2","d":"⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2⟧"} {"d":"q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2"}`, `{\"k\":\"⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro_q8Zr2⟧\",\"kty\":\"oct\"}`,
	`{"domain":".acme.dev","httpOnly":true,"name":"li_at","path":"/","value":"⟦q8Zr2LmX5vT0bNcY7wKd⟧"},{"httpOnly":false,"value":"dark"}`, "requirepass ⟦q8Zr2LmX5vT0⟧\nmasterauth ⟦q8Zr2LmX5vT0⟧", "1) \"requirepass\"\n2) \"⟦q8Zr2LmX5vT0⟧\"",
	"az keyvault secret set --name db --value ⟦q8Zr2LmX5vT0⟧", "ssh-keygen -t ed25519 -N '⟦Garden5940!⟧' -f k", "put-parameter --name /x/password --value \"⟦Garden5940!⟧\"", "api key - ⟦q8Zr2LmX5vT0bNcY7wKd⟧", `"smtp_password_v4": "⟦q8Zr2LmX5vT0⟧"`,
	"API_KEYS = [\"⟦q8Zr2LmX5vT0bNcY7wKd⟧\", \"⟦q8Zr2LmX5vT0bNcY7wKe⟧\"]", "tokens: [\n  'hidden',\n  '⟦q8Zr2LmX5vT0bNcY7wKd⟧',\n]", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2L ⟦jdoerner⟧@thinkpad",
	// As HTML writes them.
	`<div data-x="{&quot;password&quot;:&quot;⟦Garden5940!⟧&quot;,&quot;a&quot;:1}">`, "password=&#39;⟦Garden5940!⟧&#39; &lt;b&gt;", "api_key = &#x27;⟦q8Zr2LmX5vT0bNcY7wKd⟧&#x27;", "&quot;Jo&quot; &lt;⟦jo.doerner@doerner-web.org⟧&gt;",
	// As terminals colour and wrap them.
	"\x1b[32mDB_PASSWORD\x1b[0m=\x1b[33m⟦Sommer3532%x⟧\x1b[0m", "\x1b[1;34m\"password\"\x1b[0m\x1b[1;39m:\x1b[0m\x1b[0;32m\"⟦BlueRocket70⟧\"\x1b[0m",
	"DB_PASSWORD=\x1b[01;31m⟦X6H9BK19q\x1b[KZ8cIKyFH4j⟧\x1b[m", "\x1b[31m⟦AKIAQ3EGRT4W6XPL2M7N⟧\x1b[0m and \x1b]8;;https://x\x07x\x1b]8;;\x07",
	"Authorization: Bearer ⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0b\nNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX⟧\nHost: x",
	"API_TOKEN=⟦q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2LmX5vT0bNcY7wKd⟧\nAPI_URL_V2=https://api.acme.dev\nreadme",
	// Told by a command.
	"mysql -h db -u app -p⟦MondayPizza24⟧ x", "mongosh --host db -u app -p ⟦SilverGarden24⟧ --authenticationDatabase admin", "docker login -u bob -p ⟦Blue4564#⟧ r.acme.dev",
	"redis-cli -h r -a ⟦UTVBp3exYOe06e⟧ ping", "unzip -P ⟦Pizza2525+⟧ x.zip", "smbclient //h/s -U bob%⟦TigerGarden50⟧", "openssl rsa -in k.pem -passin pass:⟦MondayBlue48⟧ -out x",
	"CREATE USER 'app'@'%' IDENTIFIED BY '⟦FalconTiger38⟧';", "ALTER USER root IDENTIFIED WITH mysql_native_password BY '⟦Kaffee5045*⟧'", "create user app identified by ⟦FalconGarden84⟧ default tablespace x",
	`ConvertTo-SecureString "⟦Rocket5614!⟧" -AsPlainText`, "HTTPBasicAuth('bob', '⟦Tiger6439*⟧')", "requests.get(url, auth=('bob', '⟦Falcon6379?⟧'))", `new NetworkCredential("bob", "⟦Sommer4989?⟧")`,
	"mysqli_connect('db', 'root', '⟦Silver700#⟧', 'x')", "echo '⟦Berlin7122%⟧' | sudo -S apt install x", "echo 'bob:⟦Rocket5436%⟧' | chpasswd", "echo ⟦Sommer9768%⟧ | docker login -u bob --password-stdin",
	"htpasswd -cb .htpasswd bob ⟦Falcon8877*⟧",
	`new UsernamePasswordCredentials("bob", "⟦Garden5940!⟧")`, `.basic_auth("bob", Some("⟦Garden5940!⟧"))`, `server.login("bob", "⟦Garden5940!⟧")`, `session.auth = ("bob", "⟦Garden5940!⟧")`, `DriverManager.getConnection("jdbc:mysql://db/x", "root", "⟦Garden5940!⟧")`,
	`pymysql.connect('db', 'app', '⟦Garden5940!⟧', 'x')`, `new mysqli("h", "u", "⟦Garden5940!⟧", "x")`, `new PDO('mysql:host=db', 'root', '⟦Garden5940!⟧')`, "echo '⟦Garden5940!⟧' | passwd --stdin bob", `ldapsearch -x -D "cn=a" -w ⟦Garden5940!⟧ -b dc=x`,
	"sqlcmd -S db -U sa -P '⟦Garden5940!⟧' -Q x", "cqlsh -u c -p ⟦q8Zr2LmX5vT0⟧ h", "mosquitto_pub -u b -P ⟦q8Zr2LmX5vT0⟧ -t x", "7z a -p⟦q8Zr2LmX5vT0⟧ x.7z x", "http -a bob:⟦Garden5940!⟧ x.dev", "nmcli dev wifi connect Home password ⟦q8Zr2LmX5vT0⟧",
	"wpa_passphrase Home ⟦q8Zr2LmX5vT0⟧", "xfreerdp /u:bob /p:⟦q8Zr2LmX5vT0⟧ /v:h", `net use Z: \\h\s /user:bob ⟦Garden5940!⟧`, "sqlplus scott/⟦q8Zr2LmX5vT0⟧@orcl", "jdbc:oracle:thin:scott/⟦q8Zr2LmX5vT0⟧@//db/x", `gh secret set API_KEY --body "⟦q8Zr2LmX5vT0bNcY7wKd⟧"`,
	`npmAuthIdent: "bot:⟦q8Zr2LmX5vT0⟧"`, `pyotp.TOTP("⟦QWVDEJJGBFQWNBSXKWOO32V3ZI47SXPP⟧")`, "oathtool --totp -b ⟦QWVDEJJGBFQWNBSXKWOO32V3ZI47SXPP⟧", `new ethers.Wallet("0x⟦9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52⟧")`,
	`expect "password:" ; send "⟦Garden5940!⟧\r"`, "expect \"*?assword:*\"\nsend -- \"⟦Garden5940!⟧\\r\"", "child.expect('assword:')\nchild.sendline('⟦Garden5940!⟧')", `{"name":"Cookie","value":"SID=⟦q8Zr2LmX5vT0bNcY7wKd⟧; HSID=⟦AbQ8zr2LmX5vT0bNc⟧"}`,
	"curl -x bob:⟦q8Zr2LmX5vT0⟧@proxy:3128 https://x", `sql.Open("mysql", "root:⟦q8Zr2LmX5vT0⟧@tcp(127.0.0.1:3306)/app")`,
	// Personal data.
	"Signed-off-by: ⟦Jo Doerner⟧ <⟦jo.doerner@doerner-web.org⟧>",
	"Author: ⟦Zoë Müller-Lüdenscheid⟧ <⟦zoe@mueller-luedenscheid.de⟧>",
	`{"author": {"name": "⟦Jo Doerner⟧", "email": "⟦jo.doerner@doerner-web.org⟧"}}`, `authors = [{ name = "⟦Jo Doerner⟧", email = "⟦jo.doerner@doerner-web.org⟧" }]`,
	"[user]\n\tname = ⟦Jo Doerner⟧\n\temail = ⟦jo.doerner@doerner-web.org⟧\n", "user.name=⟦Jo Doerner⟧\nuser.email=⟦jo.doerner@doerner-web.org⟧", `GIT_AUTHOR_NAME="⟦Jo Doerner⟧" GIT_AUTHOR_EMAIL=⟦jo.doerner@doerner-web.org⟧ git commit`,
	"^17b39f9 (⟦Jo Doerner⟧ 2026-01-12 09:01:11 +0100  1) package x\n17b39f9a src/a.go (⟦Zoë Müller-Lüdenscheid⟧   2026-01-12 09:01:11 -0700 12) x",
	`From: "⟦Jo Doerner⟧" <⟦jo.doerner@doerner-web.org⟧>`, "an ⟦jürgen.doerner@müller-doerner.de⟧ senden", "⟦jo.doerner [at] doerner-web.org⟧ or ⟦jo.doerner(at)doerner-web.org⟧",
	"LOGIN ⟦jo.doerner@doerner-web.org⟧ ⟦Sommer6429*⟧", "⟦jo.doerner@doerner-web.org⟧:⟦q8Zr2LmX5vT0⟧", "mail ⟦jo.doerner@doerner-web.org⟧ before Friday",
	"/home/corp/⟦staff⟧/corp/staff/x", "/home/corp/⟦jdoerner⟧/x and /home/⟦staff⟧", "cd /home/⟦jdoerner⟧/src/app && ls /Users/⟦jdoerner⟧",
	"/mnt/c/Users/⟦Jane Roe⟧/x and /var/home/⟦jdoerner⟧/x",
	`type C:\Users\⟦jdoerner⟧\notes.txt and C:\\Users\\⟦jdoerner⟧\\notes.txt`,
	`\\wsl$\Ubuntu\home\⟦jdoerner⟧\x and C:\Documents and Settings\⟦jdoerner⟧\x`, "vscode-remote://wsl+ubuntu/home/⟦jdoerner⟧/x", "/run/media/⟦jdoerner⟧/usb",
	"projects/C--Users-⟦jdoerner⟧-src-app", "⟦jdoerner⟧@fedora:~/src$ make", "⟦jdoerner⟧@box:/srv# ls", "[⟦jdoerner⟧@box src]$ ls", "(venv) ⟦jdoerner⟧@box:~$ ", "SHELL=/bin/sh\nUSER=⟦jdoerner⟧\nLOGNAME=⟦jdoerner⟧",
	"USERNAME=⟦jdoerner⟧\r\n", "uid=1000(⟦jdoerner⟧) gid=1000(⟦jdoerner⟧) groups=1000(⟦jdoerner⟧),10(wheel)",
	"~/.claude/projects/-home-⟦jdoerner⟧-src-app/x.jsonl",
	"ssh deploy@⟦93.184.71.20⟧",
	"reach me at ⟦+4515183920⟧, tel: ⟦+68512345⟧, ⟦+14158392017⟧",
	"our server ⟦93.184.71.20⟧, nameserver ⟦93.184.71.21⟧;", "server=⟦93.184.71.20⟧ dev ⟦93.184.71.20⟧ a bridge ⟦93.184.71.20⟧",
	"from ⟦2a02:8108:8ac0:1f3e::12⟧ port 22",
	"call me: ⟦+49 151 83920174⟧",
	"tel: ⟦(212) 839-2017⟧",
	"card number ⟦4929 8573 0192 8340⟧",
	"IBAN ⟦DE12 5001 0517 0648 4898 90⟧ and ⟦NL91ABNA0417164300⟧",
	"updated the server's record to ⟦93.184.71.20⟧",
	"IBAN: ⟦DE12500105170648489890⟧", "appelez ⟦+33 6 76 63 62 48⟧ ou ⟦+33 (0)6.76.63.62.48⟧", "ring ⟦+45 32 64 76 83⟧", "visa card number: ⟦4929857301929⟧", "card=⟦4929857301928340175⟧",
	"ssh deploy@⟦5.9.21.17⟧", "host: ⟦5.9.21.17⟧", "http://⟦5.9.21.17⟧:8080/", "listen on ⟦5.9.21.17⟧:8080", "⟦139.18.3.20⟧ - - [10/Oct/2026:13:55:36 +0000]",
	"card ⟦4929\u00a08573\u00a00192\u00a08340⟧ and ⟦4929\u202f8573\u202f0192\u202f8340⟧", "IBAN ⟦NL91 ABNA 0417 1643 00⟧, ⟦NL91\u202fABNA\u202f0417\u202f1643\u202f00⟧", "⟦+49\u00a0151\u00a083920174⟧, ⟦+33\u202f6\u202f76\u202f63\u202f62\u202f48⟧, tel.:\u00a0⟦(212)\u00a0839-2017⟧",
	"SSN: ⟦539-48-2716⟧, user_ssn=⟦539482716⟧", "Social Security No. ⟦539 48 2716⟧", `"ssn": "⟦539-48-2716⟧"`, "Steuer-ID: ⟦65 929 970 489⟧", "IdNr. ⟦86095742719⟧",
	"ssh ubuntu@ec2-⟦93-184-71-20⟧.compute-1.amazonaws.com", "c-⟦73-12-34-56⟧.hsd1.ca.isp.net", "app.⟦93.184.71.20⟧.nip.io and ⟦93-184-71-20⟧.sslip.io", "static.⟦20.71.184.93⟧.clients.isp.net",
	"owner_ids: [⟦839201746583920174⟧, ⟦839201746583920175⟧]", "https://cdn.discordapp.com/avatars/⟦839201746583920174⟧/a.png https://cdn.discordapp.com/attachments/⟦839201746583920174⟧/⟦839201746583920175⟧/x.png",
	"thanks <@⟦839201746583920174⟧>!",
	`"author_id": "⟦839201746583920174⟧"`,
}

func TestFinds(t *testing.T) {
	d := newDetector(t, Options{})
	for _, want := range secretCases {
		assert.Equal(t, want, marked(d, unmark.Replace(want)))
	}
}

// Look-alikes are code, hashes, ids and examples that must stay.
var lookAlikes = []string{
	"accessToken: string;", "const token = await getToken(req);", "password: z.string().min(8)", "API_KEY = os.environ['API_KEY']",
	"export SECRET_KEY=${SECRET_KEY:?unset}", "commit 3f786850e387550fdab836ed7e6dc881de23001b",
	"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	`"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="`,
	"id: 550e8400-e29b-41d4-a716-446655440000", "ip 127.0.0.1:8080 and 192.168.1.10", "postgres://user:password@localhost:5432/test",
	`{"name": "acme", "email": "info@example.com"}`, "look (at) the.config or x[at].y", "user@example.com", "git@github.com:acme/app.git", "Bearer <token>", "sk-...", "AKIAIOSFODNN7EXAMPLE", "version 1.22.333.4444",
	"CLICK_WIDGET 38862854", "GOTO 3242 3159 0", "@dataclass", "@Override", "/home/user/project",
	"func (s *Server) Authenticate(secret []byte) error {", "key=lambda item: item.password_hash", "0xdeadbeefcafebabe",
	"privateKey: Uint8Array;", "name: Release Please", "private-key: ${{ secrets.X }}", `SessionTrailerKey = "Entire-Session"`,
	"password: config.get('REDIS_PASSWORD', undefined)", "setVaultKeys({ a, b })", "const key = `user:${id}`", "cache_key = hashlib.sha256(data).hexdigest()",
	`"cache_key": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`, "max_tokens=4096", "token_count: 128000", "tokens: 1,234,567",
	`aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"`, "password = getpass.getpass()", "password=your_password_here",
	"API_KEY=<your-api-key>", "api_key: \"${API_KEY}\"", "secret: {{ .Values.secret }}", "--password $PASSWORD", "PASSWORD=changeme", "token: 'test-token-123'",
	"type Token = 'identifier' | 'keyword'", "public_key: ssh-ed25519", "authorization: (req) => req.headers.authorization", "Authorization: Bearer $TOKEN",
	"Authorization: `Bearer ${accessToken}`", "import { tokenize } from './tokenizer'", "keyCode: 13", "primary_key=True", "foreignKey: 'userId'",
	"go.sum: github.com/stretchr/testify v1.11.1 h1:7s2iGBzp5EwR7/aIZr8ao5+dra3wiQyKjjFuvgVKu7U=", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
	"ver 93.184.71.20", "v93.184.71.20 and edge/93.184.71.20", "app_ver=93.184.71.20", "CACHE_KEY=9f3c71e08b5d42a6c8e1f70394ab6d52",
	"key=9f3c71e08b5d42a6c8e1f70394ab6d52", "file_key: 9f3c71e08b5d42a6c8e1f70394ab6d52", "OBJECT_KEY=9f3c71e08b5d42a6c8e1f70394ab6d52",
	"test card 4242 4242 4242 4242", "noreply@anthropic.com", "Co-Authored-By: Claude <noreply@anthropic.com>", "8.8.8.8 and 1.1.1.1", "Chrome/120.0.6099.109",
	"node_modules/@types/node", "npm i lodash@4.17.21", "1700000000000000", "/users/42/posts", "https://github.com/users/acme", "555-0123", "+1 (555) 010-9999",
	"-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7", "nonce: 'abc123'", "csrfToken: csrfToken",
	"keys: ['ArrowUp', 'ArrowDown']", "expect(token).toBe('abc')", "if (password !== confirmPassword) {", "secretName: app-tls", "kind: Secret",
	"passwordField.sendKeys(user.getPassword())", "next_page_token = response['nextPageToken']", "toolu_01A2b3C4d5E6f7G8h9J0k1L2", "msg_01XFDUDYJgAACzvnptvVoYEL",
	"req_011CSHoEeqs5C35K2UUqR7Fy", "<SECRET:aws-access-key:1>", "password: <SECRET:password:9f3a1c2b>", "ubuntu@ip-10-0-0-1:~$ ls", "root@4f2a:/app# ls", "DB_USER=app", "USER=root", "USER=$(whoami)", "git@github.com:~x", "/home/.cache/x", "/home/$USER/x", "/home/{user}/x", "/Users/<name>/x",
	"// RFC 4880, 5.2.3.21, and §13.2.1.6", "deps: upgrade V8 to 6.5.254.40", "updated to 4.5.103.35", `ObjectIdentifier("2.5.29.36")`, "add(42.42.42.42)", "the kernel is at 2.6.8.1",
	"hash += 4877398396442247168", "4052739537881 6557470319842", "5400 5401 5402 5403 5404 5405 5406 5407 5408 5409 540A", "math.Pow(ar, 5)+1088.0/121275*ar", "x = +10 20 30", "Thu Feb 04 21:00:57 +0100 2010", "Thu Feb 04 21:00:57 +1130 2010", "(+000104.66)",
	"react-dom@18.2.0", "a.b@c", "self.a @ self.b", "x = W.T@y", "user@host:~/src$ ls", "kubectl get secret app-secret -o yaml", "key: value", "Token: EOF",
	"ftp://anonymous:anonymous@ftp.acme.org", "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "amqp://guest:guest@rabbit",
	"postgres://${USER}:${PASS}@${HOST}/db", "TOKEN=$(gh auth token)", "password: ${{ secrets.DB_PASSWORD }}", "sk-xxxxxxxxxxxxxxxxxxxxxxxx", "password=********",
	"-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	"resolved \"https://registry.acme.dev/lodash-4.17.21.tgz#679591c564c3bffaae8454cf0b3df370c3d6911c\"", "secretKeyRef:\n  name: app-secrets\n  key: db-password",
	"sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImEuanMiXSwibmFtZXMiOltdfQ==", "GET /users/jane/repos", "GET /users/staff/jane", "PASSWORD_MIN_LENGTH=12",
	"https://medium.com/@jane/post", "icon@2x.png", "0x742d35Cc6634C0532925a3b844Bc454e4438f44e", "00:1B:44:11:3A:B7", "tracking 9400111899223197428490", "salt rounds: 12", `"request_token": "8f14e45f-ceea-467a-9a36-dedd4bea2543"`, "session: 8f14e45f-ceea-467a-9a36-dedd4bea2543",
	"seed phrase: write down these twelve words in the right order and keep them", "mnemonic = 'test test test test test test test test test test test junk'",
	"docker login -u me --password-stdin", "echo $PW | docker login --password-stdin", "echo done | sudo tee -a x", "identified by `algorithm`", "identified by <code>dir</code>.</p>", "the header identified by `code:`", "files identified by *.kix", "r.SetBasicAuth(\"Aladdin\", \"open sesame\")", "perldoc -u Some::Modulename", "fw_htIgKUVXoAuAEVgKxQu3tZ9qE2eiKkWIS7LA", "identified by its 2nd field", "mongo -p secret", "auth=(user, password)",
	"exit code=9f3c71e08b5d42a6", "?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz", "?code=authorization_code&state=abc", `{"code": "q8Zr2LmX5vT0bNcY7wKd", "state": "open"}`, "oauth/code/callback?code=true", "countrycode=q8Zr2LmX5vT0bNcY7wKd&state=x",
	"Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
	"git checkout -b fix=q8Zr", "curl -b cookies.txt https://x", "Set-Cookie: theme=dark-and-high-contrast; Path=/", "cookies.py,sha256=kD3kNE4mZaXqRaNcY7wKd3HsJ9fGp1AeUi4Ro", "x\tTRUE\t/\tTRUE\t0\ttheme\tdark-and-high-contrast\n",
	"apiVersion: v1\ndata:\n  username: YWRtaW4=\n  note: dmFsdWUx\nkind: Secret\n", "kind: SecretStore\ndata:\n  smtp: cThacjJMbVg1dlQw\n", "kind: Secret\nstringData:\n  db: ENC[AES256_GCM,data:O+5l4g==,iv:c/dS4BCBMbnKsXYuzBuCuVQt8RV9bOv5HgdpL+iwmns=,type:str]\n  project: my-project1\n", "kind: Secret\ndata:\n  smtp: {{ .Values.smtp | b64enc }}\n",
	`{"value": "eu-central-1", "sensitive": true}`, `{"sensitive": true, "value": ""}`, "image 127.0.0.1:5432:5432:x:y1", "arn:aws:logs:*:*:log-group:app2", "cpe:2.3:a:acme:app:1.0:*:*:*:*:*:*:*", "userPassword: {SHA}...",
	"SSN: 123-45-6789", "ssn 000-12-3456 and SSN 912-34-5678", "className: 539482716", "ssn_length: 539482", "order 539-48-2716", "Steuer-ID: 65929970488", "build 65929970489",
	"ip-10-0-0-1.ec2.internal", "93-184-71-20.log", "release-93-184-71-20.tar.gz", "2026-01-28-10.logs.acme.dev", "1-93-184-71-20.a.acme.dev", "libx.so.93.184.71.20", "3c:22:fb:a1:09:7e", "02:42:ac:11:00:02",
	"isToken reports whether v is a valid token (https://www.rfc-editor.org/rfc/rfc2616#section-2.2).", "token 12 of 4096", "the token budget was 200000", "password: Schema<string>", "password: hash(password)", "secret toolu_01A2b3C4d5E6f7G8h9J0k1L2x",
	`"ServerAuth-Enforced": "PASS", "ServerAuth-Enforced-TLS13": "PASS"`, `env = append(env, "PWD="+cfg.Dir)`, "$spec->{':key'}{name}->($self,$key2,$key);",
	"go.yaml.in/yaml/v3 v3.0.5 h1:N6y/pJk8buWs9NY5ERU2HSMfm+IuD/OtfdAnq6kESPw=\ngo.yaml.in/yaml/v3 v3.0.5/go.mod h1:HVTZu1O=", "Public Key: q8Zr2LmX5vT0bNcY7wKd", "uid=0(root) groups=10(wheel)",
	"treat it as a password", "the input type=password as the password field", "the token is stored in localStorage", "the password for the user is hashed with Sha256Crypt", "a key to Int64Vector2Map", "password != confirmPassword2", "token || defaultToken",
	`{"password", "pass", "(maxCost=6)", New()}`, "PAT.format(hex=HEX_PAT, ipv4=IPV4_PAT)", "| `RPCErrorKey` | `RPCJSONRPCErrorCodeKey` |", "gpg --edit-key 7D851EB72D73BDA0",
	// Common words alone, and beside what says nothing.
	"password: test-password-123", "PASSWORD=changeme123!", "password: 'Password123!'", `password: "P@ssw0rd"`, "password: 'P@ssw0rd1!'", "password: 'TestUser123!'", "password: 'Test1234!'", "DB_PASSWORD=postgres123", "password=Qwerty123!",
	"token: '0123456789abcdef0123456789abcdef'", "token: 'test_token_12ab34cd'", "SNYK_TOKEN=12345678-ABCD-ABCD-ABCD-1234567890AB", "password: string1234", "    --- PASS: TestVet/0 (0.13s)", "go test -run=Fuzz_passString -fuzz=Fuzz_passString",
	`{"element":"Password field","text":"Enter a password"}`, `{"question":"a password?","answer":"yes2"}`, "ssh -i ~/.ssh/ci-deploy-key root@build7.acme.dev", "tokens = 2*maxCompilerConcurrency4 + x",
	// Numbers, versions, expressions, escaped characters, folders, names of other secrets and public keys.
	"salt0 = 0x47b6137b", "{\"PSK\", -1.938699974080486e+01}", "go-aws-auth,v0.0.0-20180515143844-0c1422d1fdb9,h1", "SIOCGLIFTOKEN = -0x3f879678",
	"HEX_PAT = \"[0-9A-Fa-f]{1,4}\"", `token_pattern = r'(?:[^\[\]%:/?#]|%[a-fA-F0-9]{2})*'`, `"old_key": "\U0001f5dd\ufe0f"`, `"go/token", "\x04m\x83\x01>\x02\x03\x01\x0f"`,
	`"SandboxKey": "/var/run/docker/netns/6b4851d1903e"`, "keyHex: pkcs8P224PrivateKeyHex,", "Token: `urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6`",
	"key: \"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yq8Zr2LmX\"", "passwordHash: Pbkdf2Sha256", "password: 'ScramSha512'", `"token_type": "LinuxAmd64"`, "passwordType: 'Utf8Char16',", "const ecKeyStr = \"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlz\"",
	"salt: FILE_HKDF_SALT,", "derive_keypair(user_private_key, VAULT_HKDF_INFO)", "token_created: 2026-02-21T05:32:22.925Z",
	"password(config.password)", "getToken(\"userTokenName\")", `hashPassword("Test1234!")`, `t("auth.password.label2")`, `NewSecret("00[\w=-]{40}")`, "SERVER_AUTH = []byte(\"1.3.6.1.5.5.7.3.1\\x00\")", `default_token("q8Zr2")`,
	"the password: *cfg.Password2", "password set to true", "let token = String::from(input2)", `add_argument("--token", default="auto")`, "getByLabel('Password').fill(user.password)", "`token` — optional, 32 bytes", "CODECOV_TOKEN: ${{ secrets.X }}",
	`server.login(user, password)`, `x.login("user@example.com", "password123")`, "user:password@tcp(localhost:5555)/db", "7z x archive.7z -pictures", "sqlplus scott/tiger@orcl", "pa-nel and pa-ragraph", "-----END RSA PRIVATE KEY-----", "SAMLRequest=x", "unseal key 1 of 3",
	"apt\tlibc6\t2.36\napt\tlibpam-passwd\t1.5.2\napt\tlibgmpxx4ldbl:amd64\t6.2\n", "| token | count |\n|---|---|\n| MaxTokensV2 | 12 |\n", "func(user, password)\nf(Utf8, Garden5940!x)", "password, user and host\nGarden5940!", "id,token_count\n1,q8Zr2LmX5vT0bNcY7wKd\n",
	"INSERT INTO t (id, password_hash_kind) VALUES (1, 'Garden5940!x')", "(token) values", "INSERT INTO t (token) VALUES (?, ?)", "insert (password) values (x",
	"login: knight / world301", "Login: see README.md / docs", "credentials are username / password", "creds: ~/.aws / Config2", "user@example.com, Garden5940", "10.0.0.7:8080:12:Garden5940!", "a/password: x",
	"1 (Jane 2026-01-12 09:01:11 +0100  1)", "f(x, Y 2026-01-12 09:01:11 +0100 12)",
	"gp/hr +90976866, xp +55925237 +130344310", "now + 1700000000, x = +1700000000",
	"&quot;token&quot;: &lt;SECRET:token:1&gt;", "a &amp;&amp; b &quot;password&quot; &quot;",
	"the token - q8", "`key` - Utf8Int64Value", "tokens: ['▁Hello', 'Utf8Int64Value', '##ing']", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIq8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr2L root@box", `{"httpOnly": true, "value": "dark-and-high-contrast"}`, "requirepass is not set",
	"Generate credentials\ndocker/Setup2.md:16:1. Go", "2fb45d649b2aa6fb4d37cbfe80fc5ab369b50fef2fb45d649b2aa6fb4d37cbfe80fc5ab369b50fef HEAD@{18} x",
	// Drawings, files of homes, ids in URLs, and what goes on after a bracket.
	`<path d="M4.1 2v2c0 1.5-.8 2.8-2.12 43.51.98.32 2.03.5 3.11.5z"/>`, "at Object.<anonymous> (/home/index.js:1:15)", "https://acme.dev/case/4839201746583924",
	"registry_password: Annotated[\n    str | None,", "planning_pass=MemoryPlanningPass(\n    x", `key = f"{uuid.uuid4()}.json"`, "`protobuf_key:\"zigzag32,1,opt,name=key\" protobuf_val:\"bytes\"`",
	"\"Auth-Enforced\":                      \"PASS\",\n\"ClientAuth-Enforced-TLS13\":            \"PASS\",",
}

func TestLeavesAlone(t *testing.T) {
	d := newDetector(t, Options{})
	for _, text := range lookAlikes {
		assert.Equal(t, text, marked(d, text))
	}
}

// Each of these texts would take time by the square of its length if every name in it searched its whole line or object.
func TestHostileTextsEnd(t *testing.T) {
	d := newDetector(t, Options{})
	row := strings.Repeat("password,", 440)
	for _, part := range []string{"password,", `"kty" "httponly"`, row + "x\n" + row + "x,x\n" + strings.Repeat("a b;", 500) + "\n"} {
		text := strings.Repeat(part, 1<<19/len(part)) + "\n\npassword=Garden5940!"
		found := d.Find(text)
		require.NotEmpty(t, found)
		require.Equal(t, "Garden5940!", text[found[len(found)-1].Start:])
	}
}

func TestListedNames(t *testing.T) {
	d := newDetector(t, Options{Names: []string{"Jane Roe", "Li", "İlker", "Groß", "Γιώργος", "Işık", "Zoë", "李", "Q", "C++", "a.b"}, Block: []string{`\b7X\b`}})
	for _, want := range []string{
		"", "R", "⟦Q⟧", "⟦7X⟧", "⟦Li⟧", "a ⟦li⟧, not Lia", "⟦李⟧", "⟦jane\n ROE⟧'s", "Janey Roe", "⟦İlker⟧ and ⟦İLKER⟧", "⟦ilker⟧", "⟦Groß⟧, ⟦GROSS⟧ and ⟦GROẞ⟧, but großes",
		"⟦Γιώργος⟧ or ⟦ΓΙΏΡΓΟΣ⟧", "⟦IŞIK⟧", "_⟦Zoe\u0308⟧_", "⟦ZOË⟧", "⟦C++⟧; C--; -home-⟦a-b⟧-x",
	} {
		assert.Equal(t, want, marked(d, unmark.Replace(want)))
	}
}

func TestEncoded(t *testing.T) {
	d := newDetector(t, Options{})
	encoded := base64.StdEncoding.EncodeToString([]byte("GH_TOKEN=ghp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro"))
	require.Equal(t, "echo ⟦"+encoded+"⟧ | base64 -d", marked(d, "echo "+encoded+" | base64 -d"))
	require.Equal(t, "next=postgres%3A%2F%2Fapp%3A⟦q8Zr2%21LmX5vT0⟧%40db%2Fx", marked(d, "next="+url.QueryEscape("postgres://app:q8Zr2!LmX5vT0@db/x")))
	require.Equal(t, "50%⟦%67hp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro⟧", marked(d, "50%%67hp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro"))
}

func TestAllowanceOfALine(t *testing.T) {
	text := "first\nof this program key =\n  value # for a test\nlast"
	from, to := strings.Index(text, "key"), strings.Index(text, " #")
	a := allowance{Allowlist: Allowlist{Target: "line"}}
	require.Equal(t, "of this program key =\n  value # for a test", a.target(text, from, to, "value"), "all lines of the match")
	require.Equal(t, "last", a.target(text, len(text)-2, len(text), "st"))
}

// TestLongEncodedTextEnds would take minutes if decoded text were checked once for each of its letters beyond ASCII.
func TestLongEncodedTextEnds(t *testing.T) {
	d := newDetector(t, Options{})
	inner := "GH_TOKEN=ghp_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Ro\n" + strings.Repeat("Ж", 150<<10)
	encoded := base64.StdEncoding.EncodeToString([]byte(inner))
	require.Equal(t, []Finding{{Start: 2, End: 2 + len(encoded), Kind: Secret, Rule: "github-pat"}}, d.Find("x "+encoded+"\ny"))
}

// TestManyAddressesEnd would take minutes if each address were compared with all that was found before it.
func TestManyAddressesEnd(t *testing.T) {
	d := newDetector(t, Options{Kinds: []Kind{Email}})
	const n = 100_000
	require.Len(t, d.Find(strings.Repeat("jane.roe@doerner-web.org\n", n)), n)
	require.Len(t, d.Find("jane.roe@doerner-web.org@doerner-web.org"), 1, "what ends at an @ is found")
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "a\tb\r\n": true, "\x00": false, "a\x7f": false, "pass\xe4word": true, "pass\xe4word of mine": false, "pässword of mine": true, "pässword of mine\x01": false,
	} {
		require.Equal(t, want, printable([]byte(text)), "%q", text)
	}
}

// TestAnyWordIsLookedUp: even the longest one, and in capitals.
func TestAnyWordIsLookedUp(t *testing.T) {
	for word := range nouns {
		require.Equal(t, nouns[word], in(nouns, strings.ToUpper(word)), word)
	}
	for word := range followers {
		require.True(t, in(followers, word), word)
	}
}

// TestFieldsWithBlanks: a password that a mail service shows in groups is also found in a field; a sentence is not.
func TestFieldsWithBlanks(t *testing.T) {
	d := newDetector(t, Options{})
	require.Len(t, d.FindValue("smtp_password", "kqvb ytjw jvkr tfvy"), 1)
	require.Empty(t, d.FindValue("password", "at least eight characters, of which two are digits (0-9)"))
}

// The gap before a value is what the expression matches, also where it is measured without the expression.
func TestGapIsWhatTheExpressionMatches(t *testing.T) {
	pieces := []string{`"`, `'`, ":", "=", " ", "\t", "\n", "-", ">", "|", "!", "&", "S", "SecretStr(", "*", "**", "]", `\`, "value", "Value", "x", "vala", "1", ",", "{", "value: ", "é", ".", "[", "x = "}
	lot := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		text := ""
		for range lot.IntN(9) {
			text += pieces[lot.IntN(len(pieces))]
		}
		require.Equal(t, len(between().FindString(text)), gap(text), "%q", text)
		require.False(t, !mayAnnotate(text) && annotated().MatchString(text), "%q", text)
	}
}
