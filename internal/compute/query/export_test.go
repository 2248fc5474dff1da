package query

import "strings"

// Reviewed says whether a function of the engine is on a side of the sandbox.
func Reviewed(name string) bool {
	return newAllowance(Warehouse).scalar[name] || denied(name)
}

// Allowed is the list of functions.
func Allowed() []string { return strings.Fields(functionList) }
