// Package party says who is on the other side of a conversation.
package party
