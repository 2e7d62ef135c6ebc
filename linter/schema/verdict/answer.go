package verdict

import (
	"regexp"
	"strconv"
	"strings"
)

// entry is one line of kubeconform's answer, with the lines that stand below it.
type entry struct {
	depth   int
	pointer string
	text    string
	causes  []*entry
}

// parseAnswer reads the tree of faults out of kubeconform's text, in which the lines of
//
//	jsonschema validation failed with '<file>'
//	- at '<pointer>': <text>
//	  - at '<pointer>': <text>
//
// are joined by spaces. Its structured answer holds the first level only.
func parseAnswer(answer string) []*entry {
	root := &entry{depth: -1}
	branch := []*entry{root}
	for _, e := range splitAnswer(answer) {
		for branch[len(branch)-1].depth >= e.depth {
			branch = branch[:len(branch)-1]
		}
		parent := branch[len(branch)-1]
		parent.causes = append(parent.causes, e)
		branch = append(branch, e)
	}
	return root.causes
}

const entryStart = "- at '"

// splitAnswer cuts the text at its entries. What stands in quotes is an object's and may look like an entry.
func splitAnswer(answer string) []*entry {
	var entries []*entry
	textStart := 0
	finish := func(textEnd int) {
		if len(entries) > 0 {
			text := strings.TrimRight(answer[textStart:textEnd], " ")
			entries[len(entries)-1].text = strings.TrimPrefix(text, ": ")
		}
	}
	for i := 0; i < len(answer); {
		switch {
		case strings.HasPrefix(answer[i:], entryStart):
			finish(i)
			indent := i - len(strings.TrimRight(answer[:i], " "))
			pointer, end := quotedAt(answer, i+len(entryStart)-1)
			entries = append(entries, &entry{depth: indent / 2, pointer: pointer})
			i, textStart = end, end
		case answer[i] == '\'':
			_, i = quotedAt(answer, i)
		default:
			i++
		}
	}
	finish(len(answer))
	return entries
}

// afterQuoted is what follows a quoted string in the texts of jsonschema.
var afterQuoted = regexp.MustCompile(`^(?:$|, '| not allowed| does not match pattern '| is not valid | +- at ')`)

// quotedAt reads the quoted string that begins at start, and gives the index behind it. A quote inside a string has a
// backslash before it; but jsonschema also writes strings that end with a backslash in that way, so what follows
// decides.
func quotedAt(s string, start int) (value string, end int) {
	for end = start + 1; end < len(s) && s[end] != '\''; end++ {
		if s[end] != '\\' {
			continue
		}
		end++
		if end < len(s) && s[end] == '\'' && afterQuoted.MatchString(s[end+1:]) {
			break
		}
	}
	end = min(end, len(s))
	return unquote(s[start+1 : end]), min(end+1, len(s))
}

// quoted lists the quoted strings in s.
func quoted(s string) []string {
	var values []string
	for i := 0; i < len(s); {
		if s[i] != '\'' {
			i++
			continue
		}
		var value string
		value, i = quotedAt(s, i)
		values = append(values, value)
	}
	return values
}

// unquote undoes what jsonschema does to a string: it quotes it as Go does, but with single quotes.
func unquote(s string) string {
	var double strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			double.WriteString(`\"`)
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '\'':
			double.WriteByte('\'')
			i++
		case s[i] == '\\' && i+1 == len(s):
			double.WriteString(`\\`)
		case s[i] == '\\':
			double.WriteString(s[i : i+2])
			i++
		default:
			double.WriteByte(s[i])
		}
	}
	value, err := strconv.Unquote(`"` + double.String() + `"`)
	if err != nil {
		return s
	}
	return value
}
