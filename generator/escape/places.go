package escape

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// HasControl reports whether a text holds anything that Text would show as an escape, a line break say.
func HasControl(text string) bool {
	return strings.ContainsFunc(strings.ToValidUTF8(text, "\x00"), isControl)
}

// Scalar writes a text as a scalar of YAML on one line, behind a key or a dash and not between brackets.
func Scalar(text string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.ToValidUTF8(text, "\uFFFD")}
	if HasControl(text) {
		n.Style = yaml.DoubleQuotedStyle
	}
	data, err := yaml.Marshal(&n)
	if err != nil {
		panic(err) // a text always encodes
	}
	return inStrings(strings.TrimSuffix(string(data), "\n"))
}

// word matches what a shell takes for one word as it stands.
var word = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// Shell writes a text as one word of a shell command.
func Shell(text string) string {
	if word.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// backticks matches what could end a code span.
var backticks = regexp.MustCompile("`+")

// Code writes a text as a code span of Markdown.
func Code(text string) string {
	fence := "`"
	for _, run := range backticks.FindAllString(text, -1) {
		if len(run) >= len(fence) {
			fence = run + "`"
		}
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + Text(text) + fence
}

// special matches what means something in a line of Markdown.
var special = regexp.MustCompile("[\\\\`*_{}\\[\\]<>#!|~&$]")

// Markdown writes a text as text of Markdown.
func Markdown(text string) string {
	return special.ReplaceAllString(Text(text), `\$0`)
}
