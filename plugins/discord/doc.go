// Package discord reads the request logs of a Discord bot that calls tools.
//
// The logs are files named conversations_*.jsonl, perhaps compressed, one record a line. The records of one request share its
// request_id, and records of several requests may be interleaved. Fields in brackets are recommended to those who improve their
// bot's logging: the source reads them if they are there. Other fields are not read.
//
//	request    request_id, timestamp, message, task_type, user_id, username,
//	           [display_name, system, game_state, model]
//	tool_call  request_id, timestamp, tool, arguments, result, [server, step, outcome, error]
//	response   request_id, timestamp, response, error, [outcome, model]
//	error      request_id, timestamp, error, [stage]
//	feedback   [request_id, timestamp, rating, comment]
//
// What the recommended fields hold:
//
//	result     the tool's whole answer, never shortened: a model learns to read what tools really say
//	outcome    "success" or "failure", of a call or of the whole request, as the bot found out afterwards
//	error      why a call failed
//	rating     what the user thought of the answer: "up" or "down", or a number above or below zero
//	comment    what the user said about it
//	step       the number of the model's answer that asked for the call; calls of one step were asked for together
//	stage      of an error: "delivery" when only the sending of the answer failed, else "action"
//	system     the system prompt, and model the name of the model
//	game_state what the bot told the model about the game, as JSON
//
// A request and what followed it become one example. Calls are sequential, each asked for after the earlier one was
// answered, unless they have the same step or, without steps, were logged within 20 ms: no model answers so fast. A
// request without a response ends with its last result and is labelled unfinished.
//
// An error that Discord's own API gave, such as "cannot send an empty message", is a fault of delivery: the request was
// still served. Any other error, the outcome "failure", or a last call that failed makes the request a failed one. It
// stays, with its failure marked, so that the quality filter scores it low; with failures = "negative" it becomes an
// example of what not to do.
//
// User names and ids stay out of the examples. The fields are not copied. Where an example says them, a name is replaced by
// "user", an id by 0 and a mention by "@user", but not names of up to two bytes and ids of up to five.
package discord
