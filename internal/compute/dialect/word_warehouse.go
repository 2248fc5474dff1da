package dialect

// warehouseWords are the words of the warehouse's queries that are not said the
// same way to the engine.
func warehouseWords() map[string]wordRule {
	return map[string]wordRule{}
}

// castSuffix translates operand::type.
func (t *translator) castSuffix(i, end int) int {
	mark := t.prim
	t.verbatim(i)
	t.prim = mark
	return i + 1
}

// warehouseCall translates a call; the words of its name end at i.
func (t *translator) warehouseCall(_, i, _ int) int {
	mark := t.operand()
	t.identifier(i)
	t.prim = -1
	shut := t.match[i+1]
	t.verbatim(i + 1)
	t.span(i+2, shut)
	t.verbatim(shut)
	t.prim = mark
	return shut + 1
}
