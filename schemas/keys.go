package schemas

// Keys gives the fields by which the items of a list are told apart; the empty one is the item itself, and where there is none
// the list is one value. at is the way to the list in an object of the kind, in which any step leads to an item of a list. known
// is false where the schema of the newest version of Kubernetes does not tell.
func (b *Bundle) Keys(apiVersion, kind string, at []any) (keys []string, known bool) {
	c, err := b.read()
	if err != nil { // who asks for a schema is told why
		return nil, false
	}
	line, found := c.line(apiVersion, kind, len(c.Kubernetes)-1)
	if !found {
		return nil, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := c.node(line)
	for _, step := range at {
		if err == nil {
			n, err = c.below(n, step)
		}
	}
	if err != nil {
		return nil, false
	}
	fields, keyed := n["keys"].([]any)
	for _, field := range fields {
		name, _ := field.(string)
		keys = append(keys, name)
	}
	if n["set"] == true {
		keys = []string{""}
	}
	return keys, keyed || n["set"] == true || n["atomic"] == true
}

// below gives the node of a field of an object, or of the items of a list; nil where there is none.
func (ns *nodes) below(n Node, step any) (Node, error) {
	child, ok := n["items"].(Node)
	if properties, isObject := n["properties"].(Node); isObject && !ok {
		name, _ := step.(string)
		child, ok = properties[name].(Node)
	}
	if !ok {
		child, _ = n["additionalProperties"].(Node)
	}
	line, err := lineOf(child)
	if err != nil || line < 0 {
		return child, err
	}
	return ns.node(line)
}
