# From logs to training data: `ftprep run` reads this file. It works on the sample in testdata/; for your own logs change
# the defaults below, or pass them: --var claude_projects=~/.claude/projects

variable "journals" {
  default = "testdata/journals"
}
variable "claude_projects" {
  default = "testdata/claude"
}
variable "discord_logs" {
  default = "testdata/discord"
}
variable "out" {
  default = "data"
}

# The tools that the model can call, as an MCP server's tools/list answer.
tools {
  file = "tools.json"
}

source "journal" "notes" {
  path = var.journals
}
source "discord" "bot" {
  path = var.discord_logs
}
source "claude" "sessions" {
  path  = var.claude_projects
  tools = ["mcp__*"] # only these calls, and the turns that they stand in
}

# Task types by what is called and asked. The first rule that matches wins, unless the log itself names the task type.
filter "label" "osrs" {
  rule {
    arguments = "*_LOOP *"
    task_type = "loop_command"
  }
  rule {
    tools     = ["start_client", "stop_client"]
    task_type = "client_management"
  }
  rule {
    tools     = ["get_*", "check_*", "query_*"]
    text      = "(?i)^(what|where|why|how|is|are|does|did|check|show|list|see|status)\\b"
    task_type = "status_query"
  }
  rule {
    text = "(?i)\\b(bank|deposit|withdraw)"
    tags = ["banking"]
  }
  rule {
    arguments = "KILL_LOOP *"
    tags      = ["combat"]
  }
  rule {
    arguments = "MINE_LOOP *"
    tags      = ["skilling"]
  }
}

filter "calls" "required" {} # a turn in which no tool is called teaches no calling

filter "quality" "ok" {
  min_score = 0.5
}
filter "quality" "strict" {
  min_score = 0.9
}

filter "dedup" "exact" {}

pipeline {
  filters = [filter.label.osrs, filter.calls.required, filter.quality.ok, filter.dedup.exact]
}

output "unified" "journals" {
  path    = "${var.out}/extracted/journal_training.jsonl"
  sources = [source.journal.notes]
}
output "unified" "sessions" {
  path    = "${var.out}/extracted/claude_sessions.jsonl"
  sources = [source.claude.sessions]
}

output "unified" "all" {
  path = "${var.out}/training/unified.jsonl"
}
output "chatml" "qwen" {
  path   = "${var.out}/training/chatml.txt"
  system = file("system.md")
}
output "axolotl" "sft" {
  path  = "${var.out}/training/axolotl.jsonl"
  types = ["direct_execution", "multi_step", "reasoning_chain"]
}

# ftprep stats --experiment base,strict shows both, a column each.
experiment "strict" {
  variables = { out = "data-strict" }
  filters   = [filter.label.osrs, filter.calls.required, filter.quality.strict, filter.dedup.exact]
}
