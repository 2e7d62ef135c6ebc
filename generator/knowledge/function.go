package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"text/template/parse"
)

// functions gives those that do not hand on what they are given as a whole: a variable would refer to itself.
func functions() map[string]func(f *frame, a arguments) value {
	return map[string]func(f *frame, a arguments) value{
		"and": anyOf, "or": anyOf, "default": anyOf, "coalesce": anyOf, "ternary": anyOf, "required": anyOf, "deepCopy": anyOf, "mustDeepCopy": anyOf,
		"not": nothing, "empty": nothing, "eq": nothing, "ne": nothing, "lt": nothing, "le": nothing, "gt": nothing, "ge": nothing, "len": nothing,
		"kindIs": nothing, "kindOf": nothing, "typeOf": nothing, "typeIs": nothing, "typeIsLike": nothing,
		"merge": merged, "mustMerge": merged, "mergeOverwrite": merged, "mustMergeOverwrite": merged,
		"dict": dict, "list": list, "tuple": list, "index": index, "get": index, "dig": dig, "pluck": pluck, "pick": pick, "omit": named, "hasKey": hasKey, "unset": named,
		"set": set, "append": appended, "mustAppend": appended, "prepend": appended, "mustPrepend": appended, "concat": items, "rest": items, "mustRest": items,
		"initial": items, "mustInitial": items, "uniq": items, "mustUniq": items, "compact": items, "mustCompact": items, "reverse": items, "mustReverse": items,
		"first": item, "mustFirst": item, "last": item, "mustLast": item,
		"include": include, "tpl": tpl, "print": print, "printf": printf, "split": split, "splitList": split,
	}
}

// function gives what a function comes to.
func (f *frame) function(name string, a arguments) value {
	if known, ok := f.functions[name]; ok {
		return known(f, a)
	}
	f.handAll(a.values...)
	return unknown
}

func anyOf(f *frame, a arguments) value { return f.either(a.values...) }

func nothing(*frame, arguments) value { return unknown }

// fresh are the functions that make a mapping of their own.
var fresh = []string{"dict", "deepCopy", "mustDeepCopy", "fromYaml", "fromJson"}

// merged is any of the mappings. The first is changed: where that is not made on the spot, others may see it.
func merged(f *frame, a arguments) value {
	if len(a.values) > 1 && !isFresh(a.written[0]) {
		for _, v := range a.values[1:] {
			f.lose(v)
		}
	}
	return f.either(a.values...)
}

func isFresh(n parse.Node) bool {
	p, ok := n.(*parse.PipeNode)
	if !ok {
		return false
	}
	name, ok := p.Cmds[len(p.Cmds)-1].Args[0].(*parse.IdentifierNode)
	return ok && slices.Contains(fresh, name.Ident)
}

func dict(f *frame, a arguments) value {
	below := map[string]value{}
	for i := 0; i+1 < len(a.values); i += 2 {
		keys, ok := a.values[i].keys()
		if !ok {
			keys = []string{anywhere}
		}
		for _, key := range keys {
			below[key] = f.either(below[key], a.values[i+1])
		}
	}
	return f.mapping(below)
}

func list(f *frame, a arguments) value {
	below := map[string]value{}
	for i, v := range a.values {
		below[fmt.Sprint(i)] = v
	}
	return f.mapping(below)
}

// index goes down by keys. By one that is not known it may go anywhere.
func index(f *frame, a arguments) value {
	if len(a.values) == 0 {
		return unknown
	}
	v := a.values[0]
	for _, by := range a.values[1:] {
		v = f.down(v, by)
	}
	return v
}

func (f *frame) down(v, by value) value {
	keys, ok := by.keys()
	if !ok {
		return f.items(v)
	}
	var all []value
	for _, key := range keys {
		all = append(all, f.field(v, key))
	}
	return f.either(all...)
}

// dig is called with keys, what to take where nothing is there, and the mapping.
func dig(f *frame, a arguments) value {
	n := len(a.values)
	if n < 3 {
		return unknown
	}
	v := a.values[n-1]
	for _, by := range a.values[:n-2] {
		v = f.down(v, by)
	}
	return f.either(v, a.values[n-2])
}

func pluck(f *frame, a arguments) value {
	if len(a.values) < 2 {
		return unknown
	}
	return f.mapping(map[string]value{anywhere: f.down(f.either(a.values[1:]...), a.values[0])})
}

func pick(f *frame, a arguments) value {
	below := map[string]value{}
	for _, by := range a.values[min(1, len(a.values)):] {
		keys, ok := by.keys()
		if !ok {
			return a.values[0]
		}
		for _, key := range keys {
			below[key] = f.field(a.values[0], key)
		}
	}
	return f.mapping(below)
}

// named gives the mapping itself, of which keys are named.
func named(f *frame, a arguments) value {
	if len(a.values) == 0 {
		return unknown
	}
	for _, by := range a.values[1:] {
		if _, ok := by.keys(); ok {
			f.down(a.values[0], by)
		}
	}
	return a.values[0]
}

func hasKey(f *frame, a arguments) value {
	index(f, a)
	return unknown
}

func set(f *frame, a arguments) value {
	if len(a.values) != 3 {
		return unknown
	}
	f.down(a.values[0], a.values[1])
	f.lose(a.values[2])
	names, _ := a.values[2].keys()
	for _, name := range names { // which may be included where nobody sees what it is called
		f.call(f, name, unknown)
	}
	return a.values[0]
}

func appended(f *frame, a arguments) value {
	if len(a.values) == 0 {
		return unknown
	}
	all := append([]value{f.items(a.values[0])}, a.values[1:]...)
	return f.mapping(map[string]value{anywhere: f.either(all...)})
}

func items(f *frame, a arguments) value {
	return f.mapping(map[string]value{anywhere: item(f, a)})
}

func item(f *frame, a arguments) value { return f.items(f.either(a.values...)) }

// include reads the template that is called so. Where that is computed, it may be any.
func include(f *frame, a arguments) value {
	if len(a.values) < 2 {
		return unknown
	}
	names, ok := a.values[0].keys()
	if !ok {
		names = f.names
	}
	for _, name := range names {
		if !strings.HasPrefix(name, basePath) {
			f.call(f, name, a.values[1])
		}
	}
	return unknown
}

// tpl makes a template of a text. Where that stands in values or files of the chart it is read as one by itself.
func tpl(f *frame, a arguments) value {
	if len(a.values) < 2 {
		return unknown
	}
	f.handAll(a.values[0])
	f.lose(a.values[1])
	return unknown
}

func print(f *frame, a arguments) value {
	text := ""
	for _, v := range a.values {
		keys, ok := v.keys()
		if !ok || len(keys) > 1 {
			f.handAll(a.values...)
			return unknown
		}
		text += keys[0]
	}
	return texts(text)
}

func printf(f *frame, a arguments) value {
	if len(a.values) == 0 {
		return unknown
	}
	parts := make([]any, len(a.values)-1)
	format, ok := a.values[0].keys()
	for i, v := range a.values[1:] {
		keys, is := v.keys()
		if is && strings.HasPrefix(keys[0], basePath) {
			return texts(basePath)
		}
		if ok = ok && is && len(keys) == 1; ok {
			parts[i] = keys[0]
		}
	}
	if !ok || len(format) != 1 || strings.Count(format[0], "%") != strings.Count(format[0], "%s") {
		f.handAll(a.values...)
		return unknown
	}
	return texts(fmt.Sprintf(format[0], parts...))
}

func split(f *frame, a arguments) value {
	if len(a.values) == 2 {
		by, ok := a.values[0].keys()
		of, both := a.values[1].keys()
		if ok && both && len(by) == 1 {
			var parts value
			for _, text := range of {
				for _, part := range strings.Split(text, by[0]) {
					parts = append(parts, texts(part)...)
				}
			}
			return f.mapping(map[string]value{anywhere: f.either(parts)})
		}
	}
	f.handAll(a.values...)
	return unknown
}
