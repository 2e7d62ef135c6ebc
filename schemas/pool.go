package schemas

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// minShared is the size of the smallest node that gets a line of its own because two nodes hold it.
const minShared = 40

// pool takes nodes apart so that equal ones are kept once.
type pool struct {
	numbers  map[string]int // by text
	subtrees []subtree
	named    map[Name]int // the lines of nodes that contain themselves
	lines    nodes
	err      error
}

// subtree is a node whose children are numbers of subtrees.
type subtree struct {
	node Node
	size int // of the whole text, about
	uses int
	line int // -1: it has none
}

func newPool() *pool { return &pool{numbers: map[string]int{}, named: map[Name]int{}} }

// add gives the number of the subtree that equals n.
func (p *pool) add(n Node) int {
	var children []int
	shallow := rebuild(n, func(_, _ string, child Node) Node {
		i := p.add(child)
		children = append(children, i)
		return reference(i)
	})
	text, err := json.Marshal(shallow)
	if err != nil {
		p.err = err
	}
	if i, ok := p.numbers[string(text)]; ok {
		return i
	}
	size := len(text)
	for _, i := range children {
		p.subtrees[i].uses++
		size += p.subtrees[i].size
	}
	p.numbers[string(text)] = len(p.subtrees)
	p.subtrees = append(p.subtrees, subtree{node: shallow, size: size, line: -1})
	return len(p.subtrees) - 1
}

// line gives the line of a subtree, which it makes where there is none yet.
func (p *pool) line(number int) int {
	t := &p.subtrees[number]
	if t.line >= 0 {
		return t.line
	}
	name, named := t.node["$name"].(Name)
	if !named {
		n := p.expand(t.node)
		t.line = p.lines.append(n)
		return t.line
	}
	t.line = p.lines.append(nil)
	p.named[name] = t.line
	n := p.expand(t.node)
	delete(n, "$name")
	p.lines.parsed[t.line] = n
	return t.line
}

// expand puts the children back into a subtree: those that are shared as references to their lines.
func (p *pool) expand(n Node) Node {
	return rebuild(n, func(_, _ string, child Node) Node {
		i, err := lineOf(child)
		if err != nil {
			p.err = err
			return nil
		}
		t := p.subtrees[i]
		if name, ok := t.node["$ref"].(Name); ok {
			return p.back(name)
		}
		_, named := t.node["$name"]
		if named || t.line >= 0 || t.uses > 1 && t.size >= minShared {
			return reference(p.line(i))
		}
		return p.expand(t.node)
	})
}

// back is the reference of a node to one that it stands in.
func (p *pool) back(name Name) Node {
	line, ok := p.named[name]
	if !ok {
		p.err = fmt.Errorf("no schema around it is named %q", name)
	}
	return reference(line)
}

func reference(line int) Node { return Node{"$ref": json.Number(strconv.Itoa(line))} }

// lineOf gives the line that n refers to, -1 where it is no reference.
func lineOf(n Node) (int, error) {
	ref, ok := n["$ref"]
	if !ok {
		return -1, nil
	}
	number, ok := ref.(json.Number)
	if !ok {
		return 0, fmt.Errorf("reference %v: want the number of a line", ref)
	}
	return strconv.Atoi(string(number))
}
